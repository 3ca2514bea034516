/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the host attached over virtio. */
#ifndef VIRTIO_H
#define VIRTIO_H

#include <stdbool.h>

/* Device ids of the virtio specification, as sysfs writes them. */
#define VIRTIO_CONSOLE "0x0003"
#define VIRTIO_9P      "0x0009"

bool virtio_present(const char *device_id);

/* Open the serial port of that name, O_NONBLOCK. Returns the descriptor, -ENODEV if there is none, or -errno. */
int virtio_port_open(const char *name);

#endif
