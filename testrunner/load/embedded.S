/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The objects are found through the assembler's include path, so that build/ stays out of this file. */
	.section .rodata
	.balign 8
	.globl scope_bpf_start, scope_bpf_end
scope_bpf_start:
	.incbin "scope.bpf.o"
scope_bpf_end:
	.section .note.GNU-stack,"",%progbits
