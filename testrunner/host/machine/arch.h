/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The table of architectures: everything in which one machine differs from another. Pure. */
#ifndef MACHINE_ARCH_H
#define MACHINE_ARCH_H

#include <stdbool.h>
#include <stddef.h>

/* How the host runs the guest. */
enum accel { ACCEL_KVM, ACCEL_TCG, ACCEL_AUTO };

/* A guest that proves KVM: it counts down, then ends QEMU with `answer`. */
struct proof {
	const char *const *arguments; /* QEMU's, before -bios */
	size_t bios_size;	      /* in bytes; `code` is the last of them */
	const unsigned char *code;
	size_t code_size;
	int answer;
};

struct arch {
	const char *name;      /* as meta.json has it */
	const char *qemu;      /* the program, if QEMU is not set */
	const char *machine;   /* for -machine */
	const char *cpu[2];    /* for -cpu, by enum accel */
	const char *cmdline;   /* of the kernel */
	bool tsc_from_host;    /* TCG: the guest's counter is the host's, see arch_cmdline() */
	const char *images[3]; /* in the kernel's folder, the best first */
	const char *program_counter; /* the register's name in `info registers`, with its '=' */
	struct proof proof;
};

/* Returns NULL if no row has that name. */
const struct arch *arch_find(const char *name);

/*
 * Write the kernel's command line, with `extra` at its end. `cpuinfo` is the first processor's part of
 * /proc/cpuinfo. Errors: -E2BIG.
 */
int arch_cmdline(const struct arch *arch, enum accel accel, const char *cpuinfo, const char *extra,
		 char *text, size_t size);

#endif
