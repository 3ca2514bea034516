/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* PID 1 of a test machine: the sequence, nothing else. */
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/reboot.h>

#include "init.h"

#define SETTINGS "/bpfcheck/settings"

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

int main(void)
{
	struct outcome outcome = { 0 }, shell;
	bool warm, share;

	if (getpid() != 1)
		errx(2, "for a bpfcheck guest: as PID 1 it mounts and powers off");
	console_open();
	check(mounts_root(), "switch root");
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
	setenv("BPFCHECK_RECORDS_FD", "3", 1);
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
	check(*settings.args || settings.rescue ? 0 : -ENOENT, "find a payload in the settings");
	/* A person at the shell can do without; a run that tells nobody how it went is void. */
	check(channel.name || settings.rescue ? 0 : -ENODEV, "find a channel for records");
	check(root_enter(settings.root), "enter the other root");
	machine_personalize(&settings);
	report_hello();
	check(channel_send(), "write records");
	if (settings.suite)
		check(control_unpack(), "read the suite");
	/*
	 * From here on init may not exit, whatever fails: the payload is run to its end, then the
	 * outcome recorded. (Before, a failure is recorded, if there is a channel already, and powers
	 * off. To return would panic the kernel at any time.)
	 */
	if (*settings.args)
		outcome = supervise(settings.args, settings.interactive ? rescue_terminal() : NULL,
				    settings.deadline);
	/* Ctrl-C: the terminal sends it to what it controls. */
	if (settings.rescue || (settings.interactive && outcome.signal == SIGINT)) {
		shell = supervise(rescue_args, rescue_terminal(), 0);
		outcome = *settings.args ? outcome : shell;
	}
	leave(outcome);
}
