# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Runs a command for each of several kernels, some at a time, with GNU parallel.
#
# Needs lib/common.sh, and these variables: jobs, how many at a time; and scratch, a folder for what is not kept.
#
#   parallel_run LIST [OPTION...] COMMAND...
#       Runs COMMAND... KERNEL for each line of the file LIST, and waits for all of them. What they print goes to stderr.
#       OPTIONs are more of parallel's own.
#       What they end with is nobody's verdict: that is the report's business. $scratch/joblog is parallel's.
#   parallel_end
#       Ends what still runs; for cleanup().

parallel_pid=

parallel_run() {
	parallel_list=$1
	shift
	# A user's own settings of parallel are not for us; nor may it ask to be cited. It must not outlive us, and the
	# shell would have it ignore SIGINT.
	PARALLEL_HOME=$scratch PARALLEL_SHELL=/bin/sh env --default-signal=INT setpriv --pdeathsig INT parallel --will-cite \
		--plain --quote --halt never --tmpdir "$scratch" --joblog "$scratch/joblog" --jobs "$jobs" \
		--termseq TERM,10000,KILL,100 "$@" {} :::: "$parallel_list" </dev/null >&2 &
	parallel_pid=$!
	# Its status is the number of kernels that did not pass.
	wait "$parallel_pid" || :
	parallel_pid=
}

parallel_end() {
	[ -n "$parallel_pid" ] || return 0
	# Until its first job has begun SIGTERM is lost on it.
	kill -INT "$parallel_pid" 2>/dev/null || :
	wait "$parallel_pid" 2>/dev/null || :
	parallel_pid=
}
