/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The channel of records to the host, and the virtio-serial ports. */
#pragma once
#include "record.h"

extern struct channel {
	const char *name; /* as in hello; NULL: records go nowhere */
	int fd, err;	  /* err: -errno of a write, after which nothing is sent */
	struct relay relay;
	struct records records; /* those that wait to be sent */
} channel;

#define VIRTIO_9P "0x0009"
bool virtio_present(const char *id); /* is there a virtio device of this kind? */
/* Open a virtio-serial port by its name. Returns a descriptor, or -1 with errno. */
int port_open(const char *name, int flags);
void channel_open(void); /* the best that the machine has, if it has any */
int channel_send(void);	 /* without waiting; returns channel.err */
int channel_close(void); /* when all is sent, or the host takes nothing for 5 s; returns the same */
