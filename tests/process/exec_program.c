// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A child execs a copy of do_nothing in /tmp/programs, and /proc is asked about it while it runs.
 *
 * exec_program [MODE]
 *   --long-arguments     with 8 KB of arguments
 *   --long-environment   with 8 KB of environment
 *   --bounded            after dropping all capabilities but two from the bounding set
 *   --setid              the file has both set-id bits, the child is nobody special
 *   --setid-no-new-privs the same, but the child may gain no privileges
 *   --setid-nosuid       the same, but the file system is mounted nosuid
 *   --memfd              the program is in memory only
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

#define FOLDER	   "/tmp/programs"
#define PROGRAM	   FOLDER "/program"
#define LONG_COUNT 128 /* strings of 64 bytes: 8 KB */

static char *const short_argv[] = {
	"do_nothing", "0", "", "two words", "tab\tand \"quotes\"", NULL
};
static char *const short_env[] = { "PATH=/bin", "EMPTY=", "UMLAUT=\xc3\xa4", NULL };
static char *long_strings[LONG_COUNT + 1];

static void make_long_strings(void)
{
	for (int i = 0; i < LONG_COUNT; i++) {
		long_strings[i] = malloc(64);
		if (!long_strings[i])
			die("malloc: %m");
		snprintf(long_strings[i], 64, "%063d", i);
	}
}

static void drop_bounds(void)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++) {
		if (cap != CAP_CHOWN && cap != CAP_SYSLOG && prctl(PR_CAPBSET_DROP, cap))
			die("drop capability %d: %m", cap);
	}
}

static void become_nobody(void)
{
	if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))
		die("set ids: %m");
}

static void become_nobody_for_good(void)
{
	become_nobody();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		die("set no_new_privs: %m");
}

static const struct mode {
	const char *name;
	void (*prepare)(void);
	char *const *argv, *const *env;
	mode_t file_mode;
	bool nosuid, memfd;
} modes[] = {
	{ "", NULL, short_argv, short_env, 0755, false, false },
	{ "--long-arguments", NULL, long_strings, short_env, 0755, false, false },
	{ "--long-environment", NULL, short_argv, long_strings, 0755, false, false },
	{ "--bounded", drop_bounds, short_argv, short_env, 0755, false, false },
	{ "--setid", become_nobody, short_argv, short_env, 06755, false, false },
	{ "--setid-no-new-privs", become_nobody_for_good, short_argv, short_env, 06755, false,
	  false },
	{ "--setid-nosuid", become_nobody, short_argv, short_env, 06755, true, false },
	{ "--memfd", NULL, short_argv, short_env, 0755, false, true },
};

/* Where the program is to be executed. */
static const char *make_program(const struct mode *mode)
{
	static char path[64];
	struct stat st;
	int fd, memfd;

	if (mkdir(FOLDER, 0755))
		die("mkdir " FOLDER ": %m");
	if (mount("bpfcheck", FOLDER, "tmpfs", mode->nosuid ? MS_NOSUID : 0, NULL))
		die("mount tmpfs on " FOLDER ": %m");
	copy_file("program", PROGRAM, mode->file_mode);
	if (!mode->memfd)
		return "./program";
	fd = open(PROGRAM, O_RDONLY | O_CLOEXEC);
	memfd = memfd_create("program", 0);
	if (fd < 0 || memfd < 0 || fstat(fd, &st) ||
	    sendfile(memfd, fd, NULL, (size_t)st.st_size) != st.st_size)
		die("copy " PROGRAM " to a memfd: %m");
	/* Opened anew: what is open for writing cannot be executed. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", memfd);
	fd = open(path, O_RDONLY);
	if (fd < 0 || close(memfd))
		die("open %s: %m", path);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

int main(int argc, char **argv)
{
	const struct mode *mode = FIND_MODE(modes, argc > 1 ? argv[1] : "");
	struct program program = { .argv = mode->argv, .env = mode->env, .prepare = mode->prepare };
	char *source = realpath("do_nothing", NULL);
	struct held held;

	if (!source)
		die("realpath do_nothing: %m");
	make_long_strings();
	private_tmp();
	copy_file(source, "program", 0755);
	program.path = make_program(mode);
	if (chdir(FOLDER))
		die("chdir " FOLDER ": %m");
	held = exec_held(&program);
	truth_number("pid", (uint64_t)getpid());
	truth_text("filename", program.path);
	truth_task("task", held.pid, held.pid);
	truth_cred("cred", held.pid);
	truth_namespaces("namespaces", held.pid);
	truth_tty("tty", held.pid);
	truth_strings("argv", held.pid, "cmdline");
	truth_strings("env", held.pid, "environ");
	truth_cwd("cwd", held.pid);
	held_release(&held);
	truth_print();
	return 0;
}
