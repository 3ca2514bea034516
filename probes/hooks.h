/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where programs attach: to each place in the best way, and in another that needs no trampolines
 * and no BTF in the kernel (kprobes, raw tracepoints); some in a third, as LSM programs. A stand-in's
 * name is that of the program it stands for, ___ and more; a loader takes the one or the other.
 *
 *     HOOK_TRACEPOINT(name, tracepoint) { ... }   ctx[0], ... are the tracepoint's arguments
 *     HOOK_ENTRY(name, function) { ... }          ctx[0], ... are the function's
 *     HOOK_RETURN(name, function) { ... }         those, and what it returned, are in `call`
 *     HOOK_SYSCALL(name, syscall) { ... }         likewise; see syscall_arguments_read()
 *     HOOK_LSM_ENTRY(name, hook) { ... }          ctx[0], ... are those of a question to security
 *                                                 modules, which the function security_<hook> asks
 *     HOOK_LSM_RETURN(name, hook) { ... }         those, and in `call` what has been answered so far
 *
 * Of an argument narrower than 64 bits the rest of the word may be anything (x86: until 6.6,
 * 02a6dfa8ff43 "bpf, x86: save/restore regs with BPF_DW size"): cast it to its type.
 *
 * An object with a HOOK_RETURN defines CALLS_MAX first: how many tasks can be within such functions
 * at once where they are probed; one more is counted as dropped. It ends with HOOK_CALLS_FORGET.
 */
#ifndef HOOKS_H
#define HOOKS_H

#include <linux/ptrace.h>

#include "send.h"

#include <bpf/bpf_tracing.h>

/*
 * A word of a program's context. The verifier wants a constant offset there; of `a ? ctx[2] :
 * ctx[1]` the compiler would make a computed one, which assembly keeps it from.
 */
#define CONTEXT_READ(ctx, index)                                      \
	({                                                            \
		__u64 value_;                                         \
		asm volatile("%0 = *(u64 *)(%1 + %2)"                 \
			     : "=r"(value_)                           \
			     : "r"(ctx), "i"((index) * sizeof(__u64)) \
			     : "memory");                             \
		value_;                                               \
	})

/*
 * The same as a plain number, for what the verifier takes to be a pointer that it forbids to
 * calculate with (a result), or to read (const void *, until 6.15,
 * 1271a40eeafa "bpf: Allow access to const void pointer arguments in tracing programs").
 */
static __always_inline __u64 context_copy(const __u64 *ctx, __u32 index)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), &ctx[index]);
	return value;
}

/* A function that has returned. */
struct call {
	const __u64 *args; /* not probed: with the result behind the last one */
	bool probed;
	__u64 result;
};

#define CALL_RESULT(call, argument_count) \
	((call).probed ? (call).result : CONTEXT_READ((call).args, argument_count))

/* As many as registers carry. */
#define CALL_ARGUMENTS 6

static __always_inline void arguments_read(__u64 *args, struct pt_regs *regs)
{
	args[0] = PT_REGS_PARM1(regs);
	args[1] = PT_REGS_PARM2(regs);
	args[2] = PT_REGS_PARM3(regs);
	args[3] = PT_REGS_PARM4(regs);
	args[4] = PT_REGS_PARM5(regs);
	args[5] = PT_REGS_PARM6(regs);
}

#ifdef CALLS_MAX
/* A kretprobe does not know the arguments: a kprobe has kept them. */
struct pending_call {
	__u64 stack;
	__u64 args[CALL_ARGUMENTS];
};

struct call_key {
	__u32 tid;
	__u32 hook;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CALLS_MAX);
	__type(key, struct call_key);
	__type(value, struct pending_call);
} pending_calls SEC(".maps");

/*
 * Of a function that calls itself (a file system that lies above another) it is the outermost call
 * that counts: those within are further down the stack.
 */
static __always_inline void call_begin(__u32 hook, struct pt_regs *regs)
{
	struct call_key key = { .tid = bpf_get_current_pid_tgid(), .hook = hook };
	struct pending_call *known = bpf_map_lookup_elem(&pending_calls, &key);
	struct pending_call call = { .stack = PT_REGS_SP(regs) };

	if (known && call.stack < known->stack)
		return;
	/* It is over, but its return was not seen. */
	if (known)
		count_event(false);
	arguments_read(call.args, regs);
	if (bpf_map_update_elem(&pending_calls, &key, &call, BPF_ANY))
		count_event(false);
}

static __always_inline bool call_end(__u32 hook, struct pt_regs *regs, __u64 *args)
{
	struct call_key key = { .tid = bpf_get_current_pid_tgid(), .hook = hook };
	struct pending_call *known = bpf_map_lookup_elem(&pending_calls, &key);

	if (!known || PT_REGS_SP(regs) < known->stack)
		return false;
	__builtin_memcpy(args, known->args, sizeof(known->args));
	bpf_map_delete_elem(&pending_calls, &key);
	return true;
}

/*
 * Forgets the calls of a task that ends. Stands below the last HOOK_RETURN and is, as they have, a
 * stand-in: of the program `name`, any of theirs. The kernel watches for only so many returns at
 * once, in some releases for as many as there are processors.
 */
#define HOOK_CALLS_FORGET(name)                                                                    \
	SEC("raw_tracepoint/sched_process_exit") int name##___forget(void *ctx)                    \
	{                                                                                          \
		(void)ctx;                                                                         \
		for (__u32 hook = 0; hook < __COUNTER__; hook++) {                                 \
			struct call_key key = { .tid = bpf_get_current_pid_tgid(), .hook = hook }; \
                                                                                                   \
			if (bpf_map_delete_elem(&pending_calls, &key) == 0)                        \
				count_event(false);                                                \
		}                                                                                  \
		return 0;                                                                          \
	}
#endif

#define HOOK_TRACEPOINT(name, tracepoint)                               \
	static __always_inline int name##_body(const __u64 *ctx);       \
	SEC("tp_btf/" #tracepoint) int name(__u64 *ctx)                 \
	{                                                               \
		return name##_body(ctx);                                \
	}                                                               \
	SEC("raw_tracepoint/" #tracepoint) int name##___raw(__u64 *ctx) \
	{                                                               \
		return name##_body(ctx);                                \
	}                                                               \
	static __always_inline int name##_body(const __u64 *ctx)

#define HOOK_ENTRY(name, function)                                         \
	static __always_inline int name##_body(const __u64 *ctx);          \
	SEC("fentry/" #function) int name(__u64 *ctx)                      \
	{                                                                  \
		return name##_body(ctx);                                   \
	}                                                                  \
	SEC("kprobe/" #function) int name##___kprobe(struct pt_regs *regs) \
	{                                                                  \
		__u64 args[CALL_ARGUMENTS];                                \
                                                                           \
		arguments_read(args, regs);                                \
		return name##_body(args);                                  \
	}                                                                  \
	static __always_inline int name##_body(const __u64 *ctx)

#define HOOK_RETURN(name, function)                                                \
	enum { name##_hook = __COUNTER__ };                                        \
	static __always_inline int name##_body(struct call call);                  \
	SEC("fexit/" #function) int name(__u64 *ctx)                               \
	{                                                                          \
		return name##_body((struct call){ .args = ctx });                  \
	}                                                                          \
	SEC("kprobe/" #function) int name##___kprobe(struct pt_regs *regs)         \
	{                                                                          \
		call_begin(name##_hook, regs);                                     \
		return 0;                                                          \
	}                                                                          \
	SEC("kretprobe/" #function) int name##___kretprobe(struct pt_regs *regs)   \
	{                                                                          \
		struct call call = { .probed = true, .result = PT_REGS_RC(regs) }; \
		__u64 args[CALL_ARGUMENTS];                                        \
                                                                                   \
		call.args = args;                                                  \
		return call_end(name##_hook, regs, args) ? name##_body(call) : 0;  \
	}                                                                          \
	static __always_inline int name##_body(struct call call)

/*
 * A call of the security modules. If BPF is among them, an LSM program is used: the LSM interface is
 * stable, while a security_ function may be inlined or change. Differences:
 * - The kernel calls the modules in turn, until one refuses. Modules behind BPF (lsm= on the kernel's
 *   command line has the order) may still refuse, and so may calls that the function makes after all
 *   modules, as security_file_open calls fanotify (until 6.13, 1cda52f1b461 "fsnotify, lsm: Decouple fsnotify from
 *   lsm"). So this is only for programs that leave it to another hook to say what has happened, and
 *   where nobody can say no.
 * - These programs are preempted and then run again on the same CPU, where others are left out (from
 *   6.2 on, 271de525e1d7 "bpf: Remove prog->active check for bpf_lsm and bpf_iter", and in the stable
 *   series 6.1). Nothing is lost by that, but they must not use record.h's records, which are per CPU.
 */
#define HOOK_LSM_PROGRAM(name, hook, context) \
	SEC("lsm/" #hook)                     \
	int name##___lsm(__u64 *ctx)          \
	{                                     \
		name##_body(context);         \
		return 0; /* no objection */  \
	}

#define HOOK_LSM_ENTRY(name, hook)                                \
	static __always_inline int name##_body(const __u64 *ctx); \
	HOOK_LSM_PROGRAM(name, hook, ctx)                         \
	HOOK_ENTRY(name, security_##hook)

#define HOOK_LSM_RETURN(name, hook)                                  \
	static __always_inline int name##_body(struct call call);    \
	HOOK_LSM_PROGRAM(name, hook, ((struct call){ .args = ctx })) \
	HOOK_RETURN(name, security_##hook)

/*
 * A system call that has returned. Its function takes the registers of the caller, and for a caller
 * of another word size, such as a 32-bit program, it is another function, which is not hooked.
 */
#if defined(__TARGET_ARCH_x86)
#define HOOK_SYSCALL(name, syscall) HOOK_RETURN(name, __x64_sys_##syscall)
#elif defined(__TARGET_ARCH_arm64)
#define HOOK_SYSCALL(name, syscall) HOOK_RETURN(name, __arm64_sys_##syscall)
#endif

#define SYSCALL_RESULT(call) ((long)CALL_RESULT(call, 1))

/*
 * The first three arguments. The context is read by a helper: for some system calls the BTF of 5.10
 * knows no more of struct pt_regs than its name, and then the verifier lets nobody read the pointer.
 */
static __always_inline void syscall_arguments_read(__u64 *args, struct call call)
{
	struct pt_regs regs, *from = NULL;

	bpf_probe_read_kernel(&from, sizeof(from), call.args);
	bpf_probe_read_kernel(&regs, sizeof(regs), from);
	args[0] = PT_REGS_PARM1_SYSCALL(&regs);
	args[1] = PT_REGS_PARM2_SYSCALL(&regs);
	args[2] = PT_REGS_PARM3_SYSCALL(&regs);
}

#endif
