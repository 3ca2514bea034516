# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The folder that one kernel's run writes to: ROOT/DISTRO/VERSION/.
#
# Needs lib/common.sh.
#
#   results_open ROOT DISTRO VERSION
#       Makes the folder, takes its lock, and removes what an earlier run left, so that nothing of that can be taken for
#       this run's. Sets folder.
#   results_write KEY JSON...
#       Writes run.json with these keys.
#   results_problem KEY TEXT SPEC
#       Opens the folder of a kernel that is not run, in $results, for distro, version and accel. KEY is infra or
#       not_run, and TEXT says why.

results_open() {
	mkdir -p "$1/$2/$3" 2>/dev/null || die 5 "$1/$2/$3: cannot be made"
	folder=$(cd "$1/$2/$3" && pwd)
	need_space "$folder" 16
	lock 9 "$folder/.lock" "$folder"
	rm -rf "$folder/share" "$folder/run.json" "$folder/records.ndjson" "$folder/serial.ndjson" \
		"$folder/machine.ndjson" "$folder/control" "$folder/stdin" "$folder/stdout" "$folder/stderr" "$folder/collected" "$folder"/.collected.* "$folder/console.log" "$folder/junit.xml" "$folder.txt"
	ln -s "$3/console.log" "$folder.txt"
}

results_write() {
	if ! json_object "$@" >"$folder/.run.json" || ! mv "$folder/.run.json" "$folder/run.json"; then
		say "$folder/run.json: cannot be written"
		return 1
	fi
}

results_problem() {
	results_open "$results" "$distro" "$version"
	results_write distro "$(json_string "$distro")" kernel "$(json_string "$version")" spec "$(json_string "$3")" \
		accel "\"$accel\"" "$1" "$(json_string "$2")"
}
