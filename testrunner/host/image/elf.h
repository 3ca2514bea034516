/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel as an ELF file. */
#ifndef HOST_IMAGE_ELF_H
#define HOST_IMAGE_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define BUILD_ID_MAX 64

struct vmlinux {
	unsigned char build_id[BUILD_ID_MAX];
	size_t build_id_len; /* 0: it has none */
	bool pvh; /* can be booted without a boot loader: Xen's note of the 32-bit entry point */
	bool symbols, dwarf; /* has .symtab, .debug_info */
	const void *btf;     /* what .BTF holds, NULL: nothing; within `bytes` */
	size_t btf_len;
};

/* `bytes` are those of the whole file. Errors: -EINVAL, no ELF file. */
int vmlinux_read(void *bytes, size_t len, struct vmlinux *vmlinux);

/*
 * Write .symtab as lines of System.map, "ADDRESS TYPE NAME", by address. Errors: -EINVAL no ELF file,
 * -ENOENT no symbols, -ENOMEM.
 */
int vmlinux_symbols(void *bytes, size_t len, FILE *to);

/*
 * Does the unpacked kernel hold the note of that build id? (It may hold others, too: those of the vDSO.)
 */
bool build_id_within(const struct vmlinux *vmlinux, const unsigned char *kernel, size_t len);
/* As hexadecimal digits. */
void build_id_format(const struct vmlinux *vmlinux, char text[BUILD_ID_MAX * 2 + 1]);

#endif
