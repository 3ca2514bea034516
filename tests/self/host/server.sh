# shellcheck shell=sh disable=SC2154,SC2034 # variables of tap.sh, and of the test that sources this
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Servers on loopback, one at a time. $server is the address, http://127.0.0.1:PORT.
#
#   server_start FOLDER
#       Serves the files in it.
#   server_run PATH COMMAND
#       Starts another one, with a shell command in which $port stands for the port. It is there when it has something at
#       PATH.
#   server_end
#   unpacked PACKAGE
#       Prints a folder with the files of a Debian package, which need not be installed: then it would start to listen.

server_pid=

server_try() {
	port=$(shuf -i 20000-32000 -n 1)
	server=http://127.0.0.1:$port
	eval "exec setpriv --pdeathsig KILL $2" >"$work/server.log" 2>&1 &
	server_pid=$!
	tries=250
	# It ends if somebody else has the port.
	while [ "$tries" -gt 0 ] && kill -0 "$server_pid" 2>/dev/null; do
		! curl -sfo /dev/null "$server/$1" || return 0
		tries=$((tries - 1))
		sleep 0.02
	done
	server_end
	return 1
}

server_run() {
	for _ in 1 2 3 4 5; do
		! server_try "$@" || return 0
	done
	echo "Bail out! no server: $(cat "$work/server.log")"
	exit 1
}

server_start() {
	mkdir -p "$1"
	server_folder=$1
	: >"$1/.here"
	# shellcheck disable=SC2016 # for server_try
	server_run .here '"$BPFCHECK_BUILD/bin/busybox" httpd -f -p "127.0.0.1:$port" -h "$server_folder"'
}

server_end() {
	[ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || :
	wait "$server_pid" 2>/dev/null || :
	server_pid=
}

tap_cleanup() {
	server_end
}

unpacked() {
	(
		mkdir -p "$repo/build" && cd "$repo/build" && [ ! -d "$1" ] && mkdir "$1.$$" && cd "$1.$$" &&
			apt-get download "$1" && dpkg-deb -x ./*.deb . && mv "$PWD" "$repo/build/$1"
	) >/dev/null 2>&1 || rm -rf "$repo/build/$1.$$"
	echo "$repo/build/$1"
}
