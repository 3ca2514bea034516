# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A kernel of a tree: .../DISTRO/VERSION__IDENTIFIERS.tar.gz, a file or an address. It goes by these names; but its
# folder is among those of the user's own, for another tree may have another kernel with the same. See lib/source.sh for
# the interface.
#
#   tree_begin KEY
#       Answers when the kernel is known by KEY; otherwise begins its folder.
#   tree_end
#       Makes it from $kernel_scratch/tree, for distro and version, and answers.

# shellcheck source=host-scripts/lib/tree.sh
. "$here/lib/tree.sh"

tree_begin() {
	folder_key=$1
	folder_known "$folder_key"
	hash=$(printf %s "$folder_key" | sha256sum)
	hash=${hash%"${hash#????????}"}
	folder_begin "local-$hash"
}

tree_end() {
	kernel_fill "$kernel_scratch/tree" "$kernel_scratch/folder"
	folder_place=local/$version-$hash
	folder_install "$distro" "$version"
	folder_answer "$folder_place"
}

# source_tree_name REST: sets distro and version.
source_tree_name() {
	version=${1##*/}
	distro=${1%/*}
	distro=${distro##*/}
	case $1 in
		http*://*/*/*)
			version=$(printf %s "${version%%\?*}" | sed "$tree_decode")
			distro=$(printf %s "$distro" | sed "$tree_decode")
			;;
	esac
	case $version in
		*.tgz) version=${version%.tgz} ;;
		*.tar.gz | *.tar.xz | *.tar.zst | *.tar.bz2) version=${version%.tar.*} ;;
		*) return 1 ;;
	esac
	tree_name_valid "$distro" && tree_name_valid "$version"
}

source_tree_check() {
	source_tree_name "$1" || return 1
	tree_url "$1" || [ -f "$1" ]
}

source_tree_fetch() {
	source_tree_name "$1"
	kernel_from=$1
	if [ -f "$1" ]; then
		archive=$(readlink -f "$1")
		tree_begin "$distro/$version $archive $(stat -c '%i %s %.Y %.Z' "$archive")"
	else
		tree_begin "$source_spec"
		download_begin "$hash"
		archive=$download_folder/$version
		download "$1" "$archive" "$(download_sum "$1")"
	fi
	archive_name=$1
	say "unpacking $1"
	kernel_unpack "$archive"
	tree_end
}
