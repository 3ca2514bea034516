#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The part of run-tests --hosts that runs on another host. GNU parallel copies this script there with the other tools, and copies
# the results back; `check` is sent along with ssh.
#
# Usage: remote.sh check MB ITEM...   print what the host lacks, or "wants ITEM" for each ITEM that it does not have, and
#                                     how many processors it has; remove old items until the rest takes MB or less
#        remote.sh run ID TOOLS SUITE KERNEL OPTIONS   run a KERNEL with run-kernel's OPTIONS, shell words in base64; leave
#                                     its results in runs/ID/result.tar
#
# In ~/.cache/bpfcheck are
#     items/ITEM/   tools, a suite or a kernel; dated when last used, locked while in use
#     runs/ID/      the files of one run, locked while it lasts
#
# Reads: HOME, QEMU. Sets: root, and work during a run.
#
# Exit codes: 0 done, others not done; the last line on stderr says why.

set -eu
umask 077
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
root=$HOME/.cache/bpfcheck

# remove_unlocked: the folders that are named on stdin.
remove_unlocked() {
	while read -r folder; do
		flock -n "$folder" rm -rf "$folder" || :
	done
}

check() {
	lacks=
	for tool in "${QEMU:-qemu-system-x86_64}" awk base64 cksum cpio df du find flock grep head mktemp nproc perl prlimit rsync \
		sed setpriv sha256sum sort tar timeout; do
		command -v "$tool" >/dev/null || lacks="$lacks $tool"
	done
	[ "$(uname -m)" = x86_64 ] || lacks="$lacks an x86-64 processor"
	if [ -n "$lacks" ]; then
		echo "lacks$lacks"
		exit
	fi
	mkdir -p "$root/items" "$root/runs"
	cd "$root"
	megabytes=$1
	shift
	for item; do
		touch -c "items/$item"
		[ -d "items/$item" ] || echo "wants $item"
	done
	# A younger run may not have its lock yet; a younger item may be wanted next.
	find runs -mindepth 1 -maxdepth 1 -mmin +1 | remove_unlocked
	find items -mindepth 1 -maxdepth 1 -mmin +10 -printf '%T@ %p\n' | sort -n | while read -r _ item; do
		[ "$(du -sm items | sed 's/[^0-9].*//')" -gt "$megabytes" ] || break
		echo "$item" | remove_unlocked
	done
	echo "processors $(nproc)"
}

run() {
	work=$root/runs/$1
	mkdir -p "$work"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM PIPE
	tools=$root/items/$2
	suite=$root/items/$3
	kernel=$root/items/$4
	exec 4<"$work" 5<"$tools" 6<"$suite" 7<"$kernel"
	flock -n 4
	flock -s 5
	flock -s 6
	flock -s 7
	# The modules themselves were not copied, so modules.cpio must not look older than what makes it.
	touch "$tools" "$suite" "$kernel" "$kernel/modules.cpio"
	eval "set -- $(printf %s "$5" | base64 -d)"
	# The verdict is found out where run-tests is; messages go to its log.
	BPFCHECK_BUILD=$tools/build TMPDIR=$work "$tools/host-scripts/run-kernel" "$@" --brief --suite "$suite" \
		--results "$work/results" "$kernel" </dev/null >&2 || :
	cd "$work"/results/*/*/
	# No links, and nothing else that is more than it seems.
	find . ! -name . \( -type f -o -type d \) ! -name '.*' -print0 |
		tar --null --no-recursion --verbatim-files-from -T - -cf - >"$work/result.tar"
	trap - EXIT
	rm -rf "$work/results"
}

"$@"
