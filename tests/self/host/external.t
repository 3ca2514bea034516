#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Faults of external objects: a fault that shows before any boot is an error with file, line and column; a fault that only
# the kernel finds fails the test, with the cause. And tc, which needs modules of the kernel.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

BPFCHECK_BUILD=$repo/build
kernel=debian:6.1-cloud
suite=$work/suite
cp -R "$repo/build/examples/object" "$suite"
runner=$repo/build/bin/testrunner

# wrong NAME FILE FROM TO WANT: the line FROM of FILE becomes TO; WANT is a pattern for the message.
wrong() {
	sed "s|^$3\$|$4|" "$repo/tests/examples/object/$2.test" >"$suite/$2.test"
	ok "$1: is another test now" sh -c "! cmp -s '$suite/$2.test' '$repo/tests/examples/object/$2.test'"
	run "$runner" check "$suite"
	is "$1: exit code" "$status" 2
	match "$1: what is said" "$err" "*$2.test:$5*"
	cp "$repo/tests/examples/object/$2.test" "$suite/$2.test"
}

run "$runner" check "$suite"
is 'the examples are right' "$status$err" 0
wrong 'unknown buffer' exec_snoop 'events .*' 'events evants as struct event' "3:8: no map 'evants': did you mean 'events'?"
wrong 'map that is no buffer' exec_snoop 'events .*' 'events execs as struct event' "3:8: map 'execs' is neither*"
wrong 'unknown struct' exec_snoop 'events .*' 'events events as struct exec_record' \
	"3:25: the object's BTF has no struct 'exec_record' * it has*event*"
wrong 'unknown event type' exec_snoop 'expect 1 event' 'expect 1 evnet' "*did you mean 'event'?"
wrong 'unknown number' tagged_union 'events .*' 'events records by header.kind { KIND_OPENED opened  KIND_KLOSED closed }' \
	"3:53: 'KIND_KLOSED' is not an enumerator of any enum in the object: did you mean 'KIND_CLOSED'?"
wrong 'unknown order' exec_snoop_failed 'order .*' 'order by tame' "4:10: event: 'tame' is not a field: did you mean 'time'?"
wrong 'unknown option' maps_and_globals 'set *options.tag.*' 'set options.tog = 1' "*options.tog*not a field*"
wrong 'option that is too large' maps_and_globals 'set *options.tag.*' 'set options.kinds[1] = 256' '*does not fit*'
wrong 'unknown map' maps_and_globals 'map *calls\[3\].*' 'map colls[3] == 0' "*no map 'colls': did you mean 'calls'?"
wrong 'key of another kind' maps_and_globals 'map *calls\[3\].*' 'map calls["a"] == 0' "*map 'calls': *"
# shellcheck disable=SC2016 # the test's $pid
wrong 'unknown part of a value' maps_and_globals 'map.*balance.*' 'map counts[$pid] blance == -5' "*did you mean 'balance'?"
wrong 'unknown global' maps_and_globals 'global *last_fd.*' 'global lost_fd == 1' "*no global 'lost_fd': did you mean 'last_fd'?"
wrong 'unknown program' attach_xdp 'attach *on_xdp.*' 'attach on_xpd to xdp lo' "3:8: no program 'on_xpd': did you mean 'on_xdp'?"
wrong 'program of another type' attach_xdp 'attach *on_xdp.*' 'attach on_xdp to tc lo ingress' \
	"3:8: 'on_xdp' cannot be attached to 'tc lo ingress': it is a xdp program (xdp)"
wrong 'program without a target' attach_xdp 'attach *on_ingress.*' '# none' \
	"2:11: program 'on_ingress' (tc): say what it is attached to*"
wrong 'no iterator' iterator 'iter .*kthreadd.*' 'iter no_tasks ~ "*"' "*no program 'no_tasks'*"

# Errors that only the kernel finds: each of these fails, for its own reason and no other.
mkdir "$work/failing"
cp -R "$suite/." "$work/failing"
rm "$work/failing"/*.test
# fails NAME FILE FROM TO
fails() {
	sed "s|^$3\$|$4|" "$repo/tests/examples/object/$2.test" >"$work/failing/$1.test"
}
fails record_field exec_snoop '    args_size .*' '    args_size == 22'
fails unlisted tagged_union 'events .*' 'events records by header.kind { 1 opened  7 closed }'
fails no_key maps_and_globals 'map *calls\[3\].*' 'map counts[4194304] opened == 0'
fails map_value maps_and_globals 'map *calls\[3\].*' 'map calls[3] == 5'
fails map_sum maps_and_globals 'map *opens_by_name."/dev/zero".*' 'map opens_by_name["/dev/zero"] == 6'
fails global_value maps_and_globals 'global *last_fd.*' 'global last_fd > 0'
fails iterator iterator 'iter .*kthreadd.*' 'iter list_tasks ~ "nobody"'
fails function attach_kernel 'attach *on_entry.*' 'attach on_entry to kprobe bpfcheck_no_such_function'
fails symbol attach_user 'attach *on_call.*' 'attach on_call to uprobe call_function:triple_it'
fails probe attach_user 'attach *on_usdt.*' 'attach on_usdt to usdt call_function:bpfcheck:answered'
fails path attach_cgroup 'attach .*' 'attach on_egress to cgroup /nowhere'
fails interface attach_xdp 'attach *on_xdp.*' 'attach on_xdp to xdp nowhere0'
# A program that is not attached sees nothing.
fails not_attached attach_kernel 'attach *on_return.*' 'attach on_return to nothing'
fails other_direction attach_perf_event 'attach .*' 'attach on_sample to nothing'
fails struct_ops struct_ops 'run .*' 'run connect_with bpf_cuont'

run "$scripts/run-kernel" --suite "$work/failing" --results "$work/results" "$kernel"
is 'what only the kernel knows: exit code' "$status" 1
said() {
	match "$1" "$out" "*$1: $2*"
}
said record_field 'event: args_size == 22: got 21, want 22'
said unlisted "* record(s) have a type that the object's BTF does not define*"
said no_key '*counts\[4194304\] opened == 0: the map has no such key'
said map_value 'map calls\[3\] == 5: got 0, want 5'
said map_sum 'map opens_by_name*: got 5, want 6'
said global_value 'global last_fd > 0: got -77, want more than 0'
said iterator 'iter list_tasks ~ "nobody": got "*'
said function '*program on_entry (kprobe) does not attach: to kprobe bpfcheck_no_such_function: *'
said symbol '*program on_call (uprobe) does not attach: to uprobe call_function:triple_it: *'
said probe '*program on_usdt (usdt) does not attach: to usdt call_function:bpfcheck:answered: *'
said path '*does not attach: to cgroup /nowhere: No such file or directory'
said interface '*does not attach: to xdp nowhere0: No such device'
said not_attached 'map at_return*: the map has no such key'
said other_direction 'map samples*: the map has no such key'
said struct_ops '*TCP_CONGESTION bpf_cuont*'
match 'all of these fail' "$out" '*0 passed*15 failed*'

# The modules of tc's filters.
modules=
for module in sch_ingress cls_bpf; do
	modules="$modules $(find -L "$repo/build/kernels/debian" -path '*/6.1.*-cloud-*' -name "$module.ko*" | head -n 1)"
done
# shellcheck disable=SC2086 # a list of words
set -- $modules
run "$scripts/run-kernel" --suite "$suite" --filter attach_tc --module "$1" --module "$2" --results "$work/results" "$kernel"
is 'tc, with its modules: exit code' "$status" 0
match 'tc, with its modules' "$out" '*1 passed*'

tap_done
