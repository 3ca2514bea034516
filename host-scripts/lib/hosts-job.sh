#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Runs one kernel on one of the hosts that lib/hosts.sh has prepared, and brings back its results. A host that fails is
# used no longer, and the kernel is run on another; so it is, if possible, when its run could not be done (INFRA).
#
# Usage: hosts-job.sh HOSTS SUITE RESULTS KERNEL
#
# HOSTS is hosts.sh's folder, KERNEL a kernel's. Prints a line about the outcome.
#
# Exit codes: those of run-kernel.

here=$(readlink -f "$0")
here=${here%/lib/*}
# shellcheck source=host-scripts/lib/common.sh
. "$here/lib/common.sh"
# shellcheck source=host-scripts/lib/ssh.sh
. "$here/lib/ssh.sh"
# shellcheck source=host-scripts/lib/kernel.sh
. "$here/lib/kernel.sh"
# shellcheck source=host-scripts/lib/results.sh
. "$here/lib/results.sh"
# shellcheck source=host-scripts/lib/suite.sh
. "$here/lib/suite.sh"

script=run-tests
hosts=$1
suite=$2
results=$3
kernel=$4
eval "set -- $(cat "$hosts/options")"
accel=auto
scratch=$(mktemp -d "$TMPDIR/bpfcheck-job.XXXXXX")
tried=
status=
# What a run leaves and the report reads; run.json is the last.
files='records.ndjson machine.ndjson console.log run.json'

# shellcheck disable=SC2317 # called on every way out
cleanup() {
	hosts_end
	# A folder that came back may not let itself be emptied.
	chmod -R u+rwX "$scratch" 2>/dev/null || :
	rm -rf "$scratch"
}

# find_host: takes a ticket of a host that was not tried yet, and sets label. Returns 1 when there is no such host.
find_host() {
	while :; do
		busy=
		for ticket in "$hosts"/tickets/*; do
			label=${ticket##*/}
			label=${label#*.}
			case " $tried " in
				*" $label "*) continue ;;
			esac
			if [ ! -e "$ticket" ] || [ -e "$hosts/$label.lost" ]; then
				continue
			fi
			exec 4<"$ticket"
			! flock -n 4 || return 0
			busy=1
		done
		[ -n "$busy" ] || return 1
		# Only when a host was lost are there more kernels than tickets.
		sleep 0.3
	done
}

# item KIND FOLDER: its hash.
item() {
	while read -r hash what; do
		[ "$what" != "$1 $2" ] || echo "$hash"
	done <"$hosts/items"
}

# losses: what became of the hosts.
losses() {
	separator=
	while read -r label name; do
		printf '%s%s %s' "$separator" "$name" "$(cat "$hosts/$label.lost")"
		separator='; '
	done <"$hosts/list"
}

# accept: what came back is another's work. There must be nothing but files and folders in it, none is larger than is
# good, and only those are taken that a run leaves. Which kernel they are about we know ourselves.
accept() {
	new=$scratch/new
	rm -rf "$new"
	mkdir "$new"
	# Not as a file by name: that it would unpack as well.
	tar -tvf - <"$scratch/host.out" >"$scratch/list" 2>/dev/null && ! grep -q '^[^d-]' "$scratch/list" || return 1
	(
		# A file with holes is larger than its archive.
		limit_files
		exec tar --no-same-owner --no-same-permissions -C "$new" -xf - 2>/dev/null
	) <"$scratch/host.out" || return 1
	[ -f "$new/run.json" ] || return 1
	chmod -R u=rwX,go=rX,a-s "$new"
	{
		printf '{\n\t"distro": %s,\n\t"kernel": %s,\n\t"spec": %s,\n\t"host": %s,\n' "$(json_string "$distro")" \
			"$(json_string "$version")" "$(json_string "$kernel")" "$(json_string "$(host_name "$label")")"
		sed '1d; /^\t"\(distro\|kernel\|spec\|host\)": /d' "$new/run.json"
	} >"$scratch/run.json"
	mv "$scratch/run.json" "$new/run.json"
	results_open "$results" "$distro" "$version"
	[ ! -d "$new/share" ] || mv "$new/share" "$folder/share"
	for name in $files; do
		[ ! -f "$new/$name" ] || mv "$new/$name" "$folder/$name"
	done
}

judge() {
	"$bpfcheck" report "$folder" >"$scratch/summary" && status=0 || status=$?
	[ "$status" -le 5 ] || status=5
}

run_here() {
	exec 9>&-
	"$here/run-kernel" --brief --suite "$suite" --results "$results" "$@" "$kernel" 4<&- >"$scratch/summary" &
	hosts_pids=$!
	wait "$hosts_pids" && status=0 || status=$?
	hosts_pids=
}

run_there() {
	read -r seconds <"$hosts/seconds"
	host_call "$label" "$seconds" "$scratch/host" run "$(item tools "$repo")" "$(item suite "$suite")" \
		"$(item kernel "$kernel")" "$@" 3<>"$hosts/hold" || return 1
	accept || {
		echo 'sends something else than results' >"$scratch/host.why"
		return 1
	}
	judge
}

kernel_name "$kernel"
results_open "$results" "$distro" "$version"
while find_host; do
	[ -z "$status" ] || say "$distro/$version: could not be run on $last; trying $(host_name "$label")"
	last=$(host_name "$label")
	tried="$tried $label"
	if [ ! -e "$hosts/$label.ssh" ]; then
		run_here "$@"
	else
		run_there "$@" || host_lose "$label" "$(cat "$scratch/host.why")"
	fi
	[ "${status:-5}" -eq 5 ] || break
done
if [ -z "$status" ]; then
	results_problem infra "no host is left: $(losses)" "$kernel"
	judge
fi
grep '^\[' "$scratch/summary" || :
finish "$status"
