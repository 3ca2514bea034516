# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels that build-kernel makes: mainline:6.6.31, mainline:6.1, mainline:6.1-tiny. See lib/source.sh for the interface.

# shellcheck source=host-scripts/lib/linux_source.sh
. "$here/lib/linux_source.sh"

source_mainline_check() {
	case ${1#*-} in
		*[!0-9A-Za-z_.-]*) return 1 ;;
	esac
	linux_version_check "${1%%-*}"
}

source_mainline_fetch() {
	# A release is what it is; a series grows, but does not by itself take half an hour of every run.
	[ -n "$update" ] || folder_answer "mainline/$1"
	folder_known "$source_spec"
	# It is the one to be told when to stop.
	exec "$here/build-kernel" --no-boot "$1"
}
