/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* BPF objects linked into the runner (embedded.S). */
#ifndef LOAD_EMBEDDED_H
#define LOAD_EMBEDDED_H

extern const char scope_bpf_start[], scope_bpf_end[];

#endif
