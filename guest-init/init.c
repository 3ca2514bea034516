/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* PID 1 of a test machine: the sequence, nothing else. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "channel.h"
#include "console.h"
#include "modules.h"
#include "mounts.h"
#include "network.h"
#include "report.h"
#include "rescue.h"
#include "root.h"
#include "settings.h"
#include "supervise.h"
#include "tuning.h"

#define FLUSH_MS 10000

static struct settings settings;
static struct channel channel = { .fd = -1 };
static struct supervisor supervisor;

static void __attribute__((noreturn)) power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	/* No way to power off: QEMU ends at a reset as well. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void __attribute__((noreturn)) leave(const struct outcome *outcome)
{
	int err = 0;

	if (channel.fd >= 0) {
		report_exit(&channel.records, outcome, &supervisor.relay);
		err = channel_close(&channel, FLUSH_MS);
	}
	if (err)
		say("send records: %s", strerror(-err));
	mounts_leave();
	power_off();
}

static void __attribute__((noreturn)) fail(const char *doing, int err)
{
	struct outcome outcome = { 0 };

	outcome_fail(&outcome, doing, err);
	say("%s", outcome.error);
	leave(&outcome);
}

static void settings_problem(unsigned int line, const char *problem)
{
	say("/bpfcheck/settings:%u: %s", line, problem);
}

static void set_up(void)
{
	int err = root_switch();

	if (err)
		fail("switch root", err);
	err = mounts_make(MOUNTS_EARLY);
	if (err)
		fail("mount what is needed", err);
	/* From here on the console is devtmpfs's. */
	console_open();
	err = settings_read("/bpfcheck/settings", &settings, settings_problem);
	if (err)
		fail("read /bpfcheck/settings", err);
	if (!settings.arg_count && !settings.rescue)
		fail("find a payload in /bpfcheck/settings", -ENOENT);
	modules_load("/bpfcheck/modules");
	mounts_make(MOUNTS_MODULAR);
	network_up(settings.hostname);
	tuning_apply(settings.time);
	err = channel_open(&channel, settings.nonce);
	/* A person at the shell can do without records; a run whose records nobody sees is void. */
	if (err && !settings.rescue)
		fail("find a channel for records", err);
	if (settings.interactive)
		rescue_listen();
	err = supervisor_open(&supervisor, &channel);
	if (err)
		fail("watch signals", err);
	report_hello(&channel.records, channel.name);
	err = channel_send(&channel);
	if (err)
		fail("write records", err);
}

int main(void)
{
	struct job payload = { .args = settings.args };
	struct outcome outcome, shell_outcome;

	if (getpid() != 1) {
		fprintf(stderr, "init of bpfcheck guests: mounts, then powers off; runs as PID 1 only\n");
		return 2;
	}
	console_open();
	set_up();
	/*
	 * From here on init may not exit, nor power off on a failure of its own: the payload is heard to its end, and
	 * its outcome, or why there is none, is recorded. (Before this line a failure is recorded and powers off. The
	 * kernel panics if PID 1 ever returns.)
	 */
	payload.deadline = settings.deadline;
	if (settings.arg_count)
		supervise(&supervisor, &payload, &outcome);
	if (settings.rescue || (settings.interactive && supervisor.stop_signal == SIGINT))
		supervise(&supervisor, rescue_job(), settings.arg_count ? &shell_outcome : &outcome);
	if (outcome.error[0])
		say("%s", outcome.error);
	leave(&outcome);
}
