/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Prepares a run before its arguments are known. */
#ifndef RUN_PREPARE_H
#define RUN_PREPARE_H

/*
 * The runner that init starts before the host saves a machine calls this, so that restored machines
 * need not repeat the work that all runs share. Stdin is a socket. One byte is sent when all is
 * ready; it must stay unread in the socket. Then the arguments arrive, each ended by a NUL byte, up
 * to the end of file. Returns 0 with these arguments in *argc and *argv, or -errno.
 */
int prepare_run(int *argc, char ***argv);

#endif
