/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The way of the records to the host, and what the host attached over virtio. */
#pragma once
#include "record.h"

/* Device ids of the specification, as sysfs writes them. */
#define VIRTIO_CONSOLE "0x0003"
#define VIRTIO_9P      "0x0009"

bool virtio_present(const char *device_id);

struct channel {
	const char *name; /* as in hello; NULL: there is none, records go nowhere */
	int fd;
	int err; /* of a write; nothing is sent any more */
	struct relay relay;
	struct records records;
	size_t sent; /* bytes of the records */
};

/* Open the best that the machine has. Returns 0, or -ENODEV with a channel to nowhere. */
int channel_open(struct channel *channel, const char *nonce);
size_t channel_pending(const struct channel *channel);
/* Send what can be sent without waiting. Returns 0, or -errno once and for all. */
int channel_send(struct channel *channel);
/* Send all, for at most `wait_ms`; see to it that the host has it. */
int channel_close(struct channel *channel, int wait_ms);
