/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Network, name, limits, clock; kernel settings, so that what goes wrong in there ends the run. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "steps.h"

static const struct {
	const char *path, *value;
} sysctls[] = {
	{ "/proc/sys/kernel/panic", "-1" },
	{ "/proc/sys/kernel/panic_on_oops", "1" },
	{ "/proc/sys/kernel/softlockup_panic", "1" },
	{ "/proc/sys/kernel/hung_task_panic", "1" },
	/* 1: the machine's memory. 2 would panic for that of a cgroup, too, which tests may use up. */
	{ "/proc/sys/vm/panic_on_oom", "1" },
	{ "/proc/sys/net/core/bpf_jit_enable", "1" },
};

static void sysctl_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* ENOENT: the kernel was built without it. */
	if (fd < 0 ? errno != ENOENT : write(fd, value, strlen(value)) < 0)
		failure_note("sysctl", path, -errno);
	close(fd);
}

void machine_prepare(const char *hostname, long long time)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	/* Before 5.11 (commit d5299b67dd59) BPF maps count as locked memory. */
	struct rlimit memlock = { RLIM_INFINITY, RLIM_INFINITY };
	/* The default of fs.nr_open, above which it may not go. */
	struct rlimit files = { 1 << 20, 1 << 20 };
	struct timespec now = { .tv_sec = time };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	/* The kernel adds the addresses when lo comes up. */
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		failure_note("network", "lo", -errno);
	close(fd);
	hostname = hostname ? hostname : "bpfcheck";
	if (sethostname(hostname, strlen(hostname)))
		failure_note("network", "hostname", -errno);
	if (setrlimit(RLIMIT_MEMLOCK, &memlock) || setrlimit(RLIMIT_NOFILE, &files))
		failure_note("limit", "memlock, nofile", -errno);
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++)
		sysctl_write(sysctls[i].path, sysctls[i].value);
	if (time && clock_settime(CLOCK_REALTIME, &now))
		failure_note("clock", "realtime", -errno);
}
