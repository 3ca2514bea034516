/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Finds out whether KVM works here. A /dev/kvm that opens proves little: on some hosts QEMU aborts on a
 * register, on others (seen with KVM nested without hardware support) the guest does run, but a thousand
 * times too slowly to boot a kernel. So a guest of a few bytes must count down from 16 million and
 * answer, within three seconds: 0.03 s where KVM is as it should be, 0.3 s emulated.
 */
#ifndef HOST_ACCEL_H
#define HOST_ACCEL_H

#include <limits.h>

#include "host/machine/arch.h"
#include "host/machine/loop.h"

/* Errors: -EINVAL: neither kvm, tcg nor auto. */
int accel_parse(const char *text, enum accel *accel);
const char *accel_name(enum accel accel);

/*
 * Make ACCEL_AUTO one of the others, and prove ACCEL_KVM. The answer is kept in the build folder, for
 * this boot of the host, this user, and this QEMU. Returns 0 or an exit code, with a message.
 */
int accel_choose(struct loop *loop, const struct arch *arch, const char *qemu, const char *build,
		 enum accel *accel);

/* The path of QEMU: $QEMU, or the architecture's. Returns 0 or an exit code, with a message. */
int qemu_find(const struct arch *arch, char path[PATH_MAX]);

/* The subcommand. */
int accel_main(int argc, char **argv);

#endif
