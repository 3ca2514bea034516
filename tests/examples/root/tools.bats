#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Tools of Debian's package libbpf-tools, which nobody here wrote: does what they print agree with what was done?

# watch TOOL...: starts it. Its header comes when its programs are attached.
watch() {
	coproc TOOL { exec stdbuf -oL "$@" 2>&1; }
	read -r -t 60 header <&"${TOOL[0]}"
}

# until_seen COMMAND... -- PATTERN: does it again until a line fits; the header comes before the buffers are open, so that the
# first events may be missed. %d in PATTERN is the process that COMMAND was. Sets line.
until_seen() {
	local command=() pid pattern
	while [ "$1" != -- ]; do
		command+=("$1")
		shift
	done
	for _ in {1..20}; do
		"${command[@]}" &
		pid=$!
		wait "$pid" || :
		# shellcheck disable=SC2059 # it is a format
		pattern=$(printf "$2" "$pid")
		while read -r -t 0.5 line <&"${TOOL[0]}"; do
			# shellcheck disable=SC2053 # a pattern
			[[ $line != $pattern ]] || return 0
			last=$line
		done
	done
	echo "no line like '$pattern'; the last was: ${last:-none}"
	return 1
}

# ends: it does at Ctrl-C, with success.
ends() {
	kill -INT "$TOOL_PID"
	wait "$TOOL_PID"
}

@test "execsnoop: the process, its parent, its arguments" {
	watch execsnoop
	[[ $header == PCOMM*PID*PPID*RET*ARGS* ]]
	until_seen /bin/true 'marked one' -- "true*%d*$BASHPID*0*/bin/true*marked one*"
	ends
}

@test "execsnoop -x: an exec that fails" {
	watch execsnoop -x
	until_seen bash -c 'exec /etc/hostname' -- 'bash*%d*-8*/etc/hostname*'
	ends
}

@test "opensnoop: who opened what, and the error" {
	# But for the name, it sees itself look up the time zone for each line that it prints.
	watch opensnoop -n cat
	[[ $header == PID*COMM*FD*ERR*PATH* ]]
	until_seen cat /nowhere/at/all -- '%d*cat*-1*2*/nowhere/at/all*'
	ends
}

@test "tcpconnect: addresses and port" {
	watch tcpconnect
	[[ $header == PID*COMM*IP*SADDR*DADDR*DPORT* ]]
	until_seen bash -c ': >/dev/tcp/127.0.0.1/9' -- '%d*bash*4*127.0.0.1*127.0.0.1*9*'
	ends
}
