/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Network, limits, clock, randomness; kernel settings, of which most end the run when it goes wrong. */
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

static const struct {
	const char *path, *value;
} sysctls[] = {
	{ "/proc/sys/kernel/hostname", "bpfcheck" },
	{ "/proc/sys/kernel/panic", "-1" },
	{ "/proc/sys/kernel/panic_on_oops", "1" },
	{ "/proc/sys/kernel/softlockup_panic", "1" },
	{ "/proc/sys/kernel/hung_task_panic", "1" },
	/* 2 would also panic for a cgroup out of memory, which tests may cause. */
	{ "/proc/sys/vm/panic_on_oom", "1" },
	{ "/proc/sys/net/core/bpf_jit_enable", "1" },
};

void machine_prepare(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	/* Before 5.11 (commit d5299b67dd59) BPF maps count as locked memory. */
	struct rlimit memlock = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit files = { 1 << 20, 1 << 20 }; /* at most the default of fs.nr_open */
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	/* The kernel adds the addresses when lo comes up. */
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		failure_note("network", "lo", -errno);
	close(fd);
	if (setrlimit(RLIMIT_MEMLOCK, &memlock) || setrlimit(RLIMIT_NOFILE, &files))
		failure_note("limit", "memlock, nofile", -errno);
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++) {
		const char *value = sysctls[i].value;

		fd = open(sysctls[i].path, O_WRONLY | O_CLOEXEC);
		/* ENOENT: the kernel was built without it. */
		if (fd < 0 ? errno != ENOENT : write(fd, value, strlen(value)) < 0)
			failure_note("sysctl", sysctls[i].path, -errno);
		close(fd);
	}
}

/* Machines restored from one snapshot would all draw the same numbers. Four bits per digit. */
static void entropy_add(const char *digits)
{
	/* The ioctl's struct ends in an array without a size. */
	_Alignas(struct rand_pool_info) char buffer[sizeof(struct rand_pool_info) + 512];
	struct rand_pool_info *pool = (void *)buffer;
	size_t count = strnlen(digits, sizeof(buffer) - sizeof(*pool));
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);

	pool->entropy_count = (int)count * 4;
	pool->buf_size = (int)count;
	memcpy(pool->buf, digits, count);
	if (ioctl(fd, RNDADDENTROPY, pool) || ioctl(fd, RNDRESEEDCRNG))
		failure_note("entropy", "/dev/urandom", -errno);
	close(fd);
}

void machine_personalize(const struct settings *settings)
{
	struct timespec now = { settings->time_ms / 1000, settings->time_ms % 1000 * 1000000 };

	if (settings->entropy)
		entropy_add(settings->entropy);
	if (settings->time_ms && clock_settime(CLOCK_REALTIME, &now))
		failure_note("clock", "realtime", -errno);
}
