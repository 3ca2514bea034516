# shellcheck shell=sh disable=SC2154,SC2034,SC2317 # variables are shared with the script, functions named in `rows`
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The measurements: functions that the table of rows names. Each function adds samples, or returns 1 with the reason in
# `reason`. FUNCTION_prepare, if there is one, does untimed work before the first run.
#
# Needs lib/common.sh and the variables of bench.

# sample ROW SIDE VALUE [USER SYSTEM]: a VALUE that is not a number stands in the table as it is. The run that warms up does
# not count.
sample() {
	[ "$run" -gt 0 ] || return 0
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4-}" "${5-}" >>"$out/samples.tsv"
}

# stopwatch COMMAND...: sets wall, user and system, of it and of all that it waited for, in seconds. bash has the clock
# that shows milliseconds of all three.
stopwatch() {
	TIMEFORMAT='%3R %3U %3S' bash -c 'time "$@" >"$0" 2>&1' "$work/said" "$@" </dev/null 2>"$work/time" &&
		stopwatch_status=0 || stopwatch_status=$?
	read -r wall user system <<-END
		$(tail -n 1 "$work/time")
	END
	reason="status $stopwatch_status: $(tail -n 1 "$work/said")"
	return "$stopwatch_status"
}

timed() {
	stopwatch "$@" || return 1
	sample "$row" "$side" "$wall" "$user" "$system"
}

# verdict START TEST
verdict() {
	timed "$here/run-kernel" "$1" --suite "$out/suite" --filter "$2" --results "$work/results" \
		--memory "$memory" --cpus "$cpus" "$KERNEL" || return 1
	# A saved machine that does not answer is dropped, and the run goes on with a boot.
	reason="it did not start as with $1"
	grep -q "\"start\": \"${1#--}\"" "$work/results"/*/*/run.json
}

# in_guest START
in_guest() {
	rm -rf "$work/results"
	stopwatch "$here/run-kernel" "$1" --results "$work/results" --memory "$memory" --cpus "$cpus" \
		"$KERNEL" -- /bpfcheck/bin/busybox true || return 1
	sample "$row" "$side" "$wall" "$user" "$system"
}

# It looks for modules in a lib/modules above the image, and for the release in the image, through no link.
virtme_ng_prepare() {
	vng=$(command -v "${VNG:-vng}") || {
		reason='not installed'
		return 1
	}
	mkdir -p "$work/virtme"
	cp "$kernel_folder/vmlinuz" "$work/virtme/"
	ln -sfn "$kernel_folder/modules/lib" "$work/virtme/lib"
}

virtme_ng() {
	set -- --force-9p --cpus "$cpus" --memory "${memory}M" --run "$work/virtme/vmlinuz" -- true
	[ "$accel" = kvm ] || set -- --disable-kvm "$@"
	timed timeout 300 "$vng" "$@"
}

# The first 12 kernels of the full matrix.
together_prepare() {
	sed 's/#.*//; /^$/d' "$repo/kernels/full.matrix" | head -n 12 >"$work/matrix"
	while read -r spec; do
		reason="no $spec"
		"$here/fetch-kernel" "$spec" </dev/null >/dev/null || return 1
	done <"$work/matrix"
}

together() {
	timed "$here/run-tests" -j 2 --matrix "$work/matrix" --results "$work/results"
}

apart() {
	: >"$work/times"
	while read -r spec; do
		stopwatch "$here/run-kernel" --results "$work/results" "$spec" || return 1
		echo "$wall $user $system" >>"$work/times"
	done <"$work/matrix"
	awk '{ wall += $1; user += $2; sys += $3 } END { print wall / 2, user, sys }' "$work/times" >"$work/time" || return 1
	read -r wall user system <"$work/time"
	sample "$row" "$side" "$wall" "$user" "$system"
}

edit() {
	# shellcheck disable=SC2016 # for that shell
	timed env -u MAKEFLAGS -u MAKELEVEL sh -euc 'cd "$0"; touch probes/process.bpf.c; make -s; host-scripts/run-tests "$@"' \
		"$repo" --matrix "$repo/kernels/test.matrix" --filter process/exit_code --results "$work/results"
}

base() {
	sample "$row" "$side" "$(stat -c %s "$BPFCHECK_BUILD/initramfs/base.cpio" | awk '{ printf "%.6f", $1 / 1e6 }')"
}

# memory [TEST]: bisects, in steps of 4 MB.
memory() {
	too_few=0
	enough=128
	while [ $((enough - too_few)) -gt 1 ]; do
		steps=$(((too_few + enough) / 2))
		say "$row: $((steps * 4)) MB"
		if stopwatch "$here/run-kernel" --cold --results "$work/results" --boot-timeout 30 --memory $((steps * 4)) \
			${1:+--suite "$out/suite" --filter "$1"} "$KERNEL"; then
			enough=$steps
		else
			too_few=$steps
		fi
	done
	reason='508 MB are not enough'
	[ "$enough" -lt 128 ] || return 1
	sample "$row" "$side" $((enough * 4))
}

engine_prepare() {
	reason='not built'
	[ -x "$out/event_engine" ]
}

engine() {
	stopwatch "$out/event_engine" || return 1
	while read -r name rate kb_at_n kb_at_10n; do
		sample "$row:$name" ours "$rate"
		sample "$row-memory:$name" ours "$((kb_at_10n * 1024))e-6"
		sample "$row-memory:$name" peer "$((kb_at_n * 1024))e-6"
	done <"$work/said"
}
