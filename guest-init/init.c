/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* PID 1 of a test machine: the sequence, nothing else. */
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/reboot.h>

#include "channel.h"
#include "control.h"
#include "machine.h"
#include "modules.h"
#include "mounts.h"
#include "report.h"
#include "rescue.h"
#include "root.h"
#include "settings.h"
#include "streams.h"
#include "supervise.h"

#define SETTINGS	"/bpfcheck/settings"
#define COLLECT_SECONDS 60

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
	/* It cannot. QEMU is started so that it ends at a reset, too, as a panic is one. */
	reboot(RB_AUTOBOOT);
	_exit(1);
}

static void check(int err, const char *doing)
{
	if (err)
		leave(outcome_failed(doing, err));
}

/* Files that are wanted, when nobody writes to them any more. What becomes of them, records tell. */
static void collect(struct outcome *outcome)
{
	static char *args[2 + SETTINGS_SIZE / sizeof("arg=")];
	const struct payload payload = { .args = args, .seconds = COLLECT_SECONDS };
	struct outcome end;

	args[0] = RUNNER;
	args[1] = "collect";
	memcpy(args + 2, settings.collect.items, settings.collect.count * sizeof(*args));
	end = supervise(&payload);
	if (end.status && !*outcome->error)
		snprintf(outcome->error, sizeof(outcome->error), "collect files: %s %.64s",
			 end.reason, end.error);
}

/* What this run has of its own, from the hello on. */
static void begin(struct payload *payload)
{
	int err;

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
	*payload = (struct payload){
		.args = settings.args.items,
		.folder = settings.folder,
		.terminal = settings.interactive ? rescue_terminal() : NULL,
		.streams = settings.command,
		/* What is ready has another environment. */
		.fresh = settings.command || settings.env.count,
		.seconds = settings.deadline,
	};
	if (settings.command || settings.rescue || settings.interactive)
		rescue_applets();
	if (settings.command) {
		check(streams_open(settings.input ? settings.nonce : NULL),
		      "find a virtio console for the command's output");
		report_command(settings.args.items);
	}
}

int main(void)
{
	struct outcome outcome = { 0 }, shell;
	struct payload payload, rescue = { .args = rescue_args };
	bool warm, share;

	if (getpid() != 1)
		errx(2, "for a bpfcheck guest: as PID 1 it mounts and powers off");
	console_open();
	check(root_make(), "switch root");
	check(mounts_make(MOUNTS_NEEDED), "mount what is needed");
	/* Again: that of devtmpfs. */
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
	/* Without settings this is a machine to be saved: they come when it has been restored. */
	warm = access(SETTINGS, F_OK) != 0;
	if (share && !warm)
		mounts_make(MOUNTS_SHARE);
	channel_open();
	check(supervise_open(), "watch signals");
	if (warm) {
		supervise_standby();
		check(control_open() ?: control_unpack(), "read " SETTINGS);
		if (share)
			mounts_make(MOUNTS_SHARE);
	}
	check(settings_read(SETTINGS, &settings), "read " SETTINGS);
	channel.records.nonce = settings.nonce;
	check(settings.nonce ? 0 : -ENOENT, "find a nonce in the settings");
	check(settings.args.count || settings.rescue ? 0 : -ENOENT,
	      "find a payload in the settings");
	/* A person at the shell can do without; a run that tells nobody how it went is void. */
	check(channel.name || settings.rescue ? 0 : -ENODEV, "find a channel for records");
	begin(&payload);
	/*
	 * From here on init may not exit, whatever fails: the payload is run to its end, then the
	 * outcome recorded. (Before, a failure is recorded, if there is a channel already, and powers
	 * off. To return would panic the kernel at any time.)
	 */
	if (settings.args.count)
		outcome = supervise(&payload);
	if (settings.command)
		report_output();
	if (settings.collect.count)
		collect(&outcome);
	/* Ctrl-C: the terminal sends it to what it controls. */
	if (settings.rescue || (settings.interactive && outcome.signal == SIGINT)) {
		rescue.terminal = rescue_terminal();
		shell = supervise(&rescue);
		outcome = settings.args.count ? outcome : shell;
	}
	leave(outcome);
}
