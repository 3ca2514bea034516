/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sets limits, clock, and the kernel's settings: whatever goes wrong has to end the run, not be survived. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "report.h"
#include "tuning.h"

static const struct {
	const char *name;
	int resource;
	rlim_t value;
} limits[] = {
	/* Before 5.11 (commit d5299b67dd59) BPF maps are charged to it. */
	{ "memlock", RLIMIT_MEMLOCK, RLIM_INFINITY },
	/* The default of fs.nr_open, above which it may not go. */
	{ "nofile", RLIMIT_NOFILE, 1 << 20 },
};

static const struct {
	const char *path, *value;
} sysctls[] = {
	{ "/proc/sys/kernel/panic", "-1" },
	{ "/proc/sys/kernel/panic_on_oops", "1" },
	{ "/proc/sys/kernel/softlockup_panic", "1" },
	{ "/proc/sys/kernel/hung_task_panic", "1" },
	/* 1: when the machine is out of memory. 2 would panic for a memory cgroup's limit, which tests may reach. */
	{ "/proc/sys/vm/panic_on_oom", "1" },
	{ "/proc/sys/net/core/bpf_jit_enable", "1" },
};

static int sysctl_write(const char *path, const char *value)
{
	int err = 0;
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* ENOENT: the kernel was built without it. */
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (write(fd, value, strlen(value)) < 0)
		err = -errno;
	close(fd);
	return err;
}

void tuning_apply(long long time)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit = { limits[i].value, limits[i].value };

		if (setrlimit(limits[i].resource, &limit))
			failure_note("limit", limits[i].name, -errno);
	}
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++) {
		int err = sysctl_write(sysctls[i].path, sysctls[i].value);

		if (err)
			failure_note("sysctl", sysctls[i].path, err);
	}
	if (time) {
		struct timespec now = { .tv_sec = time };

		if (clock_settime(CLOCK_REALTIME, &now))
			failure_note("clock", "realtime", -errno);
	}
}
