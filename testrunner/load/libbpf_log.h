/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Keeps libbpf's messages, so that our messages can name the cause. */
#ifndef LOAD_LIBBPF_LOG_H
#define LOAD_LIBBPF_LOG_H

#include <stdbool.h>

/* From now on keep libbpf's warnings instead of printing them. */
void libbpf_log_keep(void);

/* Forget what was kept: something new begins. */
void libbpf_log_clear(void);

/* Has there been none since then? */
bool libbpf_log_is_empty(void);

/*
 * The first warning since then (those after it say what else failed for that), which is then
 * forgotten; where there is none, the text of `error` (an errno). It stays valid until the next
 * call.
 */
const char *libbpf_log_cause(int error);

#endif
