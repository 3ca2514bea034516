/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Takes the results that another host sent, which is trusted with nothing. */
#ifndef PLAN_RECEIVED_H
#define PLAN_RECEIVED_H

#include "host/machine/run_plan.h"

/* The most bytes that a host may send back per kernel (BPFCHECK_RESULT_MB). */
long plan_received_limit(void);

enum received { RECEIVED, RECEIVED_NOTHING, RECEIVED_OTHER };

/*
 * Take FOLDER/result.tar as the results of `kernel`, run on `host`. There must be nothing but
 * files and folders in it, none larger than a host may send; only those are taken that a run
 * leaves. Which kernel and host they are about is known here.
 */
enum received plan_received_take(const struct plan *plan, const char *folder,
				 const struct plan_kernel *kernel, const char *host);

#endif
