/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The way of the records to the host. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "record.h"

struct channel {
	const char *name; /* as in hello, NULL: none was found */
	int fd;		  /* -1: records go nowhere */
	int err;	  /* of a write; nothing is sent any more */
	struct records records;
	size_t sent; /* bytes of records.data */
};

/* Open the best that the machine has. Returns 0 or -ENODEV. */
int channel_open(struct channel *channel, const char *nonce);

size_t channel_pending(const struct channel *channel);
size_t channel_room(const struct channel *channel);

/* Send what can be sent without waiting. Returns 0, or -errno once and for all. */
int channel_send(struct channel *channel);

/* Send everything (waiting at most `stall_ms` for each bit of progress), and see to it that the host has it. */
int channel_close(struct channel *channel, int stall_ms);

#endif
