/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines for the console; the records hello, exit and those of the kernel's taint. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "report.h"

static char failed_text[8192]; /* NUL terminated */
static struct records failed = { .data = failed_text, .size = sizeof(failed_text) - 1 };
static long long told_taint;

void console_open(void)
{
	int fd;

	/* The kernel opened it for us only if the initramfs had the node. */
	mknod("/dev/console", S_IFCHR | 0600, makedev(5, 1));
	fd = open("/dev/console", O_RDWR | O_NOCTTY | O_CLOEXEC);
	/* No console at all: keep 0 to 2 taken, so that nothing of ours lands there. */
	if (fd < 0)
		fd = open("/", O_RDONLY | O_CLOEXEC);
	for (int std = STDIN_FILENO; std <= STDERR_FILENO; std++)
		dup2(fd, std);
	if (fd > STDERR_FILENO)
		close(fd);
}

void say(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	dprintf(STDERR_FILENO, "bpfcheck: %s\n", line);
}

void failure_note(const char *step, const char *name, int err)
{
	size_t start = failed.len;

	say("%s %s: %s", step, name, strerror(-err));
	record_format(&failed, "%r{'step':%s,'name':%s,'error':%s}", start ? "," : "", step, name,
		      strerror(-err));
	/* What does not fit is left out: a list this long says enough. */
	failed.len = failed.full ? start : failed.len;
	failed_text[failed.len] = '\0';
}

void outcome_fail(struct outcome *outcome, const char *doing, int err)
{
	*outcome = (struct outcome){ .reason = "failed", .status = -1, .signal = -1 };
	snprintf(outcome->error, sizeof(outcome->error), "%s: %s", doing, strerror(-err));
}

long long clock_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

void line_read(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, line, size - 1);

	line[len < 0 ? 0 : len] = '\0';
	*strchrnul(line, '\n') = '\0';
	close(fd);
}

static long long taint_read(void)
{
	char line[32];

	line_read("/proc/sys/kernel/tainted", line, sizeof(line));
	return strtoll(line, NULL, 10);
}

void report_hello(struct records *records, const char *channel)
{
	struct utsname uts;
	struct sysinfo info;

	uname(&uts);
	sysinfo(&info);
	told_taint = taint_read();
	record_write(records, "init",
		     "'type':'hello','release':%s,'version':%s,'machine':%s,'cpus':%d,"
		     "'memory_kb':%d,'channel':%s,'boot_ms':%d,'taint':%d,'failed':[%r]",
		     uts.release, uts.version, uts.machine, (long long)get_nprocs(),
		     (long long)info.totalram * info.mem_unit / 1024, channel,
		     clock_us(CLOCK_BOOTTIME) / 1000, told_taint, failed_text);
}

void report_taint(struct records *records)
{
	long long taint = taint_read();

	if (taint != told_taint)
		record_write(records, "init",
			     "'type':'klog','level':4,'text':'taint changed','ts_us':%d,'taint':%d",
			     clock_us(CLOCK_MONOTONIC), taint);
	told_taint = taint;
}

void report_exit(struct records *records, const struct outcome *outcome, const struct relay *relay)
{
	record_write(records, "init",
		     "'type':'exit','reason':%s,'status':%d,'signal':%d,'error':%s,'records':%d,"
		     "'dropped_lines':%d,'taint':%d",
		     outcome->reason, outcome->status, outcome->signal,
		     *outcome->error ? outcome->error : NULL, (long long)relay->relayed,
		     (long long)relay->dropped, taint_read());
}
