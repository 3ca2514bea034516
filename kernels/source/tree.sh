# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches a kernel of a tree, .../DISTRO/VERSION__IDENTIFIERS.tar.gz (a file or an address), or a member of an archive of
# mainline images, ARCHIVE/MEMBER. lib/source.sh describes the interface.
#
# The kernel is reported by these names, but its folder is in local/: another tree may have another kernel of that name.
#
# Needs lib/archive.sh, lib/download.sh, lib/folder.sh. Reads: source_spec. Sets: archive_name, image_name, kernel_from,
# folder_key, folder_place, distro and version.

# shellcheck source=kernels/lib/tree.sh
. "${repo:?}/kernels/lib/tree.sh"

# tree_begin KEY: answers when the kernel is known by KEY; otherwise begins its folder.
tree_begin() {
	folder_key=$1
	folder_known "$folder_key"
	tree_hash=$(printf %s "$folder_key" | sha256sum | cut -c 1-8)
	folder_begin "local-$tree_hash"
}

# tree_end: makes the kernel's folder from kernel_scratch/tree, and answers.
tree_end() {
	kernel_fill "${kernel_scratch:?}/tree" "$kernel_scratch/folder"
	folder_place=local/$version-$tree_hash
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
	archive_name=$1
	if [ -f "$1" ]; then
		archive=$(readlink -f "$1")
		tree_begin "$distro/$version $archive $(stat -c '%i %s %.Y %.Z' "$archive")"
	else
		tree_begin "${source_spec:?}"
		download_begin "$tree_hash"
		archive=${download_folder:?}/$version
		download "$1" "$archive" "$(download_sum "$1")"
	fi
	say "unpacking $1"
	kernel_unpack "$archive"
	tree_end
}

# source_member_name REST: sets distro, version, archive and member.
source_member_name() {
	distro=mainline
	version=${1##*/}
	case $version in
		bzImage-* | vmlinuz-*) version=${version#*-} ;;
		linux-x86_64-*) version=${version#linux-x86_64-} ;;
		*) return 1 ;;
	esac
	version=${version#v}
	tree_name_valid "$version" || return 1
	archive=$1
	until [ -f "$archive" ]; do
		[ "$archive" != "${archive%/*}" ] || return 1
		archive=${archive%/*}
	done
	member=${1#"$archive"/}
	# bsdtar takes it for a pattern.
	case $member in
		*[!A-Za-z0-9._+~:@=,^/-]*) return 1 ;;
	esac
}

source_member_check() {
	source_member_name "$1"
}

source_member_fetch() {
	source_member_name "$1"
	kernel_from=$1
	tree_begin "$1 $(stat -L -c '%i %s %.Y %.Z' "$archive")"
	archive_name=$archive
	image_name=$1
	mkdir "$kernel_scratch/tree"
	say "unpacking $1"
	archive_out "$archive" "$kernel_scratch/tree/vmlinuz" -xOq "$member"
	[ -s "$kernel_scratch/tree/vmlinuz" ] || die 5 "$archive: has no file $member"
	tree_end
}
