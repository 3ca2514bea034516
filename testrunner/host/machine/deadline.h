/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The deadlines of a machine: until its first record, and from then on. Pure; times in ms. */
#ifndef MACHINE_DEADLINE_H
#define MACHINE_DEADLINE_H

#include <stdbool.h>

/* From the request to quit until QEMU is killed. */
#define DEADLINE_QUIT_MS 5000

enum deadline_step {
	DEADLINE_WAIT, /* there is time left */
	DEADLINE_ASK,  /* ask QEMU where its processors are, and to quit */
	DEADLINE_KILL, /* it did not */
};

struct deadline {
	long long boot, run; /* how long each may take */
	long long start;     /* when QEMU was started */
	long long record;    /* when the first record was there; 0: not yet */
	long long asked;     /* when QEMU was asked to quit; 0: not yet */
	bool killed;
};

/* When deadline_step() has to be asked next. */
long long deadline_next(const struct deadline *deadline);
/* The step that is due at `now`. Each of DEADLINE_ASK and DEADLINE_KILL is answered once. */
enum deadline_step deadline_step(struct deadline *deadline, long long now);

#endif
