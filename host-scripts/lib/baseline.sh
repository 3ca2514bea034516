# shellcheck shell=sh disable=SC2154 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Looks at the older run that this one is to be compared with.
#
# Needs lib/common.sh, lib/suite.sh.
#
#   baseline_check
#       Dies (2) when $baseline, if there is one, cannot be read, or is in $results, which is about to be written over.

baseline_check() {
	if [ -z "$baseline" ]; then
		[ -z "$percent$fail_on_regression" ] ||
			usage_error '--baseline-percent and --fail-on-regression are for --baseline'
		return 0
	fi
	"$bpfcheck" report --baseline "$baseline" || finish $?
	case $(readlink -f "$baseline")/ in
		"$(readlink -m "$results")"/*)
			die 2 "--baseline $baseline: this run writes its results there; copy it first, or give --results"
			;;
	esac
}
