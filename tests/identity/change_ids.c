// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Changes its ids by one call after the other, and says what /proc has of it after each.
 *
 * change_ids WHICH
 *   user      setresuid, setreuid, setfsuid, setresuid back to root, setuid
 *   group     the same of the group
 */
#include <linux/securebits.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "generator.h"

/* As long as this is set, who has other ids than root's keeps the capabilities to change them again. */
static int keep_capabilities(int keep)
{
	return prctl(PR_SET_SECUREBITS, keep ? SECBIT_NO_SETUID_FIXUP : 0);
}

static int set_resuid(void)
{
	return setresuid(1001, 1002, 1003);
}

static int set_reuid(void)
{
	return setreuid(1004, 1005);
}

/* It returns what it was before, by which it cannot be told whether it worked. */
static int set_fsuid(void)
{
	setfsuid(1006);
	return setfsuid(1006) != 1006;
}

static int set_root(void)
{
	return setresuid(0, 0, 0);
}

/* Without capabilities from here on. */
static int set_uid(void)
{
	return keep_capabilities(0) || setuid(1007);
}

static int set_resgid(void)
{
	return setresgid(2001, 2002, 2003);
}

static int set_regid(void)
{
	return setregid(2004, 2005);
}

static int set_fsgid(void)
{
	setfsgid(2006);
	return setfsgid(2006) != 2006;
}

static int set_gid(void)
{
	return setgid(2007);
}

static int set_root_group(void)
{
	return setresgid(0, 0, 0);
}

struct step {
	const char *name; /* and that of the truth about what has come of it */
	int (*take)(void);
};

static const struct which {
	const char *name;
	struct step steps[5];
} whiches[] = {
	{ "user",
	  { { "by_setresuid", set_resuid },
	    { "by_setreuid", set_reuid },
	    { "by_setfsuid", set_fsuid },
	    { "root_again", set_root },
	    { "by_setuid", set_uid } } },
	{ "group",
	  { { "by_setresgid", set_resgid },
	    { "by_setregid", set_regid },
	    { "by_setfsgid", set_fsgid },
	    { "root_again", set_root_group },
	    { "by_setgid", set_gid } } },
};

int main(int argc, char **argv)
{
	const struct which *which = FIND_MODE(whiches, argc > 1 ? argv[1] : "");

	if (keep_capabilities(1))
		die("set securebits: %m");
	truth_task("task", getpid(), getpid());
	truth_cred("root", getpid());
	for (size_t i = 0; i < ARRAY_SIZE(which->steps); i++) {
		if (which->steps[i].take())
			die("%s: %m", which->steps[i].name);
		truth_cred(which->steps[i].name, getpid());
	}
	truth_print();
	return 0;
}
