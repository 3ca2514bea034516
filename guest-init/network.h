/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The guest's network: itself. */
#ifndef NETWORK_H
#define NETWORK_H

/* Bring `lo` up, set the host name (NULL: a default). What fails is noted. */
void network_up(const char *hostname);

#endif
