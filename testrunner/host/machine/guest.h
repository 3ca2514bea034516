/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A machine that runs: its start, its deadlines, its end. */
#ifndef MACHINE_GUEST_H
#define MACHINE_GUEST_H

#include "host/machine/arguments.h"
#include "host/machine/child.h"
#include "host/machine/deadline.h"
#include "host/machine/qmp.h"

#define GUEST_PARTS 2

struct guest_part {
	const char *bytes;
	size_t len;
};

struct guest {
	const struct machine *machine;
	enum start start;
	const char *path; /* of the folder that QEMU runs in */
	int folder;	  /* the same, open */
	struct child qemu;
	/* Our ends of what QEMU is connected with; < 0: not connected. */
	int qmp, control, input;
	int state;   /* the pipe through which QEMU reads the state of a saved machine */
	int log;     /* machine.ndjson; < 0: nobody needs it */
	int errors;  /* what QEMU printed to stderr */
	int changes; /* an inotify that tells of the first record, and of output */
	struct qmp_lines lines;
	struct deadline deadline;
	bool expired;
	char address[20]; /* where the processor was then, in hexadecimal digits; or "" */
	bool saved;
	char save_error[256];
	int state_file;			      /* where that comes from */
	struct guest_part parts[GUEST_PARTS]; /* left to be sent to the control port */
	/* Called when something may have come from the guest, and at the first record; or NULL. */
	void (*changed)(void *context);
	void (*answered)(void *context);
	void *context;
};

/* Descriptors that a start needs. */
struct guest_files {
	int initrd;	   /* START_BOOT, START_SAVE */
	int memory, state; /* START_RESTORE */
};

/* Before anything else. */
void guest_init(struct guest *guest, const struct machine *machine);

/*
 * Start QEMU in a folder. The deadlines are in seconds: for the first record, and from then on. guest_end() is due.
 * Dies (5).
 */
void guest_start(struct guest *guest, enum start start, const char *path, int folder,
		 const struct guest_files *files, long boot, long run);
/*
 * Send bytes to the guest's control port, as fast as it reads; from now on it has to answer. The bytes
 * must stay until its end.
 */
void guest_send(struct guest *guest, const struct guest_part parts[GUEST_PARTS]);
/* Keep the deadlines until QEMU has ended. */
void guest_run(struct guest *guest);
/* The first lines that QEMU printed to stderr. */
void guest_errors(const struct guest *guest, char *text, size_t size);
/* End QEMU, if it runs, and close all. */
void guest_end(struct guest *guest);

#endif
