# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches kernels that kernels/build builds: mainline:6.6.31, mainline:6.1, mainline:6.1-tiny. lib/source.sh describes the
# interface.
#
# Needs lib/folder.sh. Reads: repo, source_spec, update.

# shellcheck source=kernels/linux/source.sh
. "${repo:?}/kernels/linux/source.sh"

source_mainline_check() {
	case ${1#*-} in
		*[!0-9A-Za-z_.-]*) return 1 ;;
	esac
	linux_version_check "${1%%-*}"
}

source_mainline_fetch() {
	# A release never changes. A series does, but a run must not build for half an hour without being asked to.
	[ -n "${update?}" ] || folder_answer "mainline/$1"
	folder_known "${source_spec:?}"
	# In place of this script, so that signals reach it.
	exec "$repo/kernels/build" --no-boot "$1"
}
