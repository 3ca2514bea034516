# shellcheck shell=sh disable=SC2034 # tree_decode is for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Names of kernels in a tree DISTRO/VERSION__IDENTIFIERS.tar.gz. bpfcheck plan lists the kernels that are in one.
#
# Reads: nothing. Sets: tree_decode, a sed script that decodes what a name may have and a URL may encode.
#
#   tree_name_valid TEXT   whether TEXT can be a kernel's distro or version: they become names of folders
#   tree_url TEXT          whether TEXT is an address; dies (2) if anybody on the way could change what it returns

tree_decode='s/%2[Bb]/+/g; s/%2[Cc]/,/g; s/%2[Dd]/-/g; s/%2[Ee]/./g; s/%3[Aa]/:/g; s/%3[Dd]/=/g; s/%40/@/g; s/%5[Ee]/^/g
	s/%5[Ff]/_/g; s/%7[Ee]/~/g'

tree_name_valid() {
	case $1 in
		'' | [!A-Za-z0-9]* | *[!A-Za-z0-9._+~:@=,^-]*) return 1 ;;
	esac
	[ ${#1} -le 240 ]
}

tree_url() {
	case $1 in
		*[[:space:][:cntrl:]]*) return 1 ;;
		https://?* | http://127.*/* | http://localhost[:/]*) ;;
		http://*) usage_error "$1: plain HTTP can be tampered with; use https" ;;
		*) return 1 ;;
	esac
}
