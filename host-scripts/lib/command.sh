# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A command's way between its guest and our own stdin, stdout and stderr.
#
# What it prints is in files of the results' folder, which grow while we copy them: a reader that is slow, or has gone,
# neither holds up the guest nor loses what one that died had said.
#
# Needs lib/common.sh and lib/machine.sh.
#
#   command_input
#       Sets input to 1 if our stdin is a pipe or a file, which the command then gets. From here on ours is /dev/null.
#   command_open FOLDER
#       Makes FOLDER/stdout, FOLDER/stderr and, if there is input, the pipe FOLDER/stdin, for QEMU; fills the latter in the
#       background. In the end of what goes through it is $nonce: a port of the guest's has no other.
#   command_follow FOLDER
#       Begins to copy what comes, until the machine has ended.
#   command_close
#       Waits until all of it is copied. Sets command_problem to what failed, or to nothing.
#   command_end
#       Ends what still runs; for cleanup().

input=
command_feed=
command_pids=

command_input() {
	exec 3<&0 </dev/null
	if [ -p /dev/fd/3 ] || [ -f /dev/fd/3 ]; then
		input=1
	fi
}

command_open() {
	: >"$1/stdout"
	: >"$1/stderr"
	[ -n "$input" ] || return 0
	mkfifo "$1/stdin"
	# For reading, too: a machine that does not answer is followed by another, and nothing may get lost in between.
	exec 4<>"$1/stdin"
	printf %s "$nonce" >"$scratch/input-end"
	setpriv --pdeathsig KILL cat - "$scratch/input-end" <&3 >&4 9>&- &
	command_feed=$!
}

command_follow() {
	setpriv --pdeathsig KILL tail -q -c +1 -s 0.05 --pid="$machine_pid" -f "$1/stdout" 2>"$scratch/stdout.err" 9>&- &
	command_pids="$command_pids $!"
	setpriv --pdeathsig KILL tail -q -c +1 -s 0.05 --pid="$machine_pid" -f "$1/stderr" >&2 9>&- &
	command_pids="$command_pids $!"
}

command_close() {
	command_problem=
	for pid in $command_pids; do
		wait "$pid" && status=0 || status=$?
		# 141: whoever was reading it wants no more.
		[ "$status" -eq 0 ] || [ "$status" -eq 141 ] || command_problem="what the command printed cannot be written"
	done
	command_pids=
	[ -z "$command_feed" ] || kill -0 "$command_feed" 2>/dev/null || wait "$command_feed" ||
		command_problem='standard input cannot be read'
	command_end
}

command_end() {
	for pid in $command_feed $command_pids; do
		kill -KILL "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	command_feed=
	command_pids=
}
