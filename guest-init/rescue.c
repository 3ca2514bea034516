/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The rescue shell and its terminal. */
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "report.h"
#include "rescue.h"

#define BUSYBOX "/bpfcheck/bin/busybox"

/* What is run by hand is no part of the run: no records from the shell. */
static char script[] =
	"unset BPFCHECK_RECORDS_FD; exec >&0 2>&0 3>&-; cat <<'END'; exec sh -i\n\n"
	"bpfcheck rescue shell; leaving it powers off.\n"
	"  /bpfcheck/suite     probes, generators and tests:  testrunner run /bpfcheck/suite\n"
	"  /bpfcheck/settings  of this run; /bpfcheck/config and /bpfcheck/modules: the kernel's\n"
	"  /host               the folder shared with the host, if there is one\n"
	"\n"
	"END\n";
char *const rescue_args[] = { BUSYBOX, "sh", "-c", script, NULL };

/* For those who type commands only: a run of tests does not pay for 300 links. */
void rescue_applets(void)
{
	static char *const args[] = { BUSYBOX, "--install", "-s", "/bin", NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	/* Another root has its own. */
	if (!access("/bin/ls", X_OK))
		return;
	posix_spawn_file_actions_init(&actions);
	/* It complains about links that are there. */
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (!posix_spawn(&pid, *args, &actions, NULL, args, environ))
		waitpid(pid, NULL, 0);
	posix_spawn_file_actions_destroy(&actions);
}

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
