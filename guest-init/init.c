/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* PID 1 of a test machine: the sequence, nothing else. */
#include <err.h>
#include <stdlib.h>
#include <sys/reboot.h>

#include "channel.h"
#include "control.h"
#include "machine.h"
#include "modules.h"
#include "mounts.h"
#include "streams.h"
#include "supervise.h"

#define SETTINGS	"/bpfcheck/settings"
#define COLLECT_SECONDS 60
#define BUSYBOX		"/bpfcheck/bin/busybox"

/* The shell's commands are not part of the run: they write no records. */
static char script[] =
	"unset BPFCHECK_RECORDS_FD; exec >&0 2>&0 3>&-; cat <<'END'; exec sh -i\n\n"
	"bpfcheck rescue shell; leaving it powers off.\n"
	"  /bpfcheck/suite     probes, generators and tests:  testrunner run /bpfcheck/suite\n"
	"  /bpfcheck/settings  of this run; /bpfcheck/config and /bpfcheck/modules: the kernel's\n"
	"  /host               the folder shared with the host, if there is one\n\nEND\n";
static char *const rescue_args[] = { BUSYBOX, "sh", "-c", script, NULL };
/* A run of tests does not pay for 300 links. Another root has its own programs. */
static char applets[] = "[ -e /bin/ls ] || exec " BUSYBOX " --install -s /bin 2>/dev/null";
static char *const rescue_applets[] = { BUSYBOX, "sh", "-c", applets, NULL };

static struct settings settings;

static void __attribute__((noreturn)) leave(struct outcome outcome)
{
	if (*outcome.error)
		say("%s", outcome.error);
	if (channel.name && settings.nonce)
		report_exit(&outcome);
	if (channel_close())
		say("send records: %s", strerror(-channel.err));
	root_leave(settings.root);
	sync();
	reboot(RB_POWER_OFF);
	/* Some machines cannot power off. QEMU also ends at a reset. */
	reboot(RB_AUTOBOOT);
	_exit(1);
}

static void check(int err, const char *doing)
{
	if (err)
		leave(outcome_failed(doing, err));
}

/* Send the wanted files, now that nobody writes to them. Records say which could not be sent. */
static void collect(struct outcome *outcome)
{
	static char *args[2 + SETTINGS_SIZE / sizeof("arg=")];
	struct outcome end;

	args[0] = RUNNER;
	args[1] = "collect";
	memcpy(args + 2, settings.collect.items, settings.collect.count * sizeof(*args));
	end = supervise(&(struct payload){ .args = args, .seconds = COLLECT_SECONDS });
	if (end.status && !*outcome->error)
		snprintf(outcome->error, sizeof(outcome->error), "collect files: %s %.64s",
			 end.reason, end.error);
}

/* Up to the settings: in a machine without them, this much is saved, and they come through a port. */
static void prepare(void)
{
	bool warm, share;

	console_open();
	check(root_make(), "switch root");
	check(mounts_make(MOUNTS_NEEDED), "mount what is needed");
	/* Again, by the device in devtmpfs. */
	console_open();
	modules_load("/bpfcheck/modules");
	share = virtio_present(VIRTIO_9P);
	if (share)
		modules_load("/bpfcheck/modules-9p");
	mounts_make(MOUNTS_REST);
	machine_prepare();
	/* TERM is set by the kernel. */
	setenv("PATH", "/bpfcheck/bin:/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/root", 1);
	warm = access(SETTINGS, F_OK) != 0;
	if (share && !warm)
		mounts_make(MOUNTS_SHARE);
	channel_open();
	check(supervise_open(), "watch signals");
	if (warm) {
		supervise_prepare();
		check(control_open() ?: control_unpack(), "read " SETTINGS);
		if (share)
			mounts_make(MOUNTS_SHARE);
	}
}

/* From the settings on: make the machine that of this run. */
static void personalize(void)
{
	int err;

	check(settings_read(SETTINGS, &settings), "read " SETTINGS);
	channel.records.nonce = settings.nonce;
	check(settings.nonce ? 0 : -ENOENT, "find a nonce in the settings");
	check(settings.args.count || settings.rescue ? 0 : -ENOENT,
	      "find a payload in the settings");
	/* A person at the shell needs no records; without them, no other run has a verdict. */
	check(channel.name || settings.rescue ? 0 : -ENODEV, "find a channel for records");
	check(root_enter(settings.root), "enter the other root");
	machine_personalize(&settings);
	for (size_t i = 0; i < settings.env.count; i++)
		putenv(settings.env.items[i]);
	err = modules_load("/bpfcheck/modules-run");
	report_hello();
	check(channel_send(), "write records");
	check(err, module_failed);
	if (settings.suite)
		check(control_unpack(), "read the suite");
	if (settings.command || settings.rescue)
		supervise(&(struct payload){ .args = rescue_applets });
	if (settings.command) {
		check(streams_open(settings.input ? settings.nonce : NULL),
		      "find a virtio console for the command's output");
		report_command(settings.args.items);
	}
}

int main(void)
{
	struct outcome outcome = { 0 }, end;

	if (getpid() != 1)
		errx(2, "for a bpfcheck guest: as PID 1 it mounts and powers off");
	prepare();
	personalize();
	/* Up to here a failure is recorded, if there is a channel, and powers off. From here on the
	 * payload runs to its end, whatever fails, and its outcome is recorded. */
	if (settings.args.count)
		outcome = supervise(&(struct payload){
			.args = settings.args.items,
			.folder = settings.folder,
			/* Ctrl-C ends the payload, and then comes the shell. */
			.terminal = settings.rescue,
			.streams = settings.command,
			/* The runner that is ready was started without this environment. */
			.fresh = settings.command || settings.env.count,
			.seconds = settings.deadline,
		});
	if (settings.command)
		streams_report();
	if (settings.collect.count)
		collect(&outcome);
	if (settings.rescue) {
		end = supervise(&(struct payload){ .args = rescue_args, .terminal = true });
		outcome = settings.args.count ? outcome : end;
	}
	leave(outcome);
}
