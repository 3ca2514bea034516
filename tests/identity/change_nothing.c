// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Somebody without privileges calls all that changes ids and capabilities, where that fails, or
 * changes nothing; execs a program that has other ids from its file; and this changes them in the
 * end: change_nothing [--set-id].
 */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

#define ME 1000

static int set_all(long uid, long euid, long suid)
{
	return (int)syscall(SYS_setresuid, uid, euid, suid);
}

static int set_all_groups(long gid, long egid, long sgid)
{
	return (int)syscall(SYS_setresgid, gid, egid, sgid);
}

static int set_one(long uid, long unused, long unused2)
{
	(void)unused, (void)unused2;
	return (int)syscall(SYS_setuid, uid);
}

static int set_one_group(long gid, long unused, long unused2)
{
	(void)unused, (void)unused2;
	return (int)syscall(SYS_setgid, gid);
}

static int set_two(long uid, long euid, long unused)
{
	(void)unused;
	return (int)syscall(SYS_setreuid, uid, euid);
}

static int set_two_groups(long gid, long egid, long unused)
{
	(void)unused;
	return (int)syscall(SYS_setregid, gid, egid);
}

/* These return what was before, whatever they do. */
static int set_file_ids(long id, long unused, long unused2)
{
	(void)unused, (void)unused2;
	return setfsuid((uid_t)id) == ME && setfsgid((gid_t)id) == ME ? 0 : -1;
}

static int set_capabilities(long permitted, long unused, long unused2)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { .permitted = (unsigned int)permitted } };

	(void)unused, (void)unused2;
	return (int)syscall(SYS_capset, &header, data);
}

static const struct attempt {
	int (*make)(long, long, long);
	long ids[3];
	int error;
} attempts[] = {
	{ set_one, { 0 }, EPERM },
	{ set_one, { -1 }, EINVAL },
	{ set_one, { ME }, 0 },
	{ set_two, { 0, -1 }, EPERM },
	{ set_two, { -1, -1 }, 0 },
	{ set_two, { ME, ME }, 0 },
	{ set_all, { -1, -1, 0 }, EPERM },
	{ set_all, { -1, -1, -1 }, 0 },
	{ set_all, { ME, ME, ME }, 0 },
	{ set_one_group, { 0 }, EPERM },
	{ set_one_group, { ME }, 0 },
	{ set_two_groups, { 0, -1 }, EPERM },
	{ set_two_groups, { -1, ME }, 0 },
	{ set_all_groups, { -1, -1, 0 }, EPERM },
	{ set_all_groups, { ME, ME, ME }, 0 },
	{ set_file_ids, { 0 }, 0 },
	{ set_file_ids, { ME }, 0 },
	{ set_capabilities, { 1 }, EPERM },
	{ set_capabilities, { 0 }, 0 },
};

static void make_attempts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
		const struct attempt *attempt = &attempts[i];

		errno = 0;
		attempt->make(attempt->ids[0], attempt->ids[1], attempt->ids[2]);
		if (errno != attempt->error)
			die("attempt %zu: %m, expected %s", i, strerror(attempt->error));
	}
}

int main(int argc, char **argv)
{
	char *again[] = { argv[0], "--set-id", NULL };

	if (argc > 1) {
		if (setresuid(0, 0, 0))
			die("become root: %m");
		truth_number("pid", (uint64_t)getpid());
		truth_print();
		return 0;
	}
	private_tmp();
	copy_file("/proc/self/exe", "program", 06755);
	if (setresgid(ME, ME, ME) || setresuid(ME, ME, ME))
		die("become nobody: %m");
	make_attempts();
	execv("/tmp/program", again);
	die("exec: %m");
}
