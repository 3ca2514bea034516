// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Writes to terminals.
 *
 * n_tty_write() is the line discipline that all terminals have. It gets the bytes in the kernel's
 * own memory, no more than 2048 at a time, where tty_write() above it has the caller's, in segments
 * that differ between kernels.
 */
#include "kernel_types.h"

#define RECORD_SLOTS 1

/* How many tasks can be writing at once; one more is counted as dropped. */
#define CALLS_MAX 1024

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "events.h"
#include "hooks.h"
#include "kernel_compat.h"
#include "record.h"
#include "task_info.h"

/* The most bytes of what is written, at most FIELD_CAPACITY. */
const volatile __u32 data_max = FIELD_CAPACITY;

/* Nothing reads it: it keeps the struct in the object's BTF. */
const struct tty_write_event *tty_write_event_btf;

/* (tty, file, buffer, size): how many bytes it took, or an error */
HOOK_RETURN(terminal_write, n_tty_write)
{
	const struct tty_struct *tty = (const struct tty_struct *)call.args[0];
	long written = CALL_RESULT(call, 4);
	struct tty_write_event *event;
	struct record *record;

	if (written <= 0)
		return 0;
	record = record_begin(0, sizeof(*event));
	if (!record)
		return 0;
	event = (struct tty_write_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_TTY_WRITE);
	tty_read(&event->tty, tty);
	event->rows = BPF_CORE_READ(tty, winsize.ws_row);
	event->columns = BPF_CORE_READ(tty, winsize.ws_col);
	event->termios.iflag = BPF_CORE_READ(tty, termios.c_iflag);
	event->termios.oflag = BPF_CORE_READ(tty, termios.c_oflag);
	event->termios.cflag = BPF_CORE_READ(tty, termios.c_cflag);
	event->termios.lflag = BPF_CORE_READ(tty, termios.c_lflag);
	event->size = written;
	event->data_truncated =
		record_append(record, &event->data, (void *)call.args[2], false, written, data_max);
	record_send(record);
	return 0;
}

HOOK_CALLS_FORGET(terminal_write)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
