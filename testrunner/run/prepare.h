/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Gets ready for a run before it is known which. */
#ifndef RUN_PREPARE_H
#define RUN_PREPARE_H

/*
 * For machines that are saved and restored: init starts a runner before, so that what is the same in
 * every run has been done. Stdin is a socket; a byte is sent when all is ready, which is to stay in
 * the socket, then come the arguments, each ended by a NUL byte, up to the end of file. Returns 0
 * with those in place of the caller's, or -errno.
 */
int prepare_run(int *argc, char ***argv);

#endif
