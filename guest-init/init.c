/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* PID 1 of a test machine: the sequence, nothing else. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "settings.h"
#include "steps.h"

#define SEND_MS 5000

static struct settings settings;
static struct channel channel;

static void __attribute__((noreturn)) leave(const struct outcome *outcome)
{
	int err = 0;

	if (*outcome->error)
		say("%s", outcome->error);
	if (channel.name) {
		report_exit(&channel.records, outcome, &channel.relay);
		err = channel_close(&channel, SEND_MS);
	}
	if (err)
		say("send records: %s", strerror(-err));
	mounts_leave();
	sync();
	reboot(RB_POWER_OFF);
	/* It cannot. QEMU is started so that it ends at a reset, too. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void check(int err, const char *doing)
{
	struct outcome outcome;

	if (!err)
		return;
	outcome_fail(&outcome, doing, err);
	leave(&outcome);
}

static void set_up(void)
{
	int err;

	check(root_switch(), "switch root");
	check(mounts_make(MOUNTS_EARLY), "mount what is needed");
	/* Again: that of devtmpfs. */
	console_open();
	check(settings_read("/bpfcheck/settings", &settings), "read /bpfcheck/settings");
	check(*settings.args || settings.rescue ? 0 : -ENOENT, "find a payload in the settings");
	modules_load("/bpfcheck/modules");
	mounts_make(MOUNTS_LATE);
	machine_prepare(settings.hostname, settings.time);
	err = channel_open(&channel, settings.nonce);
	/* A person at the shell can do without; a run that tells nobody how it went is void. */
	check(settings.rescue ? 0 : err, "find a channel for records");
	check(supervise_open(), "watch signals");
	report_hello(&channel.records, channel.name);
	check(channel_send(&channel), "write records");
	setenv("PATH", "/bpfcheck/bin:/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/root", 1);
	setenv("TERM", "linux", 0);
}

int main(void)
{
	struct outcome outcome = { 0 }, shell_outcome;
	const char *terminal;

	if (getpid() != 1) {
		fprintf(stderr, "init of a bpfcheck guest: as PID 1 it mounts and powers off\n");
		return 2;
	}
	console_open();
	set_up();
	/*
	 * From here on init may not exit, whatever fails: the payload is run to its end, then the
	 * outcome recorded. (Before, a failure is recorded, if there is a channel already, and powers
	 * off. To return would panic the kernel at any time.)
	 */
	terminal = settings.interactive ? rescue_terminal() : NULL;
	if (*settings.args)
		supervise(&channel, settings.args, terminal, settings.deadline, &outcome);
	/* Ctrl-C: the terminal sends it to what it controls. */
	if (settings.rescue || (terminal && outcome.signal == SIGINT))
		rescue_run(&channel, *settings.args ? &shell_outcome : &outcome);
	leave(&outcome);
}
