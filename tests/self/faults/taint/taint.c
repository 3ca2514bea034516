// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Marks the kernel as one that has warned, as a WARN_ON would. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/proc/sys/kernel/tainted", O_WRONLY | O_CLOEXEC);

	/* TAINT_WARN, Documentation/admin-guide/tainted-kernels.rst. */
	if (fd < 0 || dprintf(fd, "512") < 0 || close(fd)) {
		perror("/proc/sys/kernel/tainted");
		return 1;
	}
	printf("{\"pid\": %d}\n", getpid());
	return 0;
}
