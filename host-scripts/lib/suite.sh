# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Holds the suite against the rules for one, on the host.
#
# Needs lib/common.sh.
#
#   suite_check SUITE FILTER
#       Dies (2) when the suite has an error, or the filter matches nothing, before any kernel is booted for it.
#   attach_check HOW
#       Dies (2) unless it is auto, fentry, kprobe or lsm.
#   $bpfcheck
#       The program, which judges runs as well.

bpfcheck=$BPFCHECK_BUILD/bin/bpfcheck

attach_check() {
	case $1 in
		auto | fentry | kprobe | lsm) ;;
		*) usage_error "--attach $1: not auto, fentry, kprobe or lsm" ;;
	esac
}

suite_check() {
	[ -x "$bpfcheck" ] || die 5 "$bpfcheck: missing; run make"
	[ -d "$1" ] || die 2 "$1: no such suite; run make, or give --suite"
	"$bpfcheck" check "$1" ${2:+--filter "$2"} >/dev/null || {
		exit_code=$?
		# 2 is an error in the suite; anything else would be the runner's own.
		[ "$exit_code" -eq 2 ] || exit_code=5
		exit "$exit_code"
	}
}
