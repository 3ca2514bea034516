# shellcheck shell=sh disable=SC2034 # variables are for the test that sources this
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# TAP for tests of the host scripts, and a workplace of their own for each.
#
# Usage, at the top of a test:
#     . "$(dirname "$0")/tap.sh"
# and `tap_done` as its last line. The test then has
#     $repo      the checkout
#     $work      an empty folder, removed in the end; a blank and a comma are in its name
#     $scripts   host-scripts/
#     BPFCHECK_BUILD   $work/build, with copies of the real one's bin/ and suite/
#     TMPDIR     $work/tmp
#
#   is NAME GOT WANT        the two are the same
#   ok NAME COMMAND...      the command succeeds
#   match NAME GOT PATTERN  a shell pattern
#   run COMMAND...          runs it; sets status, out and err

set -eu
repo=$(cd "$(dirname "$(readlink -f "$0")")/../../.." && pwd)
scripts=$repo/host-scripts
work=$(mktemp -d "${TMPDIR:-/tmp}/bpfcheck test,.XXXXXX")
tap_count=0
tap_failed=0

tap_cleanup() { :; }
trap 'tap_cleanup; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# The user's own environment must not change the tests.
unset QEMU PARALLEL
BPFCHECK_BUILD=$work/build
LC_ALL=C
TMPDIR=$work/tmp
export BPFCHECK_BUILD LC_ALL TMPDIR
mkdir -p "$BPFCHECK_BUILD" "$TMPDIR"
# Copies: a make that goes on beside the tests must not change what they see.
cp -RL "$repo/build/bin" "$repo/build/suite" "$BPFCHECK_BUILD/"

tap_point() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $2"
		shift 2
		printf '%s\n' "$@" | sed 's/^/# /'
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		tap_point 0 "$1"
	else
		tap_point 1 "$1" "got:  $2" "want: $3"
	fi
}

match() {
	# shellcheck disable=SC2254 # a pattern
	case $2 in
		$3) tap_point 0 "$1" ;;
		*) tap_point 1 "$1" "got:     $2" "pattern: $3" ;;
	esac
}

ok() {
	tap_name=$1
	shift
	if "$@" >"$work/.ok" 2>&1; then
		tap_point 0 "$tap_name"
	else
		tap_point 1 "$tap_name" "status $?: $*" "$(cat "$work/.ok")"
	fi
}

run() {
	"$@" >"$work/.out" 2>"$work/.err" </dev/null && status=0 || status=$?
	out=$(cat "$work/.out")
	err=$(cat "$work/.err")
}

skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

tap_done() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
}
