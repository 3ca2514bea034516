// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Says when a machine has had its time. */
#include "host/machine/deadline.h"

#include <limits.h>

long long deadline_next(const struct deadline *deadline)
{
	if (deadline->killed)
		return LLONG_MAX;
	if (deadline->asked)
		return deadline->asked + DEADLINE_QUIT_MS;
	if (deadline->record)
		return deadline->record + deadline->run;
	return deadline->start + deadline->boot;
}

enum deadline_step deadline_step(struct deadline *deadline, long long now)
{
	if (now < deadline_next(deadline))
		return DEADLINE_WAIT;
	if (deadline->asked) {
		deadline->killed = true;
		return DEADLINE_KILL;
	}
	deadline->asked = now;
	return DEADLINE_ASK;
}
