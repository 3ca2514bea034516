# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Which kernels are asked for, and where they are. In scratch, a folder for what is not kept, are lists, in the order in
# which the kernels were named, each but once:
#     specs     as named
#     names     DISTRO/VERSION, under which they are reported
#     kernels   the folders of those that are to be run
#
# Needs lib/common.sh, lib/kernel.sh, lib/results.sh, lib/resume.sh, lib/source.sh.
#
#   matrix_add SPEC
#   matrix_add_all FILE
#   matrix_read FILE
#       Adds one, those of a list, or those of a matrix file.
#   matrix_shard_check I/N
#       Dies (2) when that is no shard.
#   matrix_shard I/N
#       Keeps every Nth, from the Ith on. Only the place on the list counts, so that machines which know nothing of each
#       other share it without loss. Dies (2) when none is left: a run that tests nothing must not pass.
#   matrix_check
#       Dies (2) when nothing is asked for, or something that cannot be.
#   matrix_fetch
#       Gets them. Opens a folder for results, in $results, of each that is to be run: with $resume, only of those that
#       need to be. Where $fail_fast is set, sets stop when one cannot be had, or is known not to pass.

# list_add LINE FILE: unless it is there.
list_add() {
	grep -qsxF -e "$1" "$2" || printf '%s\n' "$1" >>"$2"
}

matrix_add() {
	list_add "$1" "$scratch/specs"
}

matrix_add_all() {
	cat "$scratch/specs" "$1" | awk '!seen[$0]++' >"$scratch/added"
	mv "$scratch/added" "$scratch/specs"
}

matrix_read() {
	[ -f "$1" ] || usage_error "--matrix $1: no such file"
	sed 's/#.*//; s/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' "$1" >"$scratch/matrix"
	[ -s "$scratch/matrix" ] || usage_error "$1: names no kernel"
	matrix_add_all "$scratch/matrix"
}

matrix_shard_check() {
	case $1 in
		*/*) ;;
		*) usage_error "--shard $1: must be I/N, e.g. 1/4" ;;
	esac
	need_number --shard "${1#*/}" 1
	need_number --shard "${1%%/*}" 1
	[ "${1%%/*}" -le "${1#*/}" ] || usage_error "--shard $1: there are only ${1#*/}"
}

matrix_shard() {
	count=$(wc -l <"$scratch/specs")
	awk -v i="${1%%/*}" -v n="${1#*/}" 'NR % n == i % n' "$scratch/specs" >"$scratch/shard"
	[ -s "$scratch/shard" ] || usage_error "--shard $1: nothing to test, $count kernels are too few for that many shards"
	mv "$scratch/shard" "$scratch/specs"
}

matrix_check() {
	[ -s "$scratch/specs" ] || usage_error 'nothing to test'
	while IFS= read -r spec; do
		source_find "$spec"
	done <"$scratch/specs"
}

# matrix_unfetched SPEC STATUS: there is no release to name it by.
matrix_unfetched() {
	[ "$2" -ne 2 ] || finish 2
	[ "$2" -lt 128 ] || finish "$2"
	source_find "$1"
	distro=$source_name
	version=${source_rest%/}
	version=${version##*/}
	case $source_name in
		path) distro=local ;;
		tree | member) "source_${source_name}_name" "$source_rest" ;;
	esac
	results_problem infra "$(tail -n 1 "$scratch/said" | sed 's/^fetch-kernel: //')" "$1"
	stop=$fail_fast
}

matrix_fetch_one() {
	rm -f "$scratch/status"
	{
		"$here/fetch-kernel" "$1" 2>&1 >"$scratch/kernel" || echo $? >"$scratch/status"
	} | tee "$scratch/said" >&2
	if [ -e "$scratch/status" ]; then
		read -r status <"$scratch/status"
		matrix_unfetched "$1" "$status"
	else
		read -r kernel <"$scratch/kernel"
		kernel_name "$kernel"
		if grep -qsxF -e "$distro/$version" "$scratch/names" &&
			! cat "$scratch/kernels" "$scratch/complete" 2>/dev/null | grep -qxF -e "$kernel"; then
			die 2 "$1: another kernel has the same name, $distro/$version: test one at a time"
		fi
		if [ -n "$resume" ] && resume_has "$results/$distro/$version" "$kernel"; then
			list_add "$kernel" "$scratch/complete"
			[ "$resume_verdict" -eq 0 ] || stop=$fail_fast
		else
			list_add "$kernel" "$scratch/kernels"
			results_open "$results" "$distro" "$version"
		fi
	fi
	list_add "$distro/$version" "$scratch/names"
}

matrix_fetch() {
	while IFS= read -r spec; do
		matrix_fetch_one "$spec" </dev/null
	done <"$scratch/specs"
	# The runs take the locks of their folders.
	exec 9>&-
	[ ! -e "$scratch/complete" ] ||
		say "$(wc -l <"$scratch/complete") of $(wc -l <"$scratch/names") kernels have complete results"
}
