/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Finds out whether KVM works here. A /dev/kvm that opens proves little: on some hosts QEMU aborts on a
 * register, on others (seen with KVM nested without hardware support) the guest does run, but a thousand
 * times too slowly to boot a kernel. So a guest of a few bytes must count down from 16 million and
 * answer, within three seconds: 0.03 s where KVM is as it should be, 0.3 s emulated.
 */
#ifndef MACHINE_ACCEL_H
#define MACHINE_ACCEL_H

#include <limits.h>

#include "host/machine/arch.h"

/* Dies (2) for what is neither kvm, tcg nor auto. */
enum accel accel_parse(const char *text);
const char *accel_name(enum accel accel);

/*
 * Return ACCEL_KVM or ACCEL_TCG; dies (5) when KVM is asked for and does not work. The answer is kept in the build
 * folder, for this boot of the host, this user, and this QEMU.
 */
enum accel accel_choose(const struct arch *arch, const char *qemu, const char *build,
			enum accel wanted);

/* The path of QEMU, $QEMU or the architecture's, which stays. Dies (5). */
const char *qemu_find(const struct arch *arch);

/* The subcommand. */
int accel_main(int argc, char **argv);

#endif
