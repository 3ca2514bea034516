// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Leaves no CPU time to anybody else, init included: the guest stops making progress, without a
 * word.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int write_setting(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%s", text) < 0) {
		perror(path);
		return -1;
	}
	return close(fd);
}

int main(void)
{
	const struct sched_param highest = { .sched_priority = 99 };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	/* Else the kernel keeps a share for the others. */
	if (write_setting("/proc/sys/kernel/sched_rt_runtime_us", "-1"))
		return 1;
	for (long i = 0; i < cpus; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("starve: fork");
			return 1;
		}
		if (pid > 0)
			continue;
		/* Not by the function: musl's only says ENOSYS. */
		if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &highest)) {
			perror("starve: sched_setscheduler");
			return 1;
		}
		for (;;)
			;
	}
	return 0;
}
