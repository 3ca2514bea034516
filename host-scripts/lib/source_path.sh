# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels of one's own: an image, a package or another archive, an unpacked one, a kernel build tree, /boot.
#
# The folder is named by the release, and by a hash of the image and what comes with it: one that was built anew is
# another kernel. See lib/source.sh for the interface.
#
#   path_deliver DISTRO FILE NAME
#       Answers with the kernel in an image or archive, of which messages speak as NAME.

source_path_check() {
	[ -e "$1" ]
}

# path_hash: of standard input.
path_hash() {
	sha256sum | cut -c 1-8
}

# path_install DISTRO ID IMAGE: from $kernel_tree.
path_install() {
	kernel_identify "$3"
	folder_answer "$1/$kernel_release-$2"
	kernel_fill "$kernel_tree" "$kernel_scratch/folder" "$3"
	folder_install "$1" "$kernel_release-$2"
	folder_answer "$1/$kernel_release-$2"
}

path_deliver() {
	kernel_from=$3
	id=$(path_hash <"$2")
	folder_begin "$1-$id"
	kernel_tree=$kernel_scratch/tree
	if archive_like "$2"; then
		archive_name=$3
		say "unpacking $3"
		kernel_unpack "$2"
		kernel_find_image "$kernel_tree"
	else
		# What it is called by the user, rather than a copy of it in our folder.
		image_name=$3
		kernel_image=$2
		mkdir "$kernel_tree"
	fi
	path_install "$1" "$id" "$kernel_image"
}

# path_tree DISTRO TREE IMAGE: what was unpacked, built or installed.
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
	folder_key="$path $(stat -c '%i %s %.Y %.Z' "$path")"
	folder_known "$folder_key"
	path_deliver local "$path" "$1"
}
