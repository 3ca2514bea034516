/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Opens the console as descriptors 0 to 2 and writes lines for people to it. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "console.h"

void console_open(void)
{
	int fd;

	/* The kernel opened it for us only if the initramfs had the node. */
	mkdir("/dev", 0755);
	mknod("/dev/console", S_IFCHR | 0600, makedev(5, 1));
	fd = open("/dev/console", O_RDWR | O_NOCTTY);
	/* No console at all: keep 0 to 2 taken, so that nothing of ours lands there. */
	if (fd < 0)
		fd = open("/", O_RDONLY | O_DIRECTORY);
	for (int std = STDIN_FILENO; fd >= 0 && std <= STDERR_FILENO; std++)
		dup2(fd, std);
	if (fd > STDERR_FILENO)
		close(fd);
}

void say(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	dprintf(STDERR_FILENO, "bpfcheck: %s\n", line);
}
