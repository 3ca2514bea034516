#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# One command for a PATH: bpfcheck starts the host scripts of its own checkout, and its own subcommands.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

mkdir "$work/path"
ln -s "$repo/build/bin/bpfcheck" "$work/path/bpfcheck"
PATH=$work/path:$PATH

run bpfcheck --help
is 'help: exit code' "$status" 0
for script in $(cd "$scripts" && find . -maxdepth 1 ! -name '*.md' ! -name '*.txt' ! -name . ! -name lib); do
	script=${script#./}
	match "$script: in the help" "$out" "*  $script *"
	is "$script --help: the script's" "$(bpfcheck "$script" --help)" "$("$scripts/$script" --help)"
done
run bpfcheck run-kernel --no-such-option
is "a script's exit code" "$status" 2
run bpfcheck check "$BPFCHECK_BUILD/suite"
is 'check: exit code' "$status" 0
run bpfcheck check "$work/path"
is 'check of a folder without tests: exit code' "$status" 2
run bpfcheck run "$BPFCHECK_BUILD/suite"
is 'run, which is for the guest: exit code' "$status" 2
match 'run, which is for the guest: message' "$err" "bpfcheck: no subcommand 'run'*"
run "$repo/build/bin/testrunner" report "$work"
is "report, which is for the host: the guest's program has none" "$status" 2
tap_done
