/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* QEMU's own account of the end of the machine (machine.ndjson, its QMP stream). Pure: no
 * files. */
#ifndef HOST_REPORT_MACHINE_H
#define HOST_REPORT_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

enum machine_end {
	MACHINE_UNKNOWN,    /* no stream, or it ends before the machine did */
	MACHINE_OFF,	    /* the guest powered off */
	MACHINE_RESET,	    /* the guest reset: with panic=-1 that is a panic, or a triple fault */
	MACHINE_PANIC,	    /* the guest said so through a panic device */
	MACHINE_STOPPED,    /* the host stopped QEMU: a signal, `quit` */
	MACHINE_HOST_ERROR, /* QEMU gave up */
};

struct machine {
	enum machine_end end;
	char reason[48]; /* QEMU's own word, "guest-reset" */
};

/* Lines that are no QMP events are passed over. Never fails: what cannot be read is
 * MACHINE_UNKNOWN. */
void machine_parse(const char *data, size_t len, struct machine *machine);

#endif
