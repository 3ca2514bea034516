# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What is seen while several kernels run: their lines, and on a terminal one below them that is written anew with each.
#
# Needs lib/common.sh, jobs, $scratch/expected (lib/durations.sh), and scratch, a folder for what is not kept.
#
#   progress_start
#       From now on, what is written to descriptor 7 goes to stderr. Verdicts, as run-kernel --brief prints them, are
#       counted.
#   progress_end
#       Waits until all is written; for cleanup(), too.

progress_pid=
progress_erase=
# Not the end of the file: whoever else has that descriptor may outlive us, or have been ended within a line.
progress_last=$(printf '\004')

# Before the first kernel has ended, those of the last run are the measure; then how much longer or shorter they took.
progress_line() {
	line=$(awk -v jobs="$jobs" '
		FILENAME == ARGV[1] { expected[$2] = $1; all += $1; count++; next }
		{
			ended++
			failed += $1 != "[PASS]"
			done += expected[$2]
			took += $NF == "s" ? $(NF - 1) : expected[$2]
		}
		END {
			if (all)
				left = (all - done) * (done ? took / done : 1) / jobs
			else if (ended)
				left = (count - ended) * took / ended / jobs
			printf "%d %d of %d kernels, %d failed", left + 0.5, ended, count, failed
		}' "$scratch/expected" "$scratch/ended")
	printf '%s%s: %s' "$progress_erase" "$script" "${line#* }"
	[ "${line%% *}" -eq 0 ] || date -d "now + ${line%% *} seconds" '+, ETA %T' | tr -d '\n'
}

progress_show() {
	# So that it ends when all others have been killed.
	exec 7>&-
	: >"$scratch/ended"
	[ -z "$progress_erase" ] || progress_line
	while IFS= read -r line && [ "${line%"$progress_last"}" = "$line" ]; do
		if [ "$line" = 'parallel: This job failed:' ]; then
			# --halt says so; and the job, in a line of its own.
			IFS= read -r line
			[ "$line" != "$progress_last" ] || break
			continue
		fi
		printf '%s%s\n' "$progress_erase" "$line"
		case $line in
			'['[A-Z]*'] '*) printf '%s\n' "$line" >>"$scratch/ended" ;;
		esac
		[ -z "$progress_erase" ] || progress_line
	done
	printf %s "$progress_erase"
}

progress_start() {
	if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
		progress_erase=$(printf '\r\033[K')
	fi
	mkfifo "$scratch/progress"
	# For reading and writing: no side has to wait for the other.
	exec 7<>"$scratch/progress"
	progress_show <"$scratch/progress" >&2 &
	progress_pid=$!
}

progress_end() {
	[ -n "$progress_pid" ] || return 0
	printf '%s\n' "$progress_last" >&7
	wait "$progress_pid" || :
	progress_pid=
}
