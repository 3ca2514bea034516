/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Network, name, limits, clock, randomness; kernel settings that end the run at the first oops, lockup or OOM. */
#include <fcntl.h>
#include <linux/random.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "machine.h"
#include "report.h"

#define HOSTNAME "bpfcheck"

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

void machine_prepare(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	/* Before 5.11 (commit d5299b67dd59) BPF maps count as locked memory. */
	struct rlimit memlock = { RLIM_INFINITY, RLIM_INFINITY };
	/* The default of fs.nr_open, above which it may not go. */
	struct rlimit files = { 1 << 20, 1 << 20 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	/* The kernel adds the addresses when lo comes up. */
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		failure_note("network", "lo", -errno);
	close(fd);
	if (setrlimit(RLIMIT_MEMLOCK, &memlock) || setrlimit(RLIMIT_NOFILE, &files))
		failure_note("limit", "memlock, nofile", -errno);
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++)
		sysctl_write(sysctls[i].path, sysctls[i].value);
}

/*
 * Machines restored from one snapshot would all draw the same numbers. Digits are as good as the
 * bits they stand for: what is added is hashed, and counted as four bits each.
 */
static int entropy_add(const char *digits)
{
	struct {
		struct rand_pool_info info;
		char data[512];
	} pool = { .info = { .entropy_count = (int)strlen(digits) * 4,
			     .buf_size = (int)strlen(digits) } };
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC), err = 0;

	memcpy(pool.data, digits, pool.info.buf_size);
	if (ioctl(fd, RNDADDENTROPY, &pool) || ioctl(fd, RNDRESEEDCRNG))
		err = -errno;
	close(fd);
	return err;
}

void machine_personalize(const struct settings *settings)
{
	struct timespec now = { settings->time_ms / 1000, settings->time_ms % 1000 * 1000000 };
	int err = settings->entropy ? entropy_add(settings->entropy) : 0;

	if (err)
		failure_note("entropy", "/dev/urandom", err);
	if (sethostname(HOSTNAME, strlen(HOSTNAME)))
		failure_note("hostname", HOSTNAME, -errno);
	if (settings->time_ms && clock_settime(CLOCK_REALTIME, &now))
		failure_note("clock", "realtime", -errno);
}
