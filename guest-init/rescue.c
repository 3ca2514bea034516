/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The rescue shell and its terminal. */

#include "init.h"

/*
 * Applets are linked only now: a run that needs no shell does not pay for 300 links. What is run by
 * hand is no part of the run: no records from the shell.
 */
static char script[] =
	"PATH=$PATH:/bpfcheck/bin; busybox [ -e /bin/ls ] || busybox --install -s /bin 2>/dev/null\n"
	"unset BPFCHECK_RECORDS_FD; exec >&0 2>&0 3>&-; cat <<'END'; exec sh -i\n\n"
	"bpfcheck rescue shell; leaving it powers off.\n"
	"  /bpfcheck/suite     probes, generators and tests:  testrunner run /bpfcheck/suite\n"
	"  /bpfcheck/settings  of this run; /bpfcheck/config and /bpfcheck/modules: the kernel's\n"
	"  /host               the folder shared with the host, if there is one\n"
	"\n"
	"END\n";
char *const rescue_args[] = { "/bpfcheck/bin/busybox", "sh", "-c", script, NULL };

const char *rescue_terminal(void)
{
	static char path[64];
	char active[48], *last;

	/* The last of them is /dev/console. */
	file_read("/sys/class/tty/console/active", active, sizeof(active));
	last = strrchr(active, ' ');
	snprintf(path, sizeof(path), "/dev/%s", last ? last + 1 : active);
	*strchrnul(path, '\n') = '\0';
	return path;
}
