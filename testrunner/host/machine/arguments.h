/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* QEMU's argument list. Pure. */
#ifndef MACHINE_ARGUMENTS_H
#define MACHINE_ARGUMENTS_H

#include "host/machine/arch.h"
#include "host/machine/kernel_folder.h"
#include "host/machine/message.h"

/* How a machine gets its memory. */
enum start {
	START_BOOT,    /* it boots, from an initrd with all that the run needs */
	START_SAVE,    /* it boots until it can be saved; its memory is the file "ram" */
	START_RESTORE, /* a saved one, with a private view of its memory */
};

/* The root file system of the guest's payload. */
enum root_way { ROOT_NONE, ROOT_9P, ROOT_9P_WRITABLE, ROOT_BLOCK, ROOT_INITRAMFS };

struct machine {
	const struct arch *arch;
	const char *qemu; /* the program */
	enum accel accel;
	long memory, cpus; /* in MB; how many */
	const char *image, *cmdline;
	enum answer console; /* has the kernel virtio consoles? */
	enum answer share;   /* may it mount the share, where the run wants one? */
	bool streams;	     /* a command with stdin, stdout and stderr of its own */
	enum root_way root;
	const char *root_format; /* of the disk */
	bool root_writable;
	bool terminal; /* console and monitor are on our terminal */
};

/* Descriptors that QEMU inherits; those that a start does not use are not looked at. */
struct machine_fds {
	int initrd, control, input, memory;
};

/*
 * QEMU runs in the folder of the results, so that its options, where a comma has a meaning, need no
 * paths. No device is there that the run does not use: each costs the kernel time.
 */
void machine_arguments(const struct machine *machine, enum start start,
		       const struct machine_fds *fds, struct texts *arguments);

#endif
