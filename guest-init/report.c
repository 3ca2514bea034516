/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines for the console; the records hello, exit and those of the kernel's taint. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>

#include "channel.h"
#include "report.h"
#include "streams.h"

static char failed_text[8192];
static struct records failed = { .data = failed_text, .size = sizeof(failed_text) };
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

void failure_note(const char *step, const char *name, int err)
{
	say("%s %s: %s", step, name, strerror(-err));
	/* What does not fit is left out: a list this long says enough. */
	record_write(&failed, "%r{'step':%s,'name':%s,'error':%s}", failed.len ? "," : "", step,
		     name, strerror(-err));
}

struct outcome outcome_failed(const char *doing, int err)
{
	struct outcome outcome = { .reason = "failed", .status = -1, .signal = -1 };

	snprintf(outcome.error, sizeof(outcome.error), "%s: %s", doing, strerror(-err));
	return outcome;
}

long long clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

ssize_t file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, size - 1);
	int err = errno;

	close(fd);
	text[len < 0 ? 0 : len] = '\0';
	return len < 0 ? -err : len;
}

static long long taint_read(void)
{
	char text[32];

	file_read("/proc/sys/kernel/tainted", text, sizeof(text));
	return strtoll(text, NULL, 10);
}

void report_hello(void)
{
	struct utsname uts;
	struct sysinfo info;

	uname(&uts);
	sysinfo(&info);
	told_taint = taint_read();
	record_write(
		&channel.records,
		"{%n'from':'init','type':'hello','release':%s,'version':%s,'machine':%s,"
		"'cpus':%d,'memory_kb':%d,'channel':%s,'boot_ms':%d,'taint':%d,'failed':[%r]}\n",
		uts.release, uts.version, uts.machine, (long long)get_nprocs(),
		(long long)info.totalram * info.mem_unit / 1024, channel.name, clock_us() / 1000,
		told_taint, failed_text);
}

void report_taint(void)
{
	long long taint = taint_read();

	if (taint != told_taint)
		record_write(&channel.records,
			     "{%n'from':'init','type':'klog','level':4,'text':'taint changed',"
			     "'ts_us':%d,'taint':%d}\n",
			     clock_us(), taint);
	told_taint = taint;
}

void report_command(char *const *args)
{
	struct records *records = &channel.records;

	record_write(records, "{%n'from':'init','type':'command','args':[");
	for (size_t i = 0; args[i]; i++)
		record_write(records, "%r%s", i ? "," : "", args[i]);
	record_write(records, "]}\n");
}

void report_output(void)
{
	record_write(&channel.records,
		     "{%n'from':'init','type':'output','stdout':%d,'stderr':%d}\n",
		     streams_said(STDOUT_FILENO), streams_said(STDERR_FILENO));
}

void report_exit(const struct outcome *outcome)
{
	record_write(&channel.records,
		     "{%n'from':'init','type':'exit','reason':%s,'status':%d,'signal':%d,"
		     "'error':%s,'records':%d,'dropped_lines':%d,'taint':%d}\n",
		     outcome->reason, outcome->status, outcome->signal,
		     *outcome->error ? outcome->error : NULL, channel.relay.relayed,
		     channel.relay.dropped, taint_read());
}
