# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The beginning of every host script: folders, help, messages, and one way out.
#
# Usage, near the top of a script:
#     here=$(readlink -f "$0")
#     here=${here%/*}
#     . "$here/lib/common.sh"
#
# A script ends through `finish CODE` or `die CODE MESSAGE` only. Ending in any other way (a command failing under
# set -e) is exit code 5: a harness that broke must not look like a failed test. A script that has something to clean
# up redefines cleanup(), which runs on every way out, signals included.
#
# BPFCHECK_BUILD  everything made or downloaded (default: build/ of the checkout)

set -eu

: "${here:?set by the script that sources this file}"
script=${0##*/}
# shellcheck disable=SC2034 # for the scripts
repo=${here%/*}
: "${BPFCHECK_BUILD:=$repo/build}"
: "${TMPDIR:=/tmp}"
# QEMU and others run in folders of their own.
case $BPFCHECK_BUILD in
	/*) ;;
	*) BPFCHECK_BUILD=$PWD/$BPFCHECK_BUILD ;;
esac
case $TMPDIR in
	/*) ;;
	*) TMPDIR=$PWD/$TMPDIR ;;
esac
# depmod and modprobe live where users other than root do not look.
PATH=$PATH:/usr/sbin:/sbin
# Sorting, and the messages that we read, must not depend on who runs us.
LC_ALL=C
export BPFCHECK_BUILD TMPDIR PATH LC_ALL

exit_code=5

cleanup() { :; }

on_exit() {
	trap - EXIT
	trap '' HUP INT TERM
	# All of it, whatever fails: a file that cannot be removed must not become the exit code.
	cleanup || :
	exit "$exit_code"
}

trap on_exit EXIT
trap 'exit_code=129; exit' HUP
trap 'exit_code=130; exit' INT
trap 'exit_code=143; exit' TERM

finish() {
	exit_code=$1
	exit "$exit_code"
}

say() {
	printf '%s: %s\n' "$script" "$*" >&2
}

# die CODE MESSAGE: 2 for what the user asked wrongly, 5 for what could not be done.
die() {
	exit_code=$1
	shift
	# shellcheck disable=SC2034 # for run.json
	last_words=$*
	say "$*"
	exit "$exit_code"
}

# The comment at the top of the script, less the SPDX line.
print_help() {
	sed -n '4,/^[^#]/s/^# \{0,1\}//p' "$0"
	finish 0
}

usage_error() {
	die 2 "$*; see $script --help"
}

# need_value OPTION COUNT: an option at the end of the command line lacks its value.
need_value() {
	[ "$2" -ge 2 ] || usage_error "$1 needs a value"
}

# need_number OPTION VALUE LEAST
need_number() {
	case $2 in
		'' | *[!0-9]* | ????????*) usage_error "$1 $2: not a number" ;;
	esac
	[ "$2" -ge "$3" ] || usage_error "$1 $2: must be at least $3"
}

# need_tool PACKAGE PROGRAM...
need_tool() {
	tool_package=$1
	shift
	for tool; do
		command -v "$tool" >/dev/null || die 5 "$tool is not installed; 'make setup' or 'apt-get install $tool_package'"
	done
}

# json_string TEXT: as a JSON string. Control characters become spaces.
json_string() {
	case $1 in
		*[\\\"[:cntrl:]]*) printf '"%s"' "$(printf %s "$1" | tr '\001-\037' ' ' | sed 's/[\\"]/\\&/g')" ;;
		*) printf '"%s"' "$1" ;;
	esac
}

# json_object KEY JSON...: one key a line.
json_object() {
	json=
	while [ $# -gt 0 ]; do
		json="$json${json:+,}
	\"$1\": $2"
		shift 2
	done
	printf '{%s\n}\n' "$json"
}

# need_space FOLDER MB: a disk that fills up in the middle of a run loses records without a word.
need_space() {
	# How many blocks a user may have, and their size.
	free=$(stat -f -c '%a %S' "$1") || free='0 0'
	[ $((${free% *} * ${free#* } / 1048576)) -ge "$2" ] || die 5 "$1: the disk is full: less than $2 MB are free"
}

# lock DESCRIPTOR FILE WHAT: held until the script, and what it has started, end.
lock() {
	[ -d "${2%/*}" ] || mkdir -p "${2%/*}"
	eval "exec $1>>\"\$2\""
	flock -n "$1" || {
		say "waiting for another process that is busy with $3"
		# In the background, so that a signal ends the waiting.
		setpriv --pdeathsig KILL flock "$1" &
		wait $!
	}
}
