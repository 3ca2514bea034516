// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The one table of what kernels and libbpf say when a program does not load or attach. */
#include "record/failure_class.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* The kernel's own, of include/linux/errno.h: "operation is not supported". */
#define KERNEL_ENOTSUPP 524

const char *const failure_class_names[] = {
	[CLASS_BTF] = "missing BTF",
	[CLASS_CORE] = "CO-RE relocation",
	[CLASS_ATTACH] = "unknown function to attach to",
	[CLASS_PROGRAM_TYPE] = "unsupported program type",
	[CLASS_MAP_TYPE] = "unsupported map type",
	[CLASS_HELPER] = "helper not allowed",
	[CLASS_INSTRUCTION] = "unsupported instruction",
	[CLASS_COMPLEX] = "too complex",
	[CLASS_PERMISSION] = "permission",
	[CLASS_VERIFIER] = "verifier",
	[CLASS_OTHER] = "other",
	NULL,
};

static const char *const hints[CLASS_OTHER + 1] = {
	[CLASS_INSTRUCTION] = "compile for an older BPF processor, such as clang -mcpu=v2",
};

enum source { LIBBPF, VERIFIER };

/* The first row that applies. */
static const struct class_row {
	enum failure_class class;
	enum source source;
	const char *part; /* of the line */
	int error;	  /* 0: any */
} rows[] = {
	/* Root in a guest of ours: a lockdown, an LSM, a limit. */
	{ CLASS_PERMISSION, LIBBPF, "", EPERM },
	{ CLASS_PERMISSION, LIBBPF, "", EACCES },

	{ CLASS_BTF, LIBBPF, "failed to find valid kernel BTF", 0 },
	{ CLASS_BTF, LIBBPF, "kernel BTF is missing", 0 },
	{ CLASS_BTF, LIBBPF, "Error loading vmlinux BTF", 0 },
	{ CLASS_BTF, LIBBPF, "vmlinux BTF is not found", 0 },
	{ CLASS_BTF, LIBBPF, "failed to parse target BTF", 0 },
	{ CLASS_BTF, LIBBPF, "BTF is required", 0 },
	{ CLASS_BTF, LIBBPF, "BTF is mandatory", 0 },
	{ CLASS_BTF, VERIFIER, "BTF is malformed", 0 },
	{ CLASS_BTF, VERIFIER, "kernel is missing BTF", 0 },
	{ CLASS_BTF, VERIFIER, "without CONFIG_DEBUG_INFO_BTF", 0 },

	/* libbpf has put a call of this number where the relocation failed, and words the log anew. */
	{ CLASS_CORE, VERIFIER, "CO-RE relocation", 0 },
	{ CLASS_CORE, VERIFIER, "unknown#195896080", 0 },
	{ CLASS_CORE, LIBBPF, "CO-RE relocation", 0 },
	{ CLASS_CORE, LIBBPF, "target candidate search failed", 0 },
	{ CLASS_CORE, LIBBPF, ": failed to relocate:", 0 },

	{ CLASS_ATTACH, LIBBPF, "failed to find kernel BTF type ID of", 0 },
	{ CLASS_ATTACH, LIBBPF, "is not found in vmlinux BTF", 0 },
	{ CLASS_ATTACH, LIBBPF, "failed to create kprobe", 0 },
	{ CLASS_ATTACH, LIBBPF, "failed to create kretprobe", 0 },
	{ CLASS_ATTACH, LIBBPF, "legacy kprobe event", 0 },
	{ CLASS_ATTACH, LIBBPF, "failed to determine tracepoint", 0 },
	{ CLASS_ATTACH, LIBBPF, "failed to attach", ESRCH },
	/* Raw tracepoints, kprobe.multi, uprobes, USDT: what they all come down to. */
	{ CLASS_ATTACH, LIBBPF, "No such file or directory", ENOENT },
	{ CLASS_ATTACH, LIBBPF, "failed to resolve full path for", 0 },
	{ CLASS_ATTACH, LIBBPF, "elf: failed to find symbol", 0 },
	{ CLASS_ATTACH, LIBBPF, "failed to create uprobe", 0 },
	{ CLASS_ATTACH, LIBBPF, "failed to create uretprobe", 0 },
	{ CLASS_ATTACH, VERIFIER, "is not a function", 0 },
	{ CLASS_ATTACH, VERIFIER, "The address of function", 0 },

	/* The syscall refused before the verifier began: it does not know the type, or how to attach it. */
	{ CLASS_PROGRAM_TYPE, LIBBPF, "BPF program load failed", EINVAL },
	{ CLASS_PROGRAM_TYPE, LIBBPF, "struct_ops init_kern", 0 },

	{ CLASS_MAP_TYPE, LIBBPF, "': failed to create", EINVAL },
	{ CLASS_MAP_TYPE, LIBBPF, "': failed to create", EOPNOTSUPP },
	{ CLASS_MAP_TYPE, LIBBPF, "': failed to create", KERNEL_ENOTSUPP },

	/* A helper that is newer than the kernel is "invalid", one of other program types "unknown". */
	{ CLASS_HELPER, VERIFIER, "unknown func ", 0 },
	{ CLASS_HELPER, VERIFIER, "invalid func ", 0 },
	{ CLASS_HELPER, VERIFIER, "cannot use helper ", 0 },
	{ CLASS_HELPER, VERIFIER, "cannot call ", 0 },
	{ CLASS_HELPER, VERIFIER, "calling kernel function", 0 },
	{ CLASS_HELPER, VERIFIER, "helper call is not allowed", 0 },
	{ CLASS_HELPER, VERIFIER, "helper call might sleep", 0 },
	{ CLASS_HELPER, VERIFIER, "supported only for", 0 },
	{ CLASS_HELPER, VERIFIER, "not supported for program type", 0 },
	{ CLASS_HELPER, VERIFIER, "is referenced but wasn't resolved", 0 },
	{ CLASS_HELPER, LIBBPF, "extern (func ksym)", 0 },

	/* Bits that were reserved when this kernel's verifier was written; a mode or opcode since. */
	{ CLASS_INSTRUCTION, VERIFIER, "uses reserved fields", 0 },
	{ CLASS_INSTRUCTION, VERIFIER, "unknown opcode ", 0 },
	{ CLASS_INSTRUCTION, VERIFIER, "invalid atomic opcode ", 0 },
	{ CLASS_INSTRUCTION, VERIFIER, "invalid BPF_ALU opcode ", 0 },
	{ CLASS_INSTRUCTION, VERIFIER, "invalid BPF_JMP opcode ", 0 },

	{ CLASS_COMPLEX, VERIFIER, "program is too large", 0 },
	{ CLASS_COMPLEX, VERIFIER, "is too complex", 0 },
	{ CLASS_COMPLEX, VERIFIER, "frames is too deep", 0 },
	{ CLASS_COMPLEX, VERIFIER, "too many subprograms", 0 },

	{ CLASS_VERIFIER, VERIFIER, "", 0 },
};

enum failure_class failure_classify(const char *cause, bool from_verifier, int error)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct class_row *row = &rows[i];

		if ((row->source == VERIFIER) == from_verifier &&
		    (row->error == 0 || row->error == error) && strstr(cause, row->part))
			return row->class;
	}
	return CLASS_OTHER;
}

const char *failure_class_hint(enum failure_class class)
{
	return hints[class];
}
