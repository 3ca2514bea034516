/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines on the console, and the records that init writes about the machine, the payload and itself. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>

#include "channel.h"
#include "report.h"

static char failed_text[8192];
static long long told_taint;

void console_open(void)
{
	int fd;

	/* The kernel opened it for us only if the initramfs had the node. */
	mknod("/dev/console", S_IFCHR | 0600, makedev(5, 1));
	/* No console at all: keep 0 to 2 taken, so that nothing of ours lands there. */
	if ((fd = open("/dev/console", O_RDWR | O_NOCTTY)) < 0)
		fd = open("/", O_RDONLY);
	for (int std = STDIN_FILENO; std <= STDERR_FILENO; std++)
		dup2(fd, std);
	if (fd > STDERR_FILENO)
		close(fd);
}

void failure_note(const char *step, const char *name, int err)
{
	static struct records failed = { .data = failed_text, .size = sizeof(failed_text) };

	say("%s %s: %s", step, name, strerror(-err));
	/* A failure that does not fit is left out: a list this long says enough. */
	record_write(&failed, NULL, "\"step\":%s,\"name\":%s,\"error\":%s", json_text(step),
		     json_text(name), json_text(strerror(-err)));
}

struct outcome outcome_failed(const char *doing, int err)
{
	struct outcome outcome = { "failed", -1, -1, "" };

	snprintf(outcome.error, sizeof(outcome.error), "%s: %s", doing, strerror(-err));
	return outcome;
}

long long clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int len = fd < 0 ? -1 : (int)read(fd, text, size - 1);

	len = len < 0 ? -errno : len;
	fd_close(&fd);
	text[len < 0 ? 0 : len] = '\0';
	return len;
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
	record_write(&channel.records, "init",
		     "\"type\":\"hello\",\"release\":%s,\"version\":%s,\"machine\":%s,\"cpus\":%d,"
		     "\"memory_kb\":%llu,\"channel\":%s,\"boot_ms\":%lld,\"taint\":%lld,"
		     "\"failed\":[%s]",
		     json_text(uts.release), json_text(uts.version), json_text(uts.machine),
		     get_nprocs(), (unsigned long long)info.totalram * info.mem_unit / 1024,
		     json_text(channel.name), clock_us() / 1000, told_taint, failed_text);
}

void report_taint(void)
{
	long long taint = taint_read();

	if (taint != told_taint)
		record_write(&channel.records, "init",
			     "\"type\":\"klog\",\"level\":4,\"text\":\"taint changed\","
			     "\"ts_us\":%lld,\"taint\":%lld",
			     clock_us(), taint);
	told_taint = taint;
}

void report_command(char *const *args)
{
	static char list[TEXTS_MAX];
	char *end = list;

	for (size_t i = 0; args[i]; i++)
		end += sprintf(end, "%s%s", i ? "," : "", json_text(args[i]));
	record_write(&channel.records, "init", "\"type\":\"command\",\"args\":[%s]", list);
}

void report_exit(const struct outcome *outcome)
{
	record_write(&channel.records, "init",
		     "\"type\":\"exit\",\"reason\":%s,\"status\":%s,\"signal\":%s,\"error\":%s,"
		     "\"records\":%lld,\"dropped_lines\":%lld,\"taint\":%lld",
		     json_text(outcome->reason), json_number(outcome->status),
		     json_number(outcome->signal),
		     *outcome->error ? json_text(outcome->error) : "null", channel.relay.relayed,
		     channel.relay.dropped, taint_read());
}
