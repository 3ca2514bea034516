# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Other hosts to run kernels on. What a run needs is copied there once, as tar archives that are known by their SHA-256:
# one of our scripts and programs, one of the suite, one of each kernel. A host has as many tickets as it may run kernels
# at a time; lib/hosts-job.sh takes one for each.
#
# In the folder $hosts:
#     list                LABEL and name of each host
#     LABEL.ssh           the shell command that gets there; none for this machine
#     LABEL.lost          why the host is used no longer
#     tickets/0001.LABEL  locked while a kernel runs
#     items               hash, kind and folder of what is copied
#     options, seconds    of run-kernel, and when to give up on it
#     hold                a FIFO that never ends
#
# Needs lib/common.sh, lib/parallel.sh, lib/segments.sh, lib/ssh.sh, and scratch, a folder for what is not kept.
#
#   hosts_read FILE
#       Reads who they are. Dies (2) when the file is no such list.
#   hosts_prepare SUITE KERNELS [JOBS]
#       Copies what is missing, for the kernels' folders that the file KERNELS names. Says which hosts cannot be used.
#       JOBS is how many kernels at a time a host runs where the list does not say it (default: one a processor). Sets
#       jobs to what all hosts together run.
#   hosts_options OPTION...
#       What run-kernel is given there.
#
# BPFCHECK_HOST_MB  what a host keeps of earlier runs (default: 8192)

: "${BPFCHECK_HOST_MB:=8192}"
hosts=

# hosts_line [JOBS/][COMMAND ]TARGET
hosts_line() {
	line=$1
	case $line in
		[0-9]*/*) line=${line#*/} ;;
	esac
	target=${line##* }
	number=$((number + 1))
	label=$number-$(printf %s "$target" | tr -c 'A-Za-z0-9.-' _)
	printf '%s %s\n' "$label" "$target" >>"$hosts/list"
	if [ "$line" != "$1" ]; then
		need_number "--hosts: $target:" "${1%%/*}" 1
		echo "${1%%/*}" >"$hosts/$label.jobs"
	fi
	if [ "$line" = : ]; then
		need_tool qemu-system-x86 "$QEMU"
		return
	fi
	[ "$line" != "$target" ] || line="ssh $target"
	# Nobody is there to be asked for a password. ssh takes the first of two options for the same: the user's.
	printf '%s\n' "${line% *} -T -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 $target" >"$hosts/$label.ssh"
}

hosts_read() {
	[ -f "$1" ] || usage_error "--hosts $1: no such file"
	hosts=$scratch/hosts
	mkdir -p "$hosts/tickets"
	mkfifo "$hosts/hold"
	sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d; /^#/d' "$1" >"$hosts/lines"
	[ -s "$hosts/lines" ] || usage_error "--hosts $1: names no host"
	number=0
	while IFS= read -r host; do
		hosts_line "$host"
	done <"$hosts/lines"
}

# hosts_archive KIND FOLDER: the same content is the same archive.
hosts_archive() {
	kind=$1
	set -- --sort=name --format=gnu --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$2" -cf -
	case $kind in
		tools)
			tar --transform='s,^bin,build/bin,S' "$@" host-scripts/run-kernel host-scripts/fetch-kernel \
				host-scripts/mkinitramfs host-scripts/lib -C "$BPFCHECK_BUILD" bin
			;;
		suite) tar --transform='s,^\.,suite,S' "$@" . ;;
		# The modules themselves are in modules.cpio.
		kernel) tar --transform='s,^\.,kernel,S' --exclude='./modules/lib/modules/*/kernel' "$@" . ;;
	esac
}

# hosts_item KIND FOLDER
hosts_item() {
	hash=$(hosts_archive "$1" "$2" | sha256sum)
	printf '%s %s %s\n' "${hash%% *}" "$1" "$2" >>"$hosts/items"
}

# hosts_check LABEL: asks what is missing there, and copies it. Sets processors.
hosts_check() {
	# shellcheck disable=SC2046 # hashes
	host_call "$1" 60 "$hosts/$1" check "$BPFCHECK_HOST_MB" $(sed 's/ .*//' "$hosts/items") 3</dev/null || return 1
	processors=$(sed -n 's/^processors \([1-9][0-9]\{0,2\}\)$/\1/p' "$hosts/$1.out")
	[ -n "$processors" ] || {
		grep "^lacks" "$hosts/$1.out" | printable | grep . >"$hosts/$1.why" || echo "does not answer as it should" >"$hosts/$1.why"
		return 1
	}
	grep '^wants' "$hosts/$1.out" >"$hosts/$1.wants" || return 0
	say "$(host_name "$1"): copying $(wc -l <"$hosts/$1.wants") of $(wc -l <"$hosts/items") archives"
	while read -r hash kind folder; do
		if grep -qsx "wants $hash" "$hosts/$1.wants"; then
			echo "$hash $(hosts_archive "$kind" "$folder" | wc -c)"
			hosts_archive "$kind" "$folder"
		fi
	done <"$hosts/items" | host_call "$1" 900 "$hosts/$1" take 3<&0
}

# hosts_tickets LABEL [JOBS]: in a process of its own.
hosts_tickets() {
	processors=$(nproc)
	if [ -e "$hosts/$1.ssh" ] && ! hosts_check "$1"; then
		host_lose "$1" "$(cat "$hosts/$1.why")"
		return
	fi
	left=${2:-$processors}
	[ ! -e "$hosts/$1.jobs" ] || read -r left <"$hosts/$1.jobs"
	while [ "$left" -gt 0 ]; do
		: >"$hosts/tickets/$(printf %04d "$left").$1"
		left=$((left - 1))
	done
}

hosts_prepare() {
	hosts_item tools "$repo"
	hosts_item suite "$1"
	while IFS= read -r kernel; do
		modules_segment "$kernel"
		hosts_item kernel "$kernel"
	done <"$2"
	while read -r label _; do
		hosts_tickets "$label" "${3:-}" &
		hosts_pids="$hosts_pids $!"
	done <"$hosts/list"
	# shellcheck disable=SC2086 # process ids
	wait $hosts_pids || :
	hosts_pids=
	while read -r label _; do
		[ -e "$hosts/tickets/0001.$label" ] || host_lose "$label" 'it could not be prepared'
	done <"$hosts/list"
	jobs=0
	for ticket in "$hosts"/tickets/*; do
		jobs=$((jobs + 1))
	done
}

hosts_options() {
	# When run-kernel has ended in any case: it may boot twice, and has time for itself.
	boot=60
	run=120
	collect=0
	option=
	for word; do
		case $option in
			--boot-timeout) boot=$word ;;
			--timeout) run=$word ;;
			--collect) collect=60 ;;
		esac
		option=$word
	done
	echo $((boot * 2 + run + collect + 60)) >"$hosts/seconds"
	shell_words "$@" >"$hosts/options"
}
