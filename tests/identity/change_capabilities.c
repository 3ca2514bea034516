// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Gives up capabilities with capset, and says what /proc has of them before and after. */
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

#define BIT(cap) (1U << ((cap) % 32))

static int set(unsigned int inheritable_low, unsigned int permitted_low, unsigned int effective_low)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ effective_low, permitted_low, inheritable_low },
		{ BIT(CAP_SYSLOG), BIT(CAP_SYSLOG), 0 },
	};

	return (int)syscall(SYS_capset, &header, data);
}

int main(void)
{
	const unsigned int inheritable = BIT(CAP_CHOWN), effective = BIT(CAP_FOWNER),
			   permitted = inheritable | effective | BIT(CAP_KILL);

	truth_task("task", getpid(), getpid());
	truth_cred("before", getpid());
	/* That changes credentials, too, but no capabilities that the thread has. */
	if (prctl(PR_CAPBSET_DROP, CAP_AUDIT_READ) || prctl(PR_SET_KEEPCAPS, 1))
		die("prctl: %m");
	if (set(inheritable, permitted, effective))
		die("capset: %m");
	truth_cred("after", getpid());
	if (set(inheritable, permitted, effective))
		die("the same capset: %m");
	if (set(inheritable, permitted | BIT(CAP_SETUID), effective) != -1 || errno != EPERM)
		die("capset of a capability that was given up: %m, expected EPERM");
	truth_print();
	return 0;
}
