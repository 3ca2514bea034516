/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Writes hello, klog and exit records. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "console.h"
#include "report.h"

#define FAILURES_MAX 32

static struct failure {
	const char *step;
	char name[64];
	int err;
} failures[FAILURES_MAX];
static size_t failure_count;
static long long last_taint;

void failure_note(const char *step, const char *name, int err)
{
	struct failure *failure = &failures[failure_count];

	say("%s %s: %s", step, name, strerror(-err));
	if (failure_count == FAILURES_MAX)
		return;
	failure->step = step;
	failure->err = err;
	snprintf(failure->name, sizeof(failure->name), "%s", name);
	failure_count++;
}

void outcome_fail(struct outcome *outcome, const char *doing, int err)
{
	outcome->reason = REASON_FAILED;
	snprintf(outcome->error, sizeof(outcome->error), "%s: %s", doing, strerror(-err));
}

static long long taint_read(void)
{
	char text[32] = "";
	int fd = open("/proc/sys/kernel/tainted", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtoll(text, NULL, 10);
}

static long long clock_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int report_hello(struct records *records, const char *channel)
{
	struct utsname uts;
	struct sysinfo info;
	cpu_set_t cpus;

	uname(&uts);
	sysinfo(&info);
	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	last_taint = taint_read();
	record_begin(records, "hello");
	record_string(records, "release", uts.release);
	record_string(records, "version", uts.version);
	record_string(records, "machine", uts.machine);
	record_integer(records, "cpus", CPU_COUNT(&cpus));
	record_integer(records, "memory_kb", (long long)info.totalram * info.mem_unit / 1024);
	record_string(records, "channel", channel);
	record_integer(records, "boot_ms", clock_us(CLOCK_BOOTTIME) / 1000);
	record_integer(records, "taint", last_taint);
	record_raw(records, ",\"failed\":[");
	for (size_t i = 0; i < failure_count; i++) {
		record_raw(records, i ? ",{" : "{");
		record_string(records, "step", failures[i].step);
		record_string(records, "name", failures[i].name);
		record_string(records, "error", strerror(-failures[i].err));
		record_raw(records, "}");
	}
	record_raw(records, "]");
	return record_end(records);
}

int report_klog(struct records *records, const struct kmsg *kmsg)
{
	record_begin(records, "klog");
	record_integer(records, "level", kmsg->level);
	record_string(records, "text", kmsg->text);
	record_integer(records, "ts_us", kmsg->ts_us);
	record_null(records, "taint");
	return record_end(records);
}

int report_taint(struct records *records)
{
	long long taint = taint_read();

	if (taint == last_taint)
		return 0;
	last_taint = taint;
	record_begin(records, "klog");
	record_integer(records, "level", KMSG_WARNING);
	record_string(records, "text", "taint changed");
	record_integer(records, "ts_us", clock_us(CLOCK_MONOTONIC));
	record_integer(records, "taint", taint);
	return record_end(records);
}

int report_exit(struct records *records, const struct outcome *outcome, const struct relay *relay)
{
	static const struct {
		const char *name;
		bool status, signal;
	} reasons[] = {
		[REASON_EXITED] = { "exited", true, false },
		[REASON_SIGNALED] = { "signaled", false, true },
		[REASON_DEADLINE] = { "deadline", false, false },
		[REASON_FAILED] = { "failed", false, false },
	};

	record_begin(records, "exit");
	record_string(records, "reason", reasons[outcome->reason].name);
	if (reasons[outcome->reason].status)
		record_integer(records, "status", outcome->value);
	else
		record_null(records, "status");
	if (reasons[outcome->reason].signal)
		record_integer(records, "signal", outcome->value);
	else
		record_null(records, "signal");
	record_string(records, "error", outcome->error[0] ? outcome->error : NULL);
	record_integer(records, "records", relay->relayed);
	record_integer(records, "dropped_lines", relay->dropped);
	record_integer(records, "taint", taint_read());
	return record_end(records);
}
