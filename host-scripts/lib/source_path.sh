# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels of one's own: an image, a package or another archive, an unpacked one, a kernel build tree, /boot.
#
# The folder is named by the release, and by a hash of the image and what comes with it: one that was built anew is
# another kernel. See lib/source.sh for the interface.
#
#   path_deliver DISTRO NAME FILE...
#       Answers with the kernel in an image or in archives, of which messages speak as NAME.
#   path_tree DISTRO TREE IMAGE
#       Answers with an IMAGE and what belongs to it in TREE: what was unpacked, built or installed.
#   path_install DISTRO ID IMAGE [KEY JSON]...
#       Answers with the IMAGE in $kernel_tree, which goes by its release and ID.

source_path_check() {
	[ -e "$1" ]
}

# path_hash: of standard input.
path_hash() {
	sha256sum | cut -c 1-8
}

# path_beside FILE: where the modules would be. Fedora and its kin have them in packages of their own.
path_beside() {
	case ${1##*/} in
		kernel*-core-[0-9]*.rpm)
			version=${1##*-core-}
			printf '%s\n' "${1%-core-"$version"}-modules-core-$version" "${1%-core-"$version"}-modules-$version"
			;;
	esac
}

path_install() {
	kernel_identify "$3"
	path_place=$1/$kernel_release-$2
	folder_answer "$path_place"
	kernel_fill "$kernel_tree" "$kernel_scratch/folder" "$3"
	shift 3
	folder_install "${path_place%%/*}" "${path_place#*/}" "$@"
	folder_answer "$path_place"
}

path_deliver() {
	path_distro=$1
	kernel_from=$2
	shift 2
	id=$(cat "$@" | path_hash)
	folder_begin "$path_distro-$id"
	kernel_tree=$kernel_scratch/tree
	if archive_like "$1"; then
		for file; do
			archive_name=$kernel_from
			[ $# -eq 1 ] || archive_name=${file##*/}
			say "unpacking $archive_name"
			kernel_unpack "$file"
		done
		kernel_find_image "$kernel_tree"
	else
		# What it is called by the user, rather than a copy of it in our folder.
		image_name=$kernel_from
		kernel_image=$1
		mkdir "$kernel_tree"
	fi
	path_install "$path_distro" "$id" "$kernel_image"
}

path_tree() {
	kernel_tree=$2
	listing=$(find "$3" "$2/.config" "$2/config" "$2/boot" "$2/lib/modules" "$2/usr/lib/modules" -maxdepth 2 -type f \
		-printf '%p %s %T@\n' 2>/dev/null | sort)
	folder_key="$1 $(stat -c '%i %.Z' "$3") $listing"
	folder_known "$folder_key"
	# The same image can come with other modules, another configuration, or none.
	id=$({
		cat "$3"
		printf '%s\n' "$listing"
	} | path_hash)
	folder_begin "$1-$id"
	path_install "$1" "$id" "$3"
}

source_path_fetch() {
	path=$(readlink -f "$1")
	[ -r "$path" ] || die 5 "$1: cannot be read"
	if [ -f "$path/meta.json" ]; then
		printf '%s\n' "$path"
		finish 0
	fi
	kernel_source=$path
	if [ -d "$path" ]; then
		kernel_from=$1
		kernel_find_image "$path"
		case $path in
			*/boot) kernel_tree=${path%/boot} ;;
		esac
		path_tree local "$kernel_tree" "$kernel_image"
	fi
	image_name=$1
	case $path in
		*/boot/vmlinuz-*) path_tree local "${path%/boot/*}" "$path" ;;
		*/lib/modules/*/vmlinuz) path_tree local "${path%/lib/modules/*}" "$path" ;;
	esac
	set -- "$1" "$path"
	while IFS= read -r file; do
		[ ! -f "$file" ] || set -- "$@" "$file"
	done <<-END
		$(path_beside "$path")
	END
	name=$1
	shift
	folder_key=$(stat -c '%n %i %s %.Y %.Z' "$@")
	folder_known "$folder_key"
	path_deliver local "$name" "$@"
}
