/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Other hosts to run kernels on, which GNU parallel reaches by ssh and rsync. */
#ifndef PLAN_HOSTS_H
#define PLAN_HOSTS_H

#include "host/machine/run_plan.h"

struct hosts;

/* Read the file of --hosts. Exits with 2 when the file does not exist or names no host. */
struct hosts *plan_hosts_read(struct plan *plan);

/*
 * Ask each host that is still used what it lacks, and lay out what it is to get for these kernels.
 * A host that cannot be used is named with the reason. Returns false when none is left: each of
 * the kernels without a result has then the reasons for one.
 */
bool plan_hosts_prepare(struct hosts *hosts, struct plan_kernel *const *kernels, size_t count);
/* "on N hosts" */
const char *plan_hosts_where(const struct hosts *hosts);
/* The arguments of parallel, and its command; a row of its list for a kernel. */
void plan_hosts_arguments(const struct hosts *hosts, struct texts *arguments);
const char *plan_hosts_row(struct hosts *hosts, const struct plan_kernel *kernel);

/* Was this line said by a host about a kernel? Then it is kept. */
bool plan_hosts_said(struct hosts *hosts, const char *line);
/*
 * A job of `kernel` has ended on `login` with `status`. Take the results that came back: true, and
 * the verdict's line, when they are results. Otherwise the host is used no longer.
 */
bool plan_hosts_take(struct hosts *hosts, const struct plan_kernel *kernel, const char *login,
		     int status, char **verdict);
/* Has the kernel a result, which is not that one host could not run it? */
bool plan_hosts_settled(const struct hosts *hosts, const struct plan_kernel *kernel);

#endif
