#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A probe that is broken on purpose fails exactly the tests that look at what it broke, and each says what was missed;
# a suite with a typo is not run at all.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

BPFCHECK_BUILD=$repo/build
kernel=debian:6.1-cloud
results=$work/results

# A tree to break things in. Make wants no blanks in its path, and goes by dates: build/deps must not look old.
tree=$(mktemp -d /tmp/bpfcheck-broken.XXXXXX)
tap_cleanup() { rm -rf "$tree"; }
mkdir "$tree/build"
ln -s "$repo/build/deps" "$tree/build/deps"
(cd "$repo" && cp -Rp Makefile probes testrunner guest-init host-scripts kernels tests "$tree")

# The parent's id is the task's own.
sed -i 's/task->ppid = BPF_CORE_READ(from, real_parent, tgid);/task->ppid = BPF_CORE_READ(from, tgid);/' \
	"$tree/probes/task_info.h"
ok 'the probe is broken' sh -c "! cmp -s '$tree/probes/task_info.h' '$repo/probes/task_info.h'"
ok 'the broken probe compiles' make -s -C "$tree" build/suite/process.bpf.o
cp -R "$repo/build/suite" "$work/suite"
cp "$tree/build/suite/process.bpf.o" "$work/suite/"

run "$scripts/run-kernel" --suite "$work/suite" --filter 'process/*' --results "$results" "$kernel"
is 'a broken probe: exit code' "$status" 1
match 'a broken probe: the nearest miss' "$out" '*process/fork_ids: *ppid == *: got *, want *'
want=$(cd "$work/suite" && grep -l 'ppid' process/*.test | sed 's/\.test$//')
got=$("$repo/build/bin/bpfcheck" report --format tap "$results" |
	sed -n 's/^not ok [0-9]* - [^ ]* \(process[^ ]*\).*/\1/p')
is 'a broken probe: exactly its tests fail' "$got" "$want"

# A typo: neither booted nor passed.
sed 's/child.tid /child.tidd /' "$repo/tests/process/fork_ids.test" >"$work/suite/process/fork_ids.test"
run "$scripts/run-kernel" --suite "$work/suite" --results "$results" "$kernel"
is 'a field that is not there: exit code' "$status" 2
match 'a field that is not there: file, line, column' "$err" "*process/fork_ids.test:[0-9]*:5: *tidd*"
sed 's/^expect/expact/' "$repo/tests/process/fork_ids.test" >"$work/suite/process/fork_ids.test"
run "$scripts/run-kernel" --suite "$work/suite" --results "$results" "$kernel"
is 'a directive that is not there: exit code' "$status" 2
match 'a directive that is not there: file, line, column' "$err" "*process/fork_ids.test:[0-9]*:1: *expact*"

tap_done
