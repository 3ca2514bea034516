#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# make bench: statistics and goals from recorded numbers; what is measured and how often, for the most part with a stand-in
# for QEMU. No time is asserted.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

# column NAME ROW: a cell of the table in $out, without the blanks around it.
column() {
	printf '%s\n' "$out" | awk -F ' *[|] *' -v name="$1" -v row="$2" '
		$2 == "row" { for (i = 2; i < NF; i++) if ($i == name) at = i }
		$2 == row { print $at }'
}

# samples ROW SIDE VALUE...: a quarter of each is user time, a quarter system time.
samples() {
	row=$1
	side=$2
	shift 2
	printf '%s\n' "$@" | awk -v OFS='\t' -v row="$row" -v side="$side" '{ print row, side, $1, $1 / 4, $1 / 4 }'
}

# table [BASELINE]
table() {
	: >"$work/tsv"
	run awk -v tsv="$work/tsv" -f "$repo/tests/self/bench/table.awk" FS='|' "$work/rows" FS='\t' "$work/samples" "$@"
}

cat >"$work/rows" <<-'EOF'
	# a comment
	odd|s|<=1.25x|||a title|a peer
	even|s|<=1.5x <=0.35|||a title|a peer
	alone|s|<=4|||a title|
	absent|s|<=0.1x|||a title|
	rate|events/s|>=500000|||a title|
	quiet|MB||||a title|
	unmeasured|MB|<=4|||a title|
EOF
{
	samples odd ours 10.5 1.20 1.30 1.10 1.25
	samples odd peer 1.0 0.5 1.1 1.0 9.0
	samples even ours 0.30 0.40 0.30 0.36
	samples even peer 0.22 0.20 0.24 0.26
	samples alone ours 4.001
	samples absent ours 1 2 3
	printf 'absent\tpeer\tnot installed\t\t\n'
	printf 'rate:first\tours\t500000\t\t\n'
	printf 'rate:second\tours\t499999\t\t\n'
	printf 'quiet\tours\t2.5\t\t\n'
} >"$work/samples"
table
is 'odd number of runs: median, fastest and slowest' "$(column ours odd)" '1.250 s (1.100..10.5)'
is 'odd: of the peer' "$(column 'limit or peer' odd)" '1.000 s (0.500..9.000)'
is 'odd: ratio of the medians' "$(column ratio odd)" 1.25x
is 'odd: CPU is user and system' "$(column CPU odd)" '0.625 s'
is 'odd: a goal that is just met' "$(column met odd)" yes
is 'even number of runs: median' "$(column ours even)" '0.330 s (0.300..0.400)'
is 'even: ratio' "$(column ratio even)" 1.43x
is 'even: both goals are met' "$(column met even)" yes
is 'a single run: no range' "$(column ours alone)" '4.001 s'
is 'a goal that is just missed' "$(column met alone)" no
is 'no peer: why' "$(column 'limit or peer' absent)" 'not installed'
is 'no peer: no ratio' "$(column ratio absent)" ''
is 'no peer: the goal is not judged' "$(column met absent)" '?'
is 'at least: met' "$(column met rate:first)" yes
is 'at least: missed' "$(column met rate:second)" no
is 'no goal: nothing to meet' "$(column met quiet)" ''
is 'not measured: no row' "$(column row unmeasured)" ''
match 'goals are counted' "$out" '*goals: 3 met, 2 missed, 1 not judged'
is 'a missed goal: exit code' "$status" 1

grep -v '^alone' "$work/tsv" >"$work/baseline"
{
	samples odd ours 2.5 2.5 2.5
	samples odd peer 0.5 0.5 0.5
	samples alone ours 1
} >"$work/samples"
table "$work/baseline"
is 'baseline: what it was' "$(column before odd)" '1.250 s'
is 'baseline: ratio' "$(column now/before odd)" 2.00x
is 'baseline: ratio of the peer' "$(column 'peer now/before' odd)" 0.50x
is 'baseline: a row that it lacks' "$(column now/before alone)" ''
is 'baseline: the goal is judged as ever' "$(column met odd)" no
{
	samples odd ours 1.0 1.1
	samples odd peer 1.0
} >"$work/samples"
table
is 'all goals met: exit code' "$status" 0

# The runs and their order. A fake replaces QEMU, and so each guest.
built=$BPFCHECK_BUILD/bench
cp -R "$repo/build/bench" "$built"
rm -f "$built"/*.tsv
QEMU=$work/qemu
KERNEL="$work/a kernel"
export QEMU KERNEL
fake_elf "$work/elf"
fake_image "$KERNEL" 1.2.3 gzip "$work/elf"
fake_qemu "$QEMU"

# bench NAME=VALUE...
bench() {
	run env "$@" "$repo/tests/self/bench/bench"
}

bench ROWS='cold base memory' RUNS=2
is 'three rows: exit code' "$status" 0
match 'three rows: seconds of several runs' "$(column ours cold)" '* s (*..*)'
match 'three rows: a size' "$(column ours base)" '?.??? MB'
is 'three rows: the least memory there is to try' "$(column ours memory)" '4.000 MB'
is 'two runs of both sides, in turns; the run that warms up does not count' \
	"$(awk '$1 == "cold" { print $2 }' "$built/samples.tsv" | tr '\n' ' ')" 'peer ours ours peer '
match 'what was measured, and where' "$out" 'bpfcheck bench of *machine: * CPUs, Linux *load *kernel local/1.2.3-*'
match 'progress' "$err" '*cold: limit boot: run 1 of 2*'
is 'the table is kept' "$(cat "$built/bench.txt")" "$out"
is 'no scratch is left' "$(ls "$TMPDIR")" ''
bench ROWS=base BASELINE="$built/bench.tsv"
is 'the last run as a baseline' "$status:$(column now/before base)" 0:1.00x

head -c 4000001 /dev/zero >"$BPFCHECK_BUILD/initramfs/base.cpio"
bench ROWS=base
is 'a missed goal: exit code' "$status:$(column met base)" 0:no
bench ROWS=base STRICT=1
is 'a missed goal, strictly: exit code' "$status" 1
bench ROWS=true-cold VNG=nowhere RUNS=1
is 'no virtme-ng' "$(column 'limit or peer' true-cold)" 'not installed'

cat >"$work/large" <<-'EOF'
	#!/bin/sh
	last=
	for argument; do
		[ "$last" != -m ] || [ "$argument" -ge 100 ] || exit 1
		last=$argument
	done
	exec "${0%/*}/qemu" "$@"
EOF
chmod +x "$work/large"
bench ROWS=memory QEMU="$work/large"
is 'the least memory of a guest that needs 100 MB' "$status:$(column ours memory)" '0:100.0 MB'

printf '#!/bin/sh\necho sorry >&2\nexit 1\n' >"$work/broken"
chmod +x "$work/broken"
bench ROWS='cold base' QEMU="$work/broken"
is 'a run that fails: exit code' "$status" 5
match 'a run that fails: no number' "$(column ours cold)" 'broken: *'
is 'a run that fails: the others are measured' "$(column met base)" no

# With a clock of our own.
measured() (
	out=$built
	row=$1
	side=peer
	run=1
	# shellcheck source=tests/self/bench/measure.sh
	. "$repo/tests/self/bench/measure.sh"
	# shellcheck disable=SC2317 # called by what measures
	stopwatch() {
		wall=3
		user=1
		system=0.5
		echo 'mix 600000 1000 1010' >"$work/said"
	}
	: >"$out/samples.tsv"
	shift
	"$@"
	tr '\t\n' ' ;' <"$out/samples.tsv"
)
printf 'debian:1\ndebian:2\n' >"$work/matrix"
here=$scripts
is 'single runs: time is summed and halved, CPU summed' "$(measured many apart)" 'many peer 3 2 1;'
is 'engine: events, and memory in MB' "$(measured engine engine)" \
	'engine:mix ours 600000  ;engine-memory:mix ours 1034240e-6  ;engine-memory:mix peer 1024000e-6  ;'

for setting in RUNS=0 RUNS=x ROWS=nonsense BASELINE=/nowhere BASELINE=/etc/passwd; do
	bench "$setting"
	is "usage: $setting" "$status" 2
done

# A stand-in cannot be saved and restored.
ln -s "$repo/build/apt" "$BPFCHECK_BUILD/apt"
rm "$BPFCHECK_BUILD/initramfs/base.cpio"
bench ROWS=warm RUNS=1 BPFCHECK_SNAPSHOT_MB=1024 QEMU=qemu-system-x86_64 \
	KERNEL="$(BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" debian:6.1-cloud)"
is 'a warm start and its limit, for real: exit code' "$status" 0
match 'a warm start and its limit: both are measured' "$(column ours warm)$(column 'limit or peer' warm)" '*.* s*.* s'
tap_done
