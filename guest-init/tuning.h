/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Limits, clock and kernel settings of a test machine. */
#ifndef TUNING_H
#define TUNING_H

/* `time`: seconds since the epoch, 0: leave the clock. What fails is noted. */
void tuning_apply(long long time);

#endif
