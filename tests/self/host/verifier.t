#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Tests that only load: what each program of an object comes to on an old and a newer kernel, and why; verifier.csv; what
# became worse since another run.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

BPFCHECK_BUILD=$repo/build
objects=$repo/build/examples/load

# suite NAME LINE...: a suite of one test, with all objects.
suite() {
	mkdir -p "$work/$1"
	cp "$objects"/*.bpf.o "$work/$1"
	name=$1
	shift
	printf '%s\n' "$@" >"$work/$name/all.test"
}

# on_kernels NAME RESULTS KERNEL...
on_kernels() {
	used=$work/$1
	results=$work/$2
	shift 2
	run "$scripts/run-tests" --suite "$used" --results "$results" "$@"
}

# matrix: kernel, object, program, verdict and class of verifier.csv, the kernels without what changes from week to week.
matrix() {
	cut -d , -f 1-4,11 "$results/verifier.csv" | sed 's|^\(debian/[0-9]*\.[0-9]*\)\.[^,]*|\1|'
}

# failures KERNEL: what the test says of each program that failed.
failures() {
	sed -n 's/^.*<failure [^>]*>//; /^[a-z_]*\.bpf\.o:/{ s/<.*//; s/&#39;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; p; }' \
		"$results/debian/$1."*/junit.xml
}

suite all 'load *.bpf.o attach' 'timeout 60'
on_kernels all first debian:5.10-cloud debian:6.1-cloud
is 'programs that fail: exit code' "$status" 1
is 'programs that fail: exactly these, for these reasons' "$(matrix)" "kernel,file_name,prog_name,verdict,class
debian/5.10,branches.bpf.o,count_branches,failure,too complex
debian/5.10,branches.bpf.o,trust_lookup,failure,verifier
debian/5.10,new_field.bpf.o,note_state,failure,CO-RE relocation
debian/5.10,new_helper.bpf.o,note_boot_time,success,
debian/5.10,new_helper.bpf.o,note_atomic_time,failure,helper not allowed
debian/5.10,new_instruction.bpf.o,count_calls,failure,unsupported instruction
debian/5.10,new_map.bpf.o,note_process,failure,unsupported map type
debian/5.10,new_type.bpf.o,do_nothing,failure,unsupported program type
debian/5.10,no_hook.bpf.o,at_entry,failure,unknown function to attach to
debian/5.10,no_hook.bpf.o,at_probe,failure,unknown function to attach to
debian/5.10,no_hook.bpf.o,at_event,failure,unknown function to attach to
debian/5.10,no_hook.bpf.o,at_raw_event,failure,unknown function to attach to
debian/5.10,plain.bpf.o,count_execs,success,
debian/5.10,plain.bpf.o,count_exits,success,
debian/5.10,plain.bpf.o,keep_all,success,
debian/5.10,wrong_map.bpf.o,look_up,failure,other
debian/6.1,branches.bpf.o,count_branches,failure,too complex
debian/6.1,branches.bpf.o,trust_lookup,failure,verifier
debian/6.1,new_field.bpf.o,note_state,success,
debian/6.1,new_helper.bpf.o,note_boot_time,success,
debian/6.1,new_helper.bpf.o,note_atomic_time,success,
debian/6.1,new_instruction.bpf.o,count_calls,success,
debian/6.1,new_map.bpf.o,note_process,success,
debian/6.1,new_type.bpf.o,do_nothing,success,
debian/6.1,no_hook.bpf.o,at_entry,failure,unknown function to attach to
debian/6.1,no_hook.bpf.o,at_probe,failure,unknown function to attach to
debian/6.1,no_hook.bpf.o,at_event,failure,unknown function to attach to
debian/6.1,no_hook.bpf.o,at_raw_event,failure,unknown function to attach to
debian/6.1,plain.bpf.o,count_execs,success,
debian/6.1,plain.bpf.o,count_exits,success,
debian/6.1,plain.bpf.o,keep_all,success,
debian/6.1,wrong_map.bpf.o,look_up,failure,other"

hooks="no_hook.bpf.o:at_entry: unknown function to attach to: prog 'at_entry': failed to find kernel BTF type ID of 'no_such_function': -3
no_hook.bpf.o:at_probe: unknown function to attach to: prog 'at_probe': failed to create kprobe 'no_such_function+0x0' perf event: No such file or directory
no_hook.bpf.o:at_event: unknown function to attach to: failed to determine tracepoint 'sched/no_such_event' perf event ID: No such file or directory
no_hook.bpf.o:at_raw_event: unknown function to attach to: prog 'at_raw_event': failed to attach to raw tracepoint 'no_such_event': No such file or directory"
wrong="wrong_map.bpf.o:look_up: other: map 'sums': failed to create: Invalid argument(-22)"
branches="branches.bpf.o:count_branches: too complex: The sequence of 8193 jumps is too complex.
branches.bpf.o:trust_lookup: verifier: R0 invalid mem access 'map_value_or_null'"
# The number in brackets is of the object's types: another clang has another.
is '5.10: the words' "$(failures 5.10 | sed 's/\[[0-9]*\]/[N]/; s/(0:[0-9]* @ offset [0-9]*)/()/')" "$branches
new_field.bpf.o:note_state: CO-RE relocation: failed to resolve CO-RE relocation <byte_off> [N] struct task_struct.__state ()
new_helper.bpf.o:note_atomic_time: helper not allowed: invalid func unknown#208
new_instruction.bpf.o:count_calls: unsupported instruction: BPF_STX uses reserved fields (compile for an older BPF processor, such as clang -mcpu=v2)
new_map.bpf.o:note_process: unsupported map type: map 'seen': failed to create: Invalid argument(-22)
new_type.bpf.o:do_nothing: unsupported program type: prog 'do_nothing': BPF program load failed: Invalid argument
$hooks
$wrong"
is '6.1: the words' "$(failures 6.1)" "$branches
$hooks
$wrong"
is 'programs that load: their statistics are numbers above 0' \
	"$(awk -F , '$4 == "success" && !($5 > 0 && $6 > 0 && $7 >= 0 && $8 >= 0 && $9 > 0 && $10 >= 0)' "$results/verifier.csv")" ''
is 'the stack of a program that uses 16 bytes' \
	"$(grep -c 'plain.bpf.o,count_execs,.*,16,$' "$results/verifier.csv")" 2
match 'the log of what failed is in the records' \
	"$(grep -h '"program":"note_atomic_time"' "$results"/debian/5.10.*/records.ndjson)" '*"log":"*call unknown#208\\ninvalid func*'

# Without `attach` what cannot be attached loads.
suite unattached 'load no_hook.bpf.o'
on_kernels unattached second debian:6.1-cloud
is 'without attach: exit code' "$status" 1
is 'without attach' "$(matrix)" "kernel,file_name,prog_name,verdict,class
debian/6.1,no_hook.bpf.o,at_entry,failure,unknown function to attach to
debian/6.1,no_hook.bpf.o,at_probe,success,
debian/6.1,no_hook.bpf.o,at_event,success,
debian/6.1,no_hook.bpf.o,at_raw_event,success,"

# The deadline is the test's own, in the middle of a program: eight of them take seconds each on an emulated processor.
suite late 'load late.bpf.o' 'timeout 1'
cat >"$work/late.bpf.c" <<'END'
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

volatile __u64 sum;

#define SLOW(name)                                      \
	SEC("tracepoint/sched/sched_process_exec")      \
	int name(void *ctx)                             \
	{                                               \
		for (int i = 0; i < 150000; i++)        \
			sum++;                          \
		return 0;                               \
	}

SLOW(a) SLOW(b) SLOW(c) SLOW(d) SLOW(e) SLOW(f) SLOW(g) SLOW(h)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
END
ok 'long loops compile' "${CLANG:-clang}" -target bpf -mcpu=v2 -O2 -g -isystem "$repo/build/deps/include" \
	-c "$work/late.bpf.c" -o "$work/late/late.bpf.o"
on_kernels late third debian:6.1-cloud
is 'a verifier that takes too long: exit code' "$status" 1
match 'a verifier that takes too long' "$out" '*all: timed out after 1 s: late.bpf.o was being loaded*'
took=$(sed -n 's/.*"duration_ms":\([0-9]*\).*/\1/p' "$results"/debian/*/records.ndjson)
ok "a verifier that takes too long is interrupted: $took ms" test "$took" -lt 5000

# Against another run.
suite good 'load new_*.bpf.o attach'
cp -R "$work/first" "$work/old"
on_kernels good fourth debian:6.1-cloud
is 'a good run: exit code' "$status" 0
sed 's/\(note_state,success,[0-9]*\),[0-9]*/\1,5/; s/\(note_process,\)success/\1failure/' "$results/verifier.csv" >"$work/old.csv"
on_kernels good fourth --baseline "$work/old.csv" --fail-on-regression debian:6.1-cloud
is 'more instructions, --fail-on-regression: exit code' "$status" 1
match 'more instructions' "$out" '*
?WORSE? debian/6.1.*
       new_field.bpf.o:note_state: * instructions, 5 before (+*.?%)
       better: 1 program loads'
on_kernels good fourth --baseline "$work/old.csv" --fail-on-regression --baseline-percent 100000 debian:6.1-cloud
is 'more instructions, --baseline-percent: exit code' "$status" 0
cp -R "$work/fourth" "$work/good results"
on_kernels all fifth --baseline "$work/good results" debian:5.10-cloud debian:6.1-cloud
is 'a test that fails now: exit code' "$status" 1
match 'a test that fails now, a kernel that is new' "$out" "*
Against $work/good results:
not in $work/good results: debian/5.10.*
?WORSE? debian/6.1.*
       test all: fails now: branches.bpf.o:count_branches: too complex: *"
on_kernels good fourth --baseline "$work/old" debian:6.1-cloud
match 'a test that passes now, a kernel that is gone' "$out" "*
?BETTER? debian/6.1.*
       better: 1 test passes
       not there any more: 10 programs
only in $work/old: debian/5.10.*"

# A baseline that is none is found before anything is run.
rm -rf "$work/fourth"
on_kernels good fourth --baseline "$work/nowhere" debian:6.1-cloud
is 'no baseline: exit code' "$status" 2
match 'no baseline: why' "$err" "*--baseline $work/nowhere: No such file or directory*"
on_kernels good old --baseline "$work/old/verifier.csv" debian:6.1-cloud
is 'a baseline that would be written over: exit code' "$status" 2
match 'a baseline that would be written over: what to do' "$err" '*copy it first, or give --results*'
on_kernels good fourth --fail-on-regression debian:6.1-cloud
is 'no baseline to regress from: exit code' "$status" 2
ok 'nothing was run' test ! -e "$work/fourth"

# Errors in a suite are reported, too.
suite none 'load tools/*.bpf.o'
on_kernels none fourth debian:6.1-cloud
is 'no object: exit code' "$status" 2
match 'no object: where' "$err" "*none/all.test:1:6: load tools/\*.bpf.o: no such file in the test's folder*"
suite broken 'load *.bpf.o'
echo 'no object' >"$work/broken/text.bpf.o"
on_kernels broken fourth debian:6.1-cloud
is 'no BPF object: exit code' "$status" 2
match 'no BPF object: which' "$err" '*broken/all.test:1:6: text.bpf.o: no BPF object: *'

tap_done
