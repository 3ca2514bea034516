// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Runs a machine from its start, cold or warm, to its end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/folder.h"
#include "host/machine/accel.h"
#include "host/machine/files.h"
#include "host/machine/initrd.h"
#include "host/machine/message.h"
#include "host/machine/path.h"
#include "host/machine/run.h"

/* Within that, a restored machine answers: after 0.1 s on a host that is idle, after 2 s on a busy one. */
#define WARM_S 5
/* init keeps the payload's own deadline; only if it cannot, the machine is ended from here. */
#define GRACE_S 15
/* As long as init gives to collecting files. */
#define COLLECT_S	    60
#define SNAPSHOT_MB_DEFAULT 4096
#define CONSOLE_MAX	    (16 * 1024 * 1024)
#define SUITE_MAX	    (1024L * 1024 * 1024)

static long run_seconds(const struct run *run)
{
	return run->options.timeout + (run->options.collect.count ? COLLECT_S : 0) + GRACE_S;
}

static void guest_changed(void *context)
{
	struct run *run = context;

	streams_look(&run->streams);
}

static void guest_answered(void *context)
{
	struct run *run = context;

	streams_feed(&run->streams, run->guest.input);
}

static void guest_prepare(struct run *run)
{
	guest_init(&run->guest, &run->machine);
	if (!run->machine.streams)
		return;
	run->guest.changed = guest_changed;
	run->guest.answered = guest_answered;
	run->guest.context = run;
}

/* Its name may have a comma, which means something to QEMU. */
static void root_link(const struct run *run, int folder)
{
	if (run->machine.root == ROOT_NONE || run->machine.root == ROOT_INITRAMFS)
		return;
	unlinkat(folder, "root", 0);
	if (symlinkat(run->root.path, folder, "root"))
		die(EXIT_INFRA, "link the root: %s", strerror(errno));
}

static void suite_begin(struct run *run)
{
	suite_segment_begin(&run->segment, run->suite, *run->btf ? run->btf : NULL, run->build,
			    run->options.packer);
}

/* The console of a restored machine begins with that of the saved one. */
static void console_begin(const struct run *run)
{
	char path[PATH_MAX], *text;
	size_t len;
	int fd;

	path_set(path, "%s/console.log", run->snapshot.path);
	if (file_read(path, CONSOLE_MAX, &text, &len))
		return;
	fd = openat(run->results.folder, "console.log",
		    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd >= 0 && len)
		(void)!write(fd, text, len);
	if (fd >= 0)
		close(fd);
	free(text);
}

/* QEMU starts while the suite is packed. */
static void run_warm(struct run *run)
{
	const struct guest_files files = { -1, run->snapshot.memory, run->snapshot.state };
	char *suite = NULL;
	size_t len = 0;

	console_begin(run);
	run->begun = clock_wall_ms();
	guest_prepare(run);
	guest_start(&run->guest, START_RESTORE, run->results.path, run->results.folder, &files,
		    WARM_S, run_seconds(run));
	suite_begin(run);
	run_settings(run, SETTINGS_RESTORED);
	suite_segment_finish(&run->segment);
	if (run->suite && file_read(run->segment.path, SUITE_MAX, &suite, &len))
		die(EXIT_INFRA, "%s: cannot be read", run->segment.path);
	guest_send(&run->guest,
		   (struct guest_part[]){ { run->settings, run->settings_len }, { suite, len } });
	guest_run(&run->guest);
	free(suite);
}

/* All segments in one file. */
static int initrd_provide(struct run *run, enum settings_for purpose)
{
	const char *paths[5], **at = paths;

	suite_begin(run);
	run_settings(run, purpose);
	suite_segment_finish(&run->segment);
	*at++ = run->options.base;
	*at++ = run->modules;
	if (*run->root.segment)
		*at++ = run->root.segment;
	if (run->suite)
		*at++ = run->segment.path;
	*at = NULL;
	return initrd_make(paths, run->settings, run->settings_len);
}

static void run_cold(struct run *run)
{
	struct guest_files files = { -1, -1, -1 };

	run->begun = clock_wall_ms();
	files.initrd = initrd_provide(run, SETTINGS_BOOT);
	guest_prepare(run);
	root_link(run, run->results.folder);
	guest_start(&run->guest, START_BOOT, run->results.path, run->results.folder, &files,
		    run->options.boot_timeout, run_seconds(run));
	close(files.initrd);
	guest_run(&run->guest);
}

/* Sets run->warm. */
static void snapshot_find(struct run *run)
{
	const char *max_mb = getenv("BPFCHECK_SNAPSHOT_MB");
	const struct snapshot_want want = {
		.machine = &run->machine,
		.build = run->build,
		.name = run->name,
		.base = run->options.base,
		.modules = run->modules,
		.cpuinfo = run->cpuinfo,
		.boot_timeout = run->options.boot_timeout,
		.max_mb = max_mb && *max_mb ? strtol(max_mb, NULL, 10) : SNAPSHOT_MB_DEFAULT,
		.quiet = run->options.brief,
	};
	char reason[512];

	if (run->options.cold || run->options.init || run->options.root)
		return;
	run->warm = snapshot_open(&run->snapshot, &want, reason, sizeof(reason));
	if (!run->warm && run->options.warm)
		die(EXIT_INFRA, "%s: no warm start: %s", run->name, reason);
}

static void start_and_run(struct run *run)
{
	snapshot_find(run);
	if (run->warm)
		run_warm(run);
	if (run->warm && !run->options.silent && !results_have_record(run->results.folder)) {
		say("%s: a saved machine did not answer within %d s; dropped it, and booting instead",
		    run->name, WARM_S);
		streams_unfeed(&run->streams);
		guest_end(&run->guest);
		snapshot_drop(&run->snapshot);
		unlinkat(run->results.folder, "console.log", 0);
		run->warm = false;
	}
	if (!run->warm)
		run_cold(run);
}

/* Why QEMU, or the copying of the streams, failed; NULL: neither did. */
static char *problem_find(const struct run *run)
{
	const int status = run->guest.qemu.status;
	char said[512];

	if (status && !run->guest.expired) {
		guest_errors(&run->guest, said, sizeof(said));
		return text_new("QEMU ended with status %d: %s", status, said);
	}
	return run->streams.problem ? text_new("%s", run->streams.problem) : NULL;
}

void run_machine(struct run *run)
{
	char *problem;

	if (!run->options.brief)
		say("%s: running (%s, %ld MB)", run->name, accel_name(run->machine.accel),
		    run->machine.memory);
	if (run->machine.streams && run->machine.console == NO)
		die(EXIT_INFRA,
		    "%s: has no virtio console for the command's output; there is --shell, or a test",
		    run->options.spec);
	if (run->machine.streams)
		streams_open(&run->streams, run->results.folder);
	start_and_run(run);
	if (run->machine.streams) {
		streams_finish(&run->streams);
		streams_close(&run->streams);
	}
	problem = problem_find(run);
	guest_end(&run->guest);
	if (run->warm)
		snapshot_close(&run->snapshot);
	results_take_records(&run->results);
	if (!run_write(run, problem))
		exit(EXIT_INFRA);
	free(problem);
}

static struct termios terminal;

static void terminal_restore(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
}

/* A folder for what nobody keeps, with the share and the root in it. */
static void shell_folder(const struct run *run, char path[PATH_MAX])
{
	const char *tmp = getenv("TMPDIR");
	char share[PATH_MAX];
	int folder;

	path_set(path, "%s/bpfcheck-run.XXXXXX", tmp ? tmp : "/tmp");
	path_set(share, "%s/share", run->build);
	if (!mkdtemp(path))
		die(EXIT_INFRA, "%s: %s", path, strerror(errno));
	temporary_set(path);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_make(share) || symlinkat(share, folder, "share"))
		die(EXIT_INFRA, "%s: cannot be made", share);
	root_link(run, folder);
	close(folder);
}

void run_shell(struct run *run)
{
	struct texts arguments = { 0 };
	struct machine_fds fds = { -1, -1, -1, -1 };
	char path[PATH_MAX];
	int status;

	if (tcgetattr(STDIN_FILENO, &terminal) == 0)
		atexit(terminal_restore);
	run->begun = clock_wall_ms();
	fds.initrd = initrd_provide(run, SETTINGS_SHELL);
	shell_folder(run, path);
	say("leave the shell, or press Ctrl-A X, to end the machine; its /host is %s/share",
	    run->build);
	run->machine.terminal = true;
	machine_arguments(&run->machine, START_BOOT, &fds, &arguments);
	status = child_run(&(struct child_setup){ .argv = (const char *const *)arguments.items,
						  .folder = path,
						  .fd_in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3),
						  .keep = (const int[]){ fds.initrd, -1 },
						  .end_signal = SIGKILL });
	texts_free(&arguments);
	if (status)
		die(EXIT_INFRA, "QEMU ended with status %d", status);
}
