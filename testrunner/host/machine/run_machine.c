// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Runs a machine from its start, cold or warm, to its end. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
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

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static long run_seconds(const struct run *run)
{
	return run->options.timeout + (run->options.collect.count ? COLLECT_S : 0) + GRACE_S;
}

/* Why something could not be done; a signal says it itself. */
static int give_up(const char *doing, int err)
{
	return err == -EINTR ? CODE_INFRA : fail(CODE_INFRA, "%s: %s", doing, strerror(-err));
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
	guest_init(&run->guest, &run->machine, &run->loop);
	if (!run->machine.streams)
		return;
	run->guest.changed = guest_changed;
	run->guest.answered = guest_answered;
	run->guest.context = run;
}

/* Its name may have a comma, which means something to QEMU. */
static int root_link(const struct run *run, int folder)
{
	if (run->machine.root != ROOT_9P && run->machine.root != ROOT_9P_WRITABLE &&
	    run->machine.root != ROOT_BLOCK)
		return 0;
	unlinkat(folder, "root", 0);
	return symlinkat(run->root.path, folder, "root") ? -errno : 0;
}

static int suite_begin(struct run *run)
{
	run->segment = (struct suite_segment){ .maker = { .pidfd = -1, .ended = true } };
	if (!run->suite)
		return 0;
	return suite_segment_begin(&run->segment, &run->loop, run->suite,
				   *run->btf ? run->btf : NULL, run->build, run->options.packer);
}

static int suite_finish(struct run *run)
{
	return run->suite ? suite_segment_finish(&run->segment) : 0;
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
static int run_warm(struct run *run)
{
	const struct guest_files files = { -1, run->snapshot.memory, run->snapshot.state };
	int code, err;

	console_begin(run);
	run->begun = now_ms();
	guest_prepare(run);
	err = guest_start(&run->guest, START_RESTORE, run->results.path, run->results.folder,
			  &files, WARM_S, run_seconds(run));
	if (err)
		return give_up("start QEMU", err);
	code = suite_begin(run);
	if (!code)
		code = run_settings(run, SETTINGS_RESTORED);
	if (!code)
		code = suite_finish(run);
	if (code)
		return code;
	guest_send(&run->guest, (struct guest_part[]){ { run->settings, run->settings_len },
						       { run->segment.bytes, run->segment.len } });
	err = guest_run(&run->guest);
	return err ? give_up("run the machine", err) : 0;
}

/* All segments in one file. Returns 0 or an exit code, with a message. */
static int initrd_provide(struct run *run, enum settings_for purpose)
{
	struct words paths = { 0 };
	int code = suite_begin(run);

	if (!code)
		code = run_settings(run, purpose);
	if (!code)
		code = suite_finish(run);
	if (code)
		return code;
	words_add(&paths, "%s", run->options.base);
	words_add(&paths, "%s", run->modules);
	if (*run->root.segment)
		words_add(&paths, "%s", run->root.segment);
	if (run->suite)
		words_add(&paths, "%s", run->segment.path);
	run->initrd = paths.err ? paths.err :
				  initrd_make((const char *const *)paths.items, run->settings,
					      run->settings_len);
	words_free(&paths);
	return run->initrd < 0 ? give_up("make the initrd", run->initrd) : 0;
}

static int run_cold(struct run *run)
{
	struct guest_files files = { -1, -1, -1 };
	int code, err;

	run->begun = now_ms();
	code = initrd_provide(run, SETTINGS_BOOT);
	if (code)
		return code;
	files.initrd = run->initrd;
	guest_prepare(run);
	err = root_link(run, run->results.folder);
	if (!err)
		err = guest_start(&run->guest, START_BOOT, run->results.path, run->results.folder,
				  &files, run->options.boot_timeout, run_seconds(run));
	if (err)
		return give_up("start QEMU", err);
	err = guest_run(&run->guest);
	return err ? give_up("run the machine", err) : 0;
}

static void guest_leave(struct run *run)
{
	streams_unfeed(&run->streams);
	guest_end(&run->guest);
	suite_segment_close(&run->segment);
}

static long snapshot_mb(void)
{
	const char *text = getenv("BPFCHECK_SNAPSHOT_MB");

	return text && *text ? strtol(text, NULL, 10) : SNAPSHOT_MB_DEFAULT;
}

/* Sets run->warm. Returns 0 or an exit code, with a message. */
static int snapshot_find(struct run *run)
{
	const struct snapshot_want want = {
		.machine = &run->machine,
		.loop = &run->loop,
		.build = run->build,
		.name = run->name,
		.base = run->options.base,
		.modules = run->modules,
		.cpuinfo = run->cpuinfo,
		.boot_timeout = run->options.boot_timeout,
		.max_mb = snapshot_mb(),
		.quiet = run->options.brief,
	};
	char reason[512];
	int err;

	if (run->options.beginning == BEGIN_COLD || run->options.init || run->options.root)
		return 0;
	err = snapshot_open(&run->snapshot, &want, reason, sizeof(reason));
	run->warm = !err;
	if (err == -EINTR)
		return CODE_INFRA;
	if (err && run->options.beginning == BEGIN_WARM)
		return fail(CODE_INFRA, "%s: no warm start: %s", run->name, reason);
	return 0;
}

/* Why QEMU, or the copying of the streams, failed. */
static void problem_find(struct run *run)
{
	char said[512];

	if (run->streams.problem)
		snprintf(run->problem, sizeof(run->problem), "%s", run->streams.problem);
	if (!run->status || run->guest.expired)
		return;
	guest_errors(&run->guest, said, sizeof(said));
	snprintf(run->problem, sizeof(run->problem), "QEMU ended with status %d: %s", run->status,
		 said);
}

static int streams_begin(struct run *run)
{
	int err;

	if (!run->machine.streams)
		return 0;
	if (run->machine.console == NO)
		return fail(CODE_INFRA,
			    "%s: has no virtio console for the command's output; there is --shell, "
			    "or a test",
			    run->options.spec);
	err = streams_open(&run->streams, run->results.folder);
	return err ? give_up("make files for the command's output", err) : 0;
}

static int start_and_run(struct run *run)
{
	int code = snapshot_find(run);

	if (!code && run->warm) {
		code = run_warm(run);
		if (!code && !run->options.silent && !results_have_record(run->results.folder)) {
			say("%s: a saved machine did not answer within %d s; dropped it, and booting "
			    "instead",
			    run->name, WARM_S);
			guest_leave(run);
			snapshot_drop(&run->snapshot);
			unlinkat(run->results.folder, "console.log", 0);
			run->warm = false;
		}
	}
	return code || run->warm ? code : run_cold(run);
}

int run_machine(struct run *run)
{
	int code, err = 0;

	if (!run->options.brief)
		say("%s: running (%s, %ld MB)", run->name,
		    run->machine.accel == ACCEL_KVM ? "kvm" : "tcg", run->machine.memory);
	code = streams_begin(run);
	if (!code)
		code = start_and_run(run);
	if (!code) {
		run->status = run->guest.qemu.status;
		if (run->machine.streams)
			err = streams_finish(&run->streams);
		problem_find(run);
		if (err)
			code = give_up("copy the command's output", err);
	}
	guest_leave(run);
	snapshot_close(&run->snapshot);
	streams_close(&run->streams);
	if (code)
		return code;
	results_take_records(&run->results);
	return run_write(run, *run->problem ? run->problem : NULL);
}

/* A folder for what nobody keeps, with the share in it. Errors: -errno. */
static int shell_folder(const struct run *run, char path[PATH_MAX])
{
	const char *temporary = getenv("TMPDIR");
	char share[PATH_MAX], link[PATH_MAX];

	path_set(path, "%s/bpfcheck-run.XXXXXX", temporary ? temporary : "/tmp");
	path_set(share, "%s/share", run->build);
	if (!mkdtemp(path) || folder_make(share))
		return -errno;
	path_set(link, "%s/share", path);
	return symlink(share, link) ? -errno : 0;
}

static int shell_start(struct run *run, const char *path, int folder)
{
	const struct machine_fds fds = { run->initrd, -1, -1, -1 };
	const int keep[] = { run->initrd, -1 };
	struct words words = { 0 };
	int err = root_link(run, folder);

	run->machine.terminal = true;
	machine_arguments(&run->machine, START_BOOT, &fds, &words);
	if (!err)
		err = words.err;
	if (!err)
		err = child_start(&run->guest.qemu, &run->loop,
				  &(struct child_start){ .argv = (const char *const *)words.items,
							 .folder = path,
							 .fds = { 0, 1, 2 },
							 .keep = keep });
	words_free(&words);
	return err;
}

int run_shell(struct run *run)
{
	char path[PATH_MAX] = "";
	struct termios before;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	int code, err, folder;

	guest_init(&run->guest, &run->machine, &run->loop);
	run->begun = now_ms();
	code = initrd_provide(run, SETTINGS_SHELL);
	if (code)
		return code;
	err = shell_folder(run, path);
	folder = err ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!err) {
		say("leave the shell, or press Ctrl-A X, to end the machine; its /host is %s/share",
		    run->build);
		err = shell_start(run, path, folder);
	}
	if (!err)
		err = child_wait(&run->guest.qemu, LLONG_MAX);
	child_end(&run->guest.qemu);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	if (folder >= 0)
		close(folder);
	if (*path)
		tree_remove(AT_FDCWD, path);
	suite_segment_close(&run->segment);
	if (err)
		return give_up("run the machine", err);
	return run->guest.qemu.status ?
		       fail(CODE_INFRA, "QEMU ended with status %d", run->guest.qemu.status) :
		       0;
}
