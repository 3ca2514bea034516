#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What another host does for run-tests --hosts. lib/hosts.sh sends this script along with each command.
#
# Usage: remote.sh check MB HASH...   says what the host lacks, or how many processors and which of the HASHes it has;
#                                     what has not been used for longest goes until the rest takes no more than MB
#        remote.sh take               stdin has, for each, a line HASH BYTES and a tar archive
#        remote.sh run TOOLS SUITE KERNEL [OPTION...]   of run-kernel; the results are a tar archive on stdout. It is
#                                     ended when stdin ends, which is when ssh is gone
#
# In ~/.cache/bpfcheck (or $XDG_CACHE_HOME/bpfcheck) are
#     items/HASH/   an archive, unpacked; dated when it was last used, locked while it is in use
#     runs/NAME/    of one command, locked while it goes on
#
# Exit codes: 0 done, others not done; the last line on stderr says why.

set -eu
umask 077
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
root=${XDG_CACHE_HOME:-$HOME/.cache}/bpfcheck
work=

trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE

fail() {
	echo "$*" >&2
	exit 1
}

# What run-kernel and this script call; QEMU may be one of the host's own choice.
lacking() {
	for tool in "${QEMU:-qemu-system-x86_64}" awk cksum cpio df du find flock grep head mktemp nproc prlimit sed setpriv sha256sum \
		sort tar timeout; do
		command -v "$tool" >/dev/null || printf ' %s' "$tool"
	done
	[ "$(uname -m)" = x86_64 ] || printf ' an x86-64 processor'
}

# begin: a folder for this command. What is younger than a minute may not have its lock yet.
begin() {
	work=$(mktemp -d "$root/runs/XXXXXXXX")
	exec 4<"$work"
	flock -n 4
}

remove_unless_locked() {
	while read -r folder; do
		flock -n "$root/$folder" rm -rf "$root/$folder" || :
	done
}

# evict MB: but nothing that was used a few minutes ago, for it may be wanted next.
evict() {
	(cd "$root" && find items -mindepth 1 -maxdepth 1 -mmin +10 -printf '%T@ %p\n') | sort -n | while read -r _ folder; do
		[ "$(du -sm "$root/items" | sed 's/[^0-9].*//')" -gt "$1" ] || break
		echo "$folder" | remove_unless_locked
	done
}

check() {
	lacks=$(lacking)
	if [ -n "$lacks" ]; then
		echo "lacks$lacks"
		exit
	fi
	mkdir -p "$root/items" "$root/runs"
	megabytes=$1
	shift
	for hash; do
		if [ -d "$root/items/$hash" ]; then
			touch "$root/items/$hash"
		else
			echo "wants $hash"
		fi
	done
	(cd "$root" && find runs -mindepth 1 -maxdepth 1 -mmin +1) | remove_unless_locked
	evict "$megabytes"
	echo "processors $(nproc)"
}

# take: another process may be faster with the same.
take() {
	begin
	while read -r hash bytes; do
		head -c "$bytes" >"$work/tar" || fail "$root: cannot be written"
		[ "$(sha256sum <"$work/tar")" = "$hash  -" ] || fail 'what was sent did not arrive whole'
		mkdir "$work/item"
		tar -C "$work/item" -xpf "$work/tar" || fail "$root: cannot be written"
		touch "$work/item"
		mv -T "$work/item" "$root/items/$hash" 2>/dev/null || [ -d "$root/items/$hash" ] || fail "$root: cannot be written"
		rm -rf "$work/item"
	done
}

# hold DESCRIPTOR HASH: keeps an item until this process ends.
hold() {
	touch -c "$root/items/$2"
	eval "exec $1<\"\$root/items/\$2\""
	flock -s "$1"
	[ -d "$root/items/$2" ] || fail 'what is to be run has been removed meanwhile'
}

run() {
	tools=$root/items/$1
	suite=$root/items/$2/suite
	kernel=$root/items/$3/kernel
	hold 5 "$1"
	hold 6 "$2"
	hold 7 "$3"
	shift 3
	begin
	# Messages of run-kernel are of no use there; its verdict is not asked for.
	exec 3<&0
	BPFCHECK_BUILD=$tools/build TMPDIR=$work "$tools/host-scripts/run-kernel" "$@" --brief --suite "$suite" \
		--results "$work/results" "$kernel" </dev/null >&2 &
	runner=$!
	{
		setpriv --pdeathsig KILL cat || :
		kill -TERM "$runner"
	} <&3 >/dev/null 2>&1 &
	line=$!
	wait "$runner" || :
	kill "$line" || :
	cd "$work"/results/*/*/ || fail 'run-kernel left no results'
	# No links, and nothing else that is more than it seems.
	find . ! -name . \( -type f -o -type d \) ! -name '.*' -print0 |
		tar --null --no-recursion --verbatim-files-from -T - -cf -
}

"$@"
