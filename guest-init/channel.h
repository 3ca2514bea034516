/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The channel of records to the host, and the virtio-serial ports. */
#pragma once
#include "record.h"

extern struct channel {
	const char *name; /* as in hello; NULL: records go nowhere */
	int fd;
	int err; /* of a write; nothing is sent any more */
	struct relay relay;
	struct records records; /* those that wait to be sent */
} channel;

#define VIRTIO_CONSOLE "0x0003"
#define VIRTIO_9P      "0x0009"
bool virtio_present(const char *id);
/* Open a virtio-serial port by its name. Returns a descriptor, or -1 with errno. */
int port_open(const char *name, int flags);

void channel_open(void); /* the best that the machine has, if it has any */
/* Send without waiting. Returns 0, or -errno from the first failed write on. */
int channel_send(void);
int channel_close(void); /* after everything is sent, or the host takes nothing for 5 s */
