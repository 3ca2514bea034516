/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The rescue shell, and the terminal that it and Ctrl-C need. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report.h"
#include "rescue.h"

/* Applets are linked only now: a run that needs no shell does not pay for 300 links. */
static const char script[] =
	"busybox mkdir -p /bin; busybox --install -s /bin 2>/dev/null\n"
	"cat <<'END'\n"
	"\n"
	"bpfcheck rescue shell; leaving it powers off.\n"
	"  /bpfcheck/suite     probes, generators, tests:  testrunner run /bpfcheck/suite\n"
	"  /bpfcheck/settings  of this run; /bpfcheck/config: of the kernel; /bpfcheck/modules\n"
	"  /host               the shared folder, where the host attached one\n"
	"\n"
	"END\n"
	"exec sh -i";

/* /dev/console cannot be a controlling terminal; the device behind it can. */
static const char *terminal_path(void)
{
	static char path[64];
	char text[48] = "", *name;
	int fd = open("/sys/class/tty/console/active", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, text, sizeof(text) - 1) < 0)
			text[0] = '\0';
		close(fd);
	}
	text[strcspn(text, "\n")] = '\0';
	/* Several consoles: the last is the one behind /dev/console. */
	name = strrchr(text, ' ');
	snprintf(path, sizeof(path), "/dev/%s", !text[0] ? "console" : name ? name + 1 : text);
	return path;
}

void rescue_listen(void)
{
	int fd = open(terminal_path(), O_RDWR | O_NOCTTY | O_CLOEXEC);

	setsid();
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 1))
		failure_note("interactive", terminal_path(), -errno);
	/* The session keeps the terminal. */
	if (fd >= 0)
		close(fd);
}

const struct job *rescue_job(void)
{
	static char *const args[] = { "/bpfcheck/bin/busybox", "sh", "-c", (char *)script, NULL };
	static struct job job = { .args = args };

	job.terminal = terminal_path();
	return &job;
}
