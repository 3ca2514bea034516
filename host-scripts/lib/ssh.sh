# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Calls another host, and trusts it with nothing: what it sends has a limit, what it says is made printable, and it may
# die in the middle.
#
# Needs lib/common.sh, and hosts, the folder that lib/hosts.sh has made.
#
#   host_call LABEL SECONDS NAME ARGUMENT...
#       Runs lib/remote.sh there, with descriptor 3 as its input and NAME.out as its output. Returns 1 after a failure;
#       NAME.why then says why.
#   host_lose LABEL REASON
#       Uses the host no longer, and says so.
#   host_name LABEL
#       Prints what messages call it.
#   hosts_end
#       Ends what still runs, in hosts_pids; for cleanup().
#   shell_words WORD...
#       Prints them quoted for a shell.
#
# BPFCHECK_RESULT_MB  the most that one run may send back (default: 256)

: "${BPFCHECK_RESULT_MB:=256}"
hosts_pids=

shell_words() {
	for word; do
		printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")"
	done
}

# limit_files: of this process. The unit is 512 bytes; and no core file of what oversteps it.
limit_files() {
	# shellcheck disable=SC3045 # dash, bash and busybox have it
	ulimit -c 0 && ulimit -f $((BPFCHECK_RESULT_MB * 2048))
}

printable() {
	tail -n 1 | tr -cd '[:print:]' | cut -c 1-200
}

host_call() {
	read -r call_ssh <"$hosts/$1.ssh"
	call_seconds=$2
	call=$3
	shift 3
	call_command=$(shell_words sh -c "$(cat "$here/lib/remote.sh")" remote.sh "$@")
	(
		limit_files
		eval "exec setpriv --pdeathsig TERM timeout --foreground $call_seconds $call_ssh \"\$call_command\""
	) <&3 >"$call.out" 2>"$call.err" &
	hosts_pids=$!
	wait "$hosts_pids" && call_status=0 || call_status=$?
	hosts_pids=
	case $call_status in
		0) return 0 ;;
		124) echo "no answer in $call_seconds s" ;;
		153) echo "sends more than $BPFCHECK_RESULT_MB MB" ;;
		*) printable <"$call.err" | grep . || echo "ssh ended with status $call_status" ;;
	esac >"$call.why"
	return 1
}

host_lose() {
	# Several kernels may find out at the same time; one of them says it.
	(set -C && printf '%s\n' "$2" >"$hosts/$1.lost") 2>/dev/null || return 0
	say "$(host_name "$1"): $2; this host is used no longer"
}

host_name() {
	sed -n "s/^$1 //p" "$hosts/list"
}

hosts_end() {
	# More than once: a shell that has just been forked still has our trap, and loses the signal.
	for pid in $hosts_pids; do
		while kill -TERM "$pid" && sleep 0.3; do :; done 2>/dev/null &
		wait "$pid" 2>/dev/null || :
		kill -KILL $!
		wait $! 2>/dev/null || :
	done
	hosts_pids=
}
