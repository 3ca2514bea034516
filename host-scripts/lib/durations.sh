# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# How long kernels took when they were last run with this suite and filter: build/durations, with a line of seconds,
# kernel's folder, suite and filter for each. Of two runs that end at the same time one may be forgotten, which does no
# harm.
#
# Needs lib/common.sh, lib/kernel.sh, and scratch, a folder for what is not kept.
#
#   durations_of SUITE FILTER
#       Says what is run.
#   durations_sort LIST
#       Sorts a file of kernels' folders, the longest first, so that it does not go on alone in the end. Those that are
#       not known go before: they may be long. Otherwise the order stays. $scratch/expected has the seconds and the name
#       of each; for one that is not known, the mean of the others; 0 when none is.
#   durations_learn LIST JOBLOG
#       Keeps what GNU parallel's log says of the kernels that ran to their end.

durations=$BPFCHECK_BUILD/durations

durations_of() {
	durations_suite=$(readlink -f "$1")
	durations_filter=$2
	# By the environment, where awk leaves backslashes alone.
	export durations_suite durations_filter
}

durations_sort() {
	while IFS= read -r kernel; do
		kernel_name "$kernel"
		printf '%s\t%s\n' "$distro/$version" "$kernel"
	done <"$1" >"$scratch/named"
	[ -f "$durations" ] || : >"$durations"
	awk -F '\t' -v OFS='\t' '
		FILENAME == ARGV[1] {
			if ($3 == ENVIRON["durations_suite"] && $4 == ENVIRON["durations_filter"])
				known[$2] = $1
			next
		}
		{
			name[++count] = $1
			kernel[count] = $2
			if ($2 in known) {
				sum += known[$2]
				n++
			}
		}
		END {
			mean = n ? sum / n : 0
			for (i = 1; i <= count; i++) {
				is_known = kernel[i] in known
				seconds = is_known ? known[kernel[i]] : mean
				print is_known, seconds, name[i], kernel[i]
			}
		}' "$durations" "$scratch/named" | sort -s -t "$(printf '\t')" -k 1,1n -k 2,2nr >"$scratch/sorted"
	cut -f 4- "$scratch/sorted" >"$1"
	cut -f 2,3 "$scratch/sorted" >"$scratch/expected"
}

durations_learn() {
	# Of a job's number, runtime, exit status and signal. What could not be done, or was ended, says nothing.
	awk -F '\t' -v OFS='\t' '
		FILENAME == ARGV[1] { kernel[NR] = $0; next }
		FILENAME == ARGV[2] {
			if ($1 in kernel && $7 >= 0 && $7 <= 4 && $8 == 0)
				seconds[kernel[$1]] = $4 + 0
			next
		}
		!($2 in seconds && $3 == ENVIRON["durations_suite"] && $4 == ENVIRON["durations_filter"])
		END {
			for (one in seconds)
				print seconds[one], one, ENVIRON["durations_suite"], ENVIRON["durations_filter"]
		}' "$1" "$2" "$durations" | tail -n 1000 >"$durations.$$"
	mv "$durations.$$" "$durations"
}
