/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by event generators: exit with a message, the truth as JSON, and the kernel's
 * own view of tasks and files. Linked into every generator that calls it.
 */
#ifndef GENERATOR_H
#define GENERATOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* "PROGRAM: message" on stderr, exit 1. `%m` in the format is the error of the last call. */
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/*
 * The row of a table, a static array of structs, whose first member `const char *name` is `name`.
 * Dies when there is none.
 */
#define FIND_MODE(rows, wanted) \
	((__typeof__(&(rows)[0]))find_mode((rows), ARRAY_SIZE(rows), sizeof((rows)[0]), (wanted)))
const void *find_mode(const void *rows, size_t count, size_t size, const char *name);

/*
 * The truth: one JSON object, the $variables of the test. Names in it are $name, or $group.name
 * between truth_open(group) and truth_close().
 */
void truth_number(const char *name, uint64_t number);
void truth_text(const char *name, const char *text);
/* Strings that each end with NUL: $name[0], $name[1], ... */
void truth_list(const char *name, const char *strings, size_t len);
void truth_open(const char *group);
void truth_close(void);
/* Print it as the last line of stdout. */
void truth_print(void);

/*
 * A group of the kernel's view of a task, from /proc: ids as the events' `struct task` has them,
 * and start_low, start_high, the range of nanoseconds that its start time in clock ticks stands
 * for. `tid` is `pid` for the first thread.
 */
void truth_task(const char *group, pid_t pid, pid_t tid);
/* ruid, euid, suid, fsuid, rgid, egid, sgid, fsgid, cap_inheritable, cap_permitted, cap_effective. */
void truth_cred(const char *group, pid_t pid);
/* The strings in /proc/PID/cmdline or environ. */
void truth_strings(const char *name, pid_t pid, const char *file);
/* The path of its working directory. */
void truth_cwd(const char *name, pid_t pid);
/* uts, ipc, mnt, pid, net, cgroup, time; a namespace that the kernel lacks is 0. */
void truth_namespaces(const char *group, pid_t pid);
/* major, minor of the controlling terminal; 0 for none. */
void truth_tty(const char *group, pid_t pid);
/* id and path of its cgroup v2, as seen from our cgroup namespace. */
void truth_cgroup(const char *group, pid_t pid);
/* The directory of that cgroup. */
void cgroup_folder(pid_t pid, char *folder, size_t size);
/* The path that the kernel has for the file itself, from the root of this process. */
void truth_path(const char *name, const char *path);
/* inode, mode, size, uid, gid of the file itself, not of what a symlink points to. */
void truth_file(const char *group, const char *path);
/* The same of an open file. */
void truth_fd(const char *group, int fd);

/* fork() that cannot fail. */
pid_t fork_or_die(void);
/* Wait for a child of ours, return its wait status. */
int wait_for(pid_t pid);
/* Wait for a child, which must exit with `code`. */
void expect_exit(pid_t pid, int code);

/*
 * Run `program` in a child, after `prepare` there (or NULL), with the child's standard input open
 * for as long as `hold` is: a program that reads it, such as do_nothing, can be looked at meanwhile.
 * Returns when the exec is done; then the child's id is in /proc with all that belongs to it.
 */
struct held {
	pid_t pid;
	int hold;
};

struct program {
	const char *path;
	char *const *argv, *const *env;
	void (*prepare)(void);
};

struct held exec_held(const struct program *program);
/* Let it go on; it must exit with 0. */
void held_release(const struct held *held);

/* A pipe whose ends are closed by exec, for children that must wait, or tell us something. */
struct gate {
	int read_end, write_end;
};

struct gate gate_make(void);
/* Wait until somebody opens it; exit when nobody is left to do so, who will have said why. */
void gate_wait(const struct gate *gate);
void gate_open(const struct gate *gate);

/* A terminal, and the master at its other end. */
struct terminal {
	int master, slave;
	char path[64]; /* of the slave */
};

struct terminal terminal_open(void);
/* Make it the controlling terminal of the session that this process leads. */
void terminal_control(const struct terminal *terminal);

/*
 * A mount namespace of our own, in which /tmp is a new, empty tmpfs: inode numbers are stat()'s,
 * set-id bits count, nothing is left behind. Ends up in /tmp.
 */
void private_tmp(void);
/* Copy a file into a new one with `mode`. */
void copy_file(const char *from, const char *to, mode_t mode);
/* Make a new file with `size` bytes in it. */
void make_file(const char *path, mode_t mode, size_t size);

#endif
