# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches kernels that are on this machine: an image, a package or another archive, an unpacked one, a kernel build tree,
# /boot; and `host`, the kernel that runs. lib/source.sh describes the interface.
#
# The folder is named by the release and a hash of the image and what belongs to it: a rebuilt kernel is another one.
#
# Needs lib/archive.sh, lib/folder.sh. Sets: archive_name, image_name, kernel_from, kernel_source, kernel_tree, folder_key.
#
#   path_deliver DISTRO NAME FILE...
#       Answers with the kernel in an image or in archives. Messages call it NAME.
#   path_tree DISTRO TREE IMAGE
#       Answers with IMAGE and what belongs to it in TREE: unpacked, built or installed.
#   path_install DISTRO ID IMAGE [KEY JSON]...
#       Answers with the IMAGE in kernel_tree, as DISTRO/RELEASE-ID.

# path_beside FILE: prints the paths of the packages where Fedora and its kin have a kernel's modules.
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
	path_place=$1/${kernel_release:?}-$2
	folder_answer "$path_place"
	kernel_fill "$kernel_tree" "${kernel_scratch:?}/folder" "$3"
	shift 3
	folder_install "${path_place%%/*}" "${path_place#*/}" "$@"
	folder_answer "$path_place"
}

path_deliver() {
	path_distro=$1
	kernel_from=$2
	shift 2
	id=$(cat "$@" | sha256sum | cut -c 1-8)
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
		# The user's name for it, rather than that of a copy in our folder.
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
	id=$(printf '%s\n' "$listing" | cat "$3" - | sha256sum | cut -c 1-8)
	folder_begin "$1-$id"
	path_install "$1" "$id" "$3"
}

source_path_check() {
	[ -e "$1" ]
}

source_path_fetch() {
	kernel_source=$(readlink -f "$1")
	set -- "$1" "$kernel_source"
	[ -r "$2" ] || die 5 "$1: cannot be read"
	if [ -f "$2/meta.json" ]; then
		printf '%s\n' "$2"
		finish 0
	fi
	if [ -d "$2" ]; then
		kernel_from=$1
		kernel_find_image "$2"
		case $2 in
			*/boot) kernel_tree=${2%/boot} ;;
		esac
		path_tree local "$kernel_tree" "$kernel_image"
	fi
	image_name=$1
	case $2 in
		*/boot/vmlinuz-*) path_tree local "${2%/boot/*}" "$2" ;;
		*/lib/modules/*/vmlinuz) path_tree local "${2%/lib/modules/*}" "$2" ;;
	esac
	while IFS= read -r file; do
		[ ! -f "$file" ] || set -- "$@" "$file"
	done <<-END
		$(path_beside "$2")
	END
	name=$1
	shift
	folder_key=$(stat -c '%n %i %s %.Y %.Z' "$@")
	folder_known "$folder_key"
	path_deliver local "$name" "$@"
}

source_host_check() {
	[ -z "$1" ]
}

source_host_fetch() {
	release=$(uname -r)
	for file in "/boot/vmlinuz-$release" "/lib/modules/$release/vmlinuz" "/usr/lib/modules/$release/vmlinuz" \
		"/boot/kernel-$release"; do
		[ -e "$file" ] || continue
		[ -r "$file" ] || die 5 "host: $file: cannot be read; make it readable, or be root"
		kernel_source=$file
		image_name=$file
		path_tree host '' "$file"
	done
	die 5 "host: the running kernel, $release, is not to be found: no /boot/vmlinuz-$release, no /lib/modules/$release/vmlinuz"
}
