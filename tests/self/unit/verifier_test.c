// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Verifier logs and libbpf's messages, as kernels made them: statistics, cause, class. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/failure_class.h"
#include "record/verifier_log.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct log_row {
	const char *name, *log, *cause;
	enum failure_class class;
	struct verifier_statistics statistics;
} logs[] = {
	{ "5.10: a helper of 6.1",
	  "func#0 @0\n"
	  "arg#0 type is not a struct\n"
	  "Unrecognized arg#0 type PTR\n"
	  "; last = bpf_ktime_get_tai_ns();\n"
	  "0: (85) call unknown#208\n"
	  "invalid func unknown#208\n"
	  "verification time 209 usec\n"
	  "stack depth 0\n"
	  "processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "invalid func unknown#208",
	  CLASS_HELPER,
	  { 1, 0, 0, 0, 209 } },
	{ "6.1: a helper of other program types",
	  "4: (85) call bpf_skb_load_bytes#26\n"
	  "unknown func bpf_skb_load_bytes#26\n"
	  "verification time 1306 usec\n"
	  "stack depth 0\n"
	  "processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "unknown func bpf_skb_load_bytes#26",
	  CLASS_HELPER,
	  { 5, 0, 0, 0, 1306 } },
	{ "7.2: a helper of other program types",
	  "4: (85) call bpf_skb_load_bytes#26\n"
	  "program of this type cannot use helper bpf_skb_load_bytes#26\n"
	  "verification time 1690 usec\n"
	  "stack depth 0 max 0\n"
	  "insns processed 5\n"
	  "processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "program of this type cannot use helper bpf_skb_load_bytes#26",
	  CLASS_HELPER,
	  { 5, 0, 0, 0, 1690 } },
	{ "5.10: a weak kfunc that is not there, in libbpf's words",
	  "0: <invalid kfunc call>\n"
	  "kfunc 'bpf_weak_kfunc' is referenced but wasn't resolved\n"
	  "verification time 148 usec\n"
	  "stack depth 0\n"
	  "processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "kfunc 'bpf_weak_kfunc' is referenced but wasn't resolved",
	  CLASS_HELPER,
	  { 1, 0, 0, 0, 148 } },
	{ "5.10: a field of 5.14, in libbpf's words",
	  "0: (85) call bpf_get_current_task#35\n"
	  "1: <invalid CO-RE relocation>\n"
	  "failed to resolve CO-RE relocation <byte_off> [5] struct task_struct.__state (0:0 @ offset 0)\n"
	  "verification time 186 usec\n"
	  "stack depth 0\n"
	  "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "failed to resolve CO-RE relocation <byte_off> [5] struct task_struct.__state (0:0 @ offset 0)",
	  CLASS_CORE,
	  { 2, 0, 0, 0, 186 } },
	{ "5.10: the same, without the steps",
	  "arg#0 type is not a struct\n"
	  "Unrecognized arg#0 type PTR\n"
	  "invalid func unknown#195896080\n"
	  "verification time 193 usec\n"
	  "stack depth 0\n"
	  "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "invalid func unknown#195896080",
	  CLASS_CORE,
	  { 2, 0, 0, 0, 193 } },
	{ "5.10: an atomic instruction of 5.12, which clang 20 and later emit by default",
	  "BPF_STX uses reserved fields\n"
	  "verification time 57 usec\n"
	  "stack depth 0\n"
	  "processed 0 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "BPF_STX uses reserved fields",
	  CLASS_INSTRUCTION,
	  { 0, 0, 0, 0, 57 } },
	{ "6.1: a byte swap of 6.6",
	  "BPF_END uses reserved fields\n",
	  "BPF_END uses reserved fields",
	  CLASS_INSTRUCTION,
	  { -1, -1, -1, -1, -1 } },
	{ "6.1: an instruction that does not exist",
	  "unknown opcode 8d\n",
	  "unknown opcode 8d",
	  CLASS_INSTRUCTION,
	  { -1, -1, -1, -1, -1 } },
	{ "6.1: branches",
	  "reg type unsupported for arg#0 function count_branches#17\n"
	  "The sequence of 8193 jumps is too complex.\n"
	  "verification time 1086993 usec\n"
	  "stack depth 0\n"
	  "processed 106502 insns (limit 1000000) max_states_per_insn 4 total_states 2052 peak_states 2052 mark_read 2\n",
	  "The sequence of 8193 jumps is too complex.",
	  CLASS_COMPLEX,
	  { 106502, 2052, 2052, 0, 1086993 } },
	{ "7.2: instructions",
	  "arg#0 reference type('UNKNOWN ') size cannot be determined: -22\n"
	  "BPF program is too large. Processed 1000001 insn\n"
	  "verification time 4769164 usec\n"
	  "stack depth 0 max 0\n"
	  "insns processed 1000001\n"
	  "processed 1000001 insns (limit 1000000) max_states_per_insn 4 total_states 12501 peak_states 12501 mark_read 0\n",
	  "BPF program is too large. Processed 1000001 insn",
	  CLASS_COMPLEX,
	  { 1000001, 12501, 12501, 0, 4769164 } },
	{ "7.3: a look-up that is not checked in a function, explained",
	  "13: (79) r0 = *(u64 *)(r0 +0)\n"
	  "R0 invalid mem access 'map_value_or_null'\n"
	  "\n"
	  "Verification failed: Register Type Safety: Invalid dereference\n"
	  "\n"
	  "Reason:\n"
	  "  R0 may be NULL here (a nullable map value pointer). The program could dereference NULL on this\n"
	  "  path, so the verifier cannot prove this access is safe.\n"
	  "\n"
	  "Suggestion:\n"
	  "  Add a NULL check before the access and dereference the pointer only on the non-NULL path.\n"
	  "\n"
	  "verification time 3262 usec\n"
	  "stack depth max 0\n"
	  "subprog 0 (static_read) main insns_self 5 insns_total 18 stack 0\n"
	  "subprog 1 (look) static insns_self 13 insns_total 13 stack 8\n"
	  "processed 18 insns (limit 1000000) max_states_per_insn 0 total_states 2 peak_states 2 mark_read 0\n",
	  "R0 invalid mem access 'map_value_or_null'",
	  CLASS_VERIFIER,
	  { 18, 2, 2, 8, 3262 } },
	{ "7.3: a result that is not allowed, not explained",
	  "1: (95) exit\n"
	  "At program exit the register R0 has smin=7 smax=7 should have been in [0, 1]\n"
	  "verification time 747 usec\n"
	  "stack depth max 0\n"
	  "subprog 0 (returns_too_much) main insns_self 2 insns_total 2 stack 0\n"
	  "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "At program exit the register R0 has smin=7 smax=7 should have been in [0, 1]",
	  CLASS_VERIFIER,
	  { 2, 0, 0, 0, 747 } },
	{ "5.10: a look-up that is not checked; a comment in the source is no reason",
	  "; /* too complex: invalid func */ return (int)*sum;\n"
	  "7: (79) r0 = *(u64 *)(r0 +0)\n"
	  "R0 invalid mem access 'map_value_or_null'\n"
	  "verification time 1021 usec\n"
	  "stack depth 4\n"
	  "processed 7 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n",
	  "R0 invalid mem access 'map_value_or_null'",
	  CLASS_VERIFIER,
	  { 7, 0, 0, 4, 1021 } },
	{ "6.1: a kernel without BTF of its own",
	  "kernel is missing BTF, make sure CONFIG_DEBUG_INFO_BTF=y is specified in Kconfig.\n",
	  "kernel is missing BTF, make sure CONFIG_DEBUG_INFO_BTF=y is specified in Kconfig.",
	  CLASS_BTF,
	  { -1, -1, -1, -1, -1 } },
};

static const struct message_row {
	const char *message;
	int error;
	enum failure_class class;
} messages[] = {
	{ "map 'seen': failed to create: Invalid argument(-22)", EINVAL, CLASS_MAP_TYPE },
	{ "map 'seen': failed to create: Argument list too long(-7)", E2BIG, CLASS_OTHER },
	{ "map 'seen': failed to create: Operation not permitted(-1)", EPERM, CLASS_PERMISSION },
	{ "prog 'do_nothing': BPF program load failed: Invalid argument", EINVAL,
	  CLASS_PROGRAM_TYPE },
	{ "prog 'do_nothing': BPF program load failed: Operation not permitted", EPERM,
	  CLASS_PERMISSION },
	{ "prog 'do_nothing': BPF program load failed: Permission denied", EACCES,
	  CLASS_PERMISSION },
	{ "prog 'at_entry': failed to find kernel BTF type ID of 'no_such_function': -3", ESRCH,
	  CLASS_ATTACH },
	{ "prog 'at_probe': failed to create kprobe 'no_such_function+0x0' perf event: No such file or directory",
	  ENOENT, CLASS_ATTACH },
	{ "failed to determine tracepoint 'sched/no_such_event' perf event ID: No such file or directory",
	  ENOENT, CLASS_ATTACH },
	{ "prog 'at_raw_event': failed to attach to raw tracepoint 'no_such_event': No such file or directory",
	  ENOENT, CLASS_ATTACH },
	{ "elf: failed to open /no/such/file: No such file or directory", ENOENT, CLASS_ATTACH },
	{ "kprobe.multi/no_such_f*: No such file or directory", ENOENT, CLASS_ATTACH },
	{ "extern (func ksym) 'bpf_no_such_kfunc': not found in kernel or module BTFs", ESRCH,
	  CLASS_HELPER },
	{ "kernel BTF is missing at '/sys/kernel/btf/vmlinux', was CONFIG_DEBUG_INFO_BTF enabled?",
	  ESRCH, CLASS_BTF },
	{ "Error loading vmlinux BTF: -3", ESRCH, CLASS_BTF },
	{ "failed to perform CO-RE relocations: -22", EINVAL, CLASS_CORE },
	{ "struct_ops init_kern: struct sched_ext_ops is not found in kernel BTF", ENOTSUP,
	  CLASS_PROGRAM_TYPE },
	{ "Cannot allocate memory", ENOMEM, CLASS_OTHER },
	/* The verifier was not asked: what it would have said is none of its words. */
	{ "invalid func unknown#208", ENOMEM, CLASS_OTHER },
};

static void real_logs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(logs); i++) {
		struct verifier_statistics statistics;
		enum failure_class class;
		char cause[256];

		verifier_log_read(logs[i].log, &statistics);
		verifier_log_cause(logs[i].log, cause, sizeof(cause));
		/* The verifier's errno says next to nothing. */
		class = failure_classify(cause, true, EACCES);
		if (strcmp(cause, logs[i].cause) != 0 || class != logs[i].class ||
		    memcmp(&statistics, &logs[i].statistics, sizeof(statistics)) != 0)
			fail_msg(
				"%s: got %s: %s, %ld insns, %ld states, %ld at peak, stack %ld, %ld us",
				logs[i].name, failure_class_names[class], cause, statistics.insns,
				statistics.states, statistics.peak_states, statistics.stack,
				statistics.verify_us);
	}
}

static void real_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++) {
		enum failure_class class =
			failure_classify(messages[i].message, false, messages[i].error);

		if (class != messages[i].class)
			fail_msg("%s: got %s", messages[i].message, failure_class_names[class]);
	}
}

static void statistics_of_several_functions(void **state)
{
	struct verifier_statistics statistics;
	char cause[64];

	(void)state;
	/* 6.1 */
	verifier_log_read(
		"verification time 1325 usec\n"
		"stack depth 24+40\n"
		"processed 35 insns (limit 1000000) max_states_per_insn 0 total_states 3 peak_states 2 mark_read 1\n",
		&statistics);
	assert_int_equal(statistics.stack, 64);
	assert_int_equal(statistics.insns, 35);
	assert_int_equal(statistics.states, 3);
	assert_int_equal(statistics.peak_states, 2);
	/* 7.2, where it all went well: no cause. */
	verifier_log_cause(
		"verification time 1897 usec\n"
		"stack depth 24+40 max 64\n"
		"insns processed 21+14\n"
		"processed 35 insns (limit 1000000) max_states_per_insn 0 total_states 3 peak_states 3 mark_read 0\n",
		cause, sizeof(cause));
	assert_string_equal(cause, "");
}

static void a_log_that_was_cut(void **state)
{
	struct verifier_statistics statistics;
	char cause[8];

	(void)state;
	verifier_log_read("", &statistics);
	assert_int_equal(statistics.insns, -1);
	assert_int_equal(statistics.verify_us, -1);
	/* In the middle of a line: what is there counts. */
	verifier_log_read("stack depth 8+\nprocessed 12 insns (lim", &statistics);
	assert_int_equal(statistics.stack, 8);
	assert_int_equal(statistics.insns, 12);
	assert_int_equal(statistics.states, -1);
	verifier_log_cause("first\n\nthe second line", cause, sizeof(cause));
	assert_string_equal(cause, "the sec");
	verifier_log_cause("", cause, sizeof(cause));
	assert_string_equal(cause, "");
}

static void the_end_of_a_log(void **state)
{
	(void)state;
	assert_string_equal(verifier_log_end("one\ntwo\nthree\n", 100), "one\ntwo\nthree\n");
	assert_string_equal(verifier_log_end("one\ntwo\nthree\n", 8), "three\n");
	assert_string_equal(verifier_log_end("no newline", 4), "line");
}

static void names(void **state)
{
	(void)state;
	for (int i = 0; i <= CLASS_OTHER; i++)
		assert_non_null(failure_class_names[i]);
	assert_non_null(strstr(failure_class_hint(CLASS_INSTRUCTION), "-mcpu=v2"));
	assert_null(failure_class_hint(CLASS_VERIFIER));
	assert_null(failure_class_names[CLASS_OTHER + 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_logs),
		cmocka_unit_test(real_messages),
		cmocka_unit_test(statistics_of_several_functions),
		cmocka_unit_test(a_log_that_was_cut),
		cmocka_unit_test(the_end_of_a_log),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
