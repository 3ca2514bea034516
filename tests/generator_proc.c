/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's own view of tasks, read from /proc. */
#include "generator.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* man 5 proc_pid_stat, in its words and its order, from `state` on. */
struct proc_stat {
	int ppid, pgrp, session;
	unsigned int tty_nr;
	unsigned long long starttime;
	char comm[64];
};

static void read_stat(pid_t pid, pid_t tid, struct proc_stat *stat)
{
	char path[64], line[1024], *open, *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file))
		die("read %s: %m", path);
	fclose(file);
	/* A name may hold anything: it ends at the last parenthesis. */
	open = strchr(line, '(');
	end = strrchr(line, ')');
	if (!open || !end ||
	    sscanf(end,
		   ") %*c %d %d %d %u %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		   &stat->ppid, &stat->pgrp, &stat->session, &stat->tty_nr, &stat->starttime) != 5)
		die("%s is not understood: %s", path, line);
	*end = '\0';
	snprintf(stat->comm, sizeof(stat->comm), "%s", open + 1);
}

void truth_task(const char *group, pid_t pid, pid_t tid)
{
	uint64_t tick_ns = UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK);
	struct proc_stat stat;

	read_stat(pid, tid, &stat);
	truth_open(group);
	truth_number("tid", (uint64_t)tid);
	truth_number("tgid", (uint64_t)pid);
	truth_number("ppid", (uint64_t)stat.ppid);
	truth_number("pgid", (uint64_t)stat.pgrp);
	truth_number("sid", (uint64_t)stat.session);
	truth_number("start_low", stat.starttime * tick_ns);
	truth_number("start_high", stat.starttime * tick_ns + tick_ns - 1);
	truth_text("comm", stat.comm);
	truth_close();
}

/* How Linux packs a device number into 32 bits there: new_encode_dev(). */
void truth_tty(const char *group, pid_t pid)
{
	struct proc_stat stat;

	read_stat(pid, pid, &stat);
	truth_open(group);
	truth_number("major", stat.tty_nr >> 8 & 0xfff);
	truth_number("minor", (stat.tty_nr & 0xff) | (stat.tty_nr >> 12 & 0xfff00));
	truth_close();
}

void truth_cred(const char *group, pid_t pid)
{
	static const struct row {
		const char *format;
		const char *names[4];
	} rows[] = {
		{ "Uid: %llu %llu %llu %llu", { "ruid", "euid", "suid", "fsuid" } },
		{ "Gid: %llu %llu %llu %llu", { "rgid", "egid", "sgid", "fsgid" } },
		{ "CapInh: %llx", { "cap_inheritable" } },
		{ "CapPrm: %llx", { "cap_permitted" } },
		{ "CapEff: %llx", { "cap_effective" } },
	};
	unsigned long long number[4];
	char path[64], line[256];
	size_t found = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		die("open %s: %m", path);
	truth_open(group);
	while (fgets(line, sizeof(line), file)) {
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			int count = sscanf(line, rows[i].format, &number[0], &number[1], &number[2],
					   &number[3]);

			for (int n = 0; n < count; n++)
				truth_number(rows[i].names[n], number[n]);
			found += count > 0;
		}
	}
	fclose(file);
	truth_close();
	if (found != ARRAY_SIZE(rows))
		die("%s has %zu of %zu lines", path, found, ARRAY_SIZE(rows));
}

void truth_namespaces(const char *group, pid_t pid)
{
	static const char *const names[] = { "uts", "ipc", "mnt", "pid", "net", "cgroup", "time" };
	char path[64];
	struct stat st;

	truth_open(group);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, names[i]);
		if (stat(path, &st)) {
			if (errno != ENOENT)
				die("stat %s: %m", path);
			st.st_ino = 0;
		}
		truth_number(names[i], st.st_ino);
	}
	truth_close();
}

void truth_strings(const char *name, pid_t pid, const char *file)
{
	static char strings[1 << 20];
	char path[64];
	size_t len;
	FILE *stream;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	stream = fopen(path, "re");
	if (!stream)
		die("open %s: %m", path);
	len = fread(strings, 1, sizeof(strings) - 1, stream);
	strings[len] = '\0';
	fclose(stream);
	truth_list(name, strings, len);
}

void truth_cwd(const char *name, pid_t pid)
{
	char path[64], cwd[8192];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/cwd", pid);
	len = readlink(path, cwd, sizeof(cwd) - 1);
	if (len < 0)
		die("readlink %s: %m", path);
	cwd[len] = '\0';
	truth_text(name, cwd);
}
