/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Modules, network, name, limits, clock; kernel settings, so that what goes wrong ends the run. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/random.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "init.h"

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

char module_failed[sizeof("load module ") + NAME_MAX];

int modules_load(const char *folder)
{
	struct dirent **entries = NULL;
	int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int count = scandir(folder, &entries, NULL, alphasort), err = 0;

	for (int i = 0; i < count; free(entries[i++])) {
		const char *name = entries[i]->d_name;
		int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC);

		/* EEXIST: built in, or loaded already. */
		if (*name != '.' && syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST) {
			err = -errno;
			snprintf(module_failed, sizeof(module_failed), "load module %s", name);
			failure_note("module", name, err);
		}
		close(fd);
	}
	free(entries);
	close(folder_fd);
	return err;
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
	/* The ioctl's struct ends in an array without a size. */
	_Alignas(struct rand_pool_info) char buffer[sizeof(struct rand_pool_info) + 512];
	struct rand_pool_info *pool = (void *)buffer;
	size_t count = strnlen(digits, sizeof(buffer) - sizeof(*pool));
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC), err = 0;

	pool->entropy_count = (int)count * 4;
	pool->buf_size = (int)count;
	memcpy(pool->buf, digits, count);
	if (ioctl(fd, RNDADDENTROPY, pool) || ioctl(fd, RNDRESEEDCRNG))
		err = -errno;
	close(fd);
	return err;
}

void machine_personalize(const struct settings *settings)
{
	struct timespec now = { settings->time_ms / 1000, settings->time_ms % 1000 * 1000000 };
	const char *hostname = settings->hostname ?: "bpfcheck";
	int err = settings->entropy ? entropy_add(settings->entropy) : 0;

	if (err)
		failure_note("entropy", "/dev/urandom", err);
	if (sethostname(hostname, strlen(hostname)))
		failure_note("hostname", hostname, -errno);
	if (settings->time_ms && clock_settime(CLOCK_REALTIME, &now))
		failure_note("clock", "realtime", -errno);
}
