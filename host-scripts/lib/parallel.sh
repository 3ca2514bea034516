# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Runs a command for each of several kernels, some at a time, with GNU parallel.
#
# Needs lib/common.sh, and these variables: jobs, how many at a time; and scratch, a folder for what is not kept.
#
#   parallel_fit MB
#       Sees to it that guests of MB fit into this host's memory. Where they do not, jobs is set to less; and from then on,
#       while others use up memory, no more kernels are started, or some are ended, until one is left.
#   parallel_run LIST [OPTION...] COMMAND...
#       Runs COMMAND... KERNEL for each line of the file LIST, and waits for all of them. What they print goes to
#       descriptor 7 (lib/progress.sh). OPTIONs are more of parallel's own.
#       What they end with is nobody's verdict: that is the report's business. $scratch/joblog is parallel's.
#   parallel_end
#       Ends what still runs; for cleanup().

parallel_pid=
parallel_before=
parallel_kb=
parallel_limit=$here/lib/limit.sh
export parallel_limit

# QEMU's own: what it translates code to grows to 180 MB within 10 s of the tests.
parallel_qemu_mb=200

# Only where memory is scarce does parallel have to mind it: it looks all the time, which takes a tenth of a processor.
parallel_fit() {
	need=$((($1 + parallel_qemu_mb) * 1024))
	fit=$(awk -v need="$need" '/^MemAvailable:/ { print int($2 / need) }' "${BPFCHECK_MEMINFO:-/proc/meminfo}")
	[ "$fit" -lt "$jobs" ] || return 0
	parallel_kb=$need
	[ "$fit" -gt 0 ] || fit=1
	[ "$fit" -eq "$jobs" ] || say "the free memory is too little for $jobs kernels at a time; taking $fit"
	jobs=$fit
}

parallel_run() {
	parallel_list=$1
	shift
	# Not --memfree: it takes files in a tmpfs for free memory, ends all kernels when others use it up, and then waits for
	# as long as they do.
	[ -z "$parallel_kb" ] || set -- --limit "sh \"\$parallel_limit\" $parallel_kb \$PPID" "$@"
	# A user's own settings of parallel are not for us; nor may it ask to be cited. It must not outlive us, and the
	# shell would have it ignore SIGINT. The lock on the results is not for it: see parallel_end.
	parallel_before=${!:-none}
	PARALLEL_HOME=$scratch PARALLEL_SHELL=/bin/sh env --default-signal=INT setsid setpriv --pdeathsig INT parallel \
		--will-cite --plain --quote --tmpdir "$scratch" --joblog "$scratch/joblog" --jobs "$jobs" \
		--termseq TERM,10000,KILL,100 "$@" {} :::: "$parallel_list" </dev/null >&7 2>&7 8>&- &
	parallel_pid=$!
	parallel_before=
	# Its status is the number of kernels that did not pass.
	wait "$parallel_pid" || :
	parallel_pid=
}

parallel_end() {
	# A signal may come between the start and the line below it.
	[ -z "$parallel_before" ] || [ "${!:-none}" = "$parallel_before" ] || parallel_pid=$!
	[ -n "$parallel_pid" ] || return 0
	# Until its first job has begun SIGTERM is lost on it.
	kill -INT "$parallel_pid" 2>/dev/null || :
	wait "$parallel_pid" 2>/dev/null || :
	# To count how many processes it may have it starts some that sleep for three hours. If it is interrupted before it
	# has written down the id of one, that goes on.
	kill -s KILL -- "-$parallel_pid" 2>/dev/null || :
	parallel_pid=
}
