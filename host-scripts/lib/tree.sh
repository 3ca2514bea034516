# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Which kernels there are in a tree DISTRO/VERSION__IDENTIFIERS.tar.gz, and in an archive of mainline images. Other files
# are left alone. But what looks like a kernel's and has a name that cannot be used is an error (5): a run must not pass
# without it.
#
# Needs lib/common.sh, lib/archive.sh, lib/download.sh, and scratch, a folder for what is not kept.
#
#   tree_list FOLDER|URL
#       Writes a spec, tree:..., for each kernel to $scratch/listed. What a URL gives is a page with links, the list of a
#       bucket, or a list of paths, one a line; folders in it are distros'.
#   tree_list_members ARCHIVE
#       Likewise member:ARCHIVE/MEMBER for each image in it. The archive is read but once.
#   tree_name_valid TEXT
#       Whether that can be a kernel's distro or version: they become names of folders, and stand in lists.
#   tree_url TEXT
#       Whether that is an address. Dies (2) when what it gives could be anybody's.
#   tree_decode
#       For sed: what may be in such a name, and be written otherwise in a URL.

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

# tree_add KIND AT DISTRO NAMES: see tree.awk.
tree_add() {
	AT=$2 awk -v kind="$1" -v distro="$3" -f "$here/lib/tree.awk" <"$4" >>"$scratch/listed" 2>"$scratch/tree.why" ||
		die 5 "$2: $(cat "$scratch/tree.why")"
	[ ! -s "$scratch/tree.why" ] || say "$2: $(cat "$scratch/tree.why")"
}

# tree_page FILE: the links of a page, or the lines of a list; decoded, and as they were.
tree_page() {
	if grep -q '<' "$1"; then
		tr '\000\n' '\001 ' <"$1" | tr '<>' '\n' |
			sed -n "/^Key\$/{n;/\/\$/!p;}; s/^[aA] .*[hH][rR][eE][fF] *= *[\"']\([^\"']*\)[\"'].*/\1/p"
	else
		tr '\000' '\001' <"$1" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^#/d; /^$/d'
	fi | tr '\t' '\001' | sed "h; $tree_decode; G; s/\n/\t/"
}

# tree_list_page URL DISTRO
tree_list_page() {
	page=$1
	case ${page##*/} in
		'' | *.txt | *.html | *.xml) ;;
		*) page=$page/ ;;
	esac
	rm -f "$scratch/tree.page"
	download "$page" "$scratch/tree.page"
	! grep -q '<IsTruncated>true' "$scratch/tree.page" || die 5 "$page: the list is cut off; serve a list of paths instead"
	tree_page "$scratch/tree.page" >"$scratch/tree.names"
	tree_add tree "${page%/*}/" "$2" "$scratch/tree.names"
}

tree_list_url() {
	tree_list_page "$1" ''
	grep '/$' "$scratch/listed" >"$scratch/tree.distros" || return 0
	base=${page%/*}/
	while IFS= read -r distro; do
		tree_list_page "$base$distro" "$(printf %s "$distro" | sed "$tree_decode")"
	done <"$scratch/tree.distros"
	sed -i '/\/$/d' "$scratch/listed"
}

tree_list_folder() {
	[ -d "$1" ] || usage_error "$1: no such folder"
	find -L "$1" -mindepth 2 -maxdepth 2 -printf '%P\0' >"$scratch/tree.page" 2>"$scratch/tree.why" ||
		die 5 "$1: cannot be listed: $(head -n 1 "$scratch/tree.why")"
	tr '\000\t\n' '\n\001\001' <"$scratch/tree.page" | sed 's/.*/&\t&/' | sort -V >"$scratch/tree.names"
	tree_add tree "${1%/}/" '' "$scratch/tree.names"
}

tree_list() {
	: >"$scratch/listed"
	if tree_url "$1"; then
		tree_list_url "$1"
	else
		tree_list_folder "$1"
	fi
	[ -s "$scratch/listed" ] || usage_error "$1: no kernel in it (DISTRO/VERSION__IDENTIFIERS.tar.gz)"
}

tree_list_members() {
	: >"$scratch/listed"
	[ -f "$1" ] || usage_error "$1: no such file"
	mkdir -p "$scratch/members"
	archive_out "$1" "$scratch/members/names" -t
	tr '\t' '\001' <"$scratch/members/names" | sed 's/.*/&\t&/' >"$scratch/tree.names"
	tree_add member "$1/" '' "$scratch/tree.names"
	[ -s "$scratch/listed" ] || usage_error "$1: no kernel in it (bzImage-VERSION, linux-x86_64-VERSION or vmlinuz-VERSION)"
}
