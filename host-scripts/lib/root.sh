# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Looks at what --root names, before kernels are fetched for it. `bpfcheck machine` brings it into the guest.
#
# Needs lib/common.sh.
#
#   root_check PATH
#       Dies (2) when PATH cannot be a root.

root_check() {
	[ -d "$1" ] || [ -f "$1" ] || [ -b "$1" ] || usage_error "--root $1: no such folder or image"
	[ -r "$1" ] || usage_error "--root $1: not readable"
}
