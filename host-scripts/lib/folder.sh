# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# How a kernel's folder comes into being: under a lock, in a scratch folder, and then whole. What a spec came to is
# remembered in kernels/.known, so that the next fetch of it takes no time.
#
# Needs lib/common.sh, lib/btf.sh, lib/kernel.sh, and source_spec. The script's cleanup() calls folder_cleanup.
#
#   folder_known KEY [MINUTES]
#       Answers with the folder that was last remembered for KEY, if it is there, and with MINUTES only if that is not
#       longer ago. Returns otherwise, as it does with --update ($update).
#   folder_remember KEY DISTRO/VERSION
#   folder_begin NAME [MINUTES]
#       Waits for whoever else is busy with NAME, which has no slash, and answers if folder_key is known by then, as
#       folder_known does. If not, kernel_scratch is an empty folder with another, empty one in it, `folder`; it is on the
#       same file system as the kernels, and removed on every way out.
#   folder_install DISTRO VERSION KEY JSON...
#       Moves $kernel_scratch/folder, which kernel_fill has filled, to its place, with these KEYs besides the usual in its
#       meta.json. Where folder_place is set, that is its place instead of DISTRO/VERSION.
#   folder_answer PLACE
#       Prints the folder and ends the script, if there is one. Where folder_key is set, it is remembered for that.

kernels=$BPFCHECK_BUILD/kernels
kernel_scratch=
folder_key=
folder_place=

folder_cleanup() {
	[ -n "$kernel_scratch" ] || return 0
	# An archive may have made folders that not even their owner may write to.
	rm -rf "$kernel_scratch" 2>/dev/null || {
		chmod -R u+rwX "$kernel_scratch"
		rm -rf "$kernel_scratch"
	}
}

# folder_memory KEY: sets folder_file, which remembers it.
folder_memory() {
	folder_file=$(printf %s "$1" | sha256sum)
	folder_file=$kernels/.known/${folder_file%% *}
}

folder_known() {
	[ -z "$update" ] || return 0
	folder_memory "$1"
	[ -z "${2-}" ] || [ -n "$(find "$folder_file" -mmin "-$2" 2>/dev/null)" ] || return 0
	folder_recall "$1"
}

# folder_recall KEY: answers with what is remembered, however long ago.
folder_recall() {
	folder_memory "$1"
	[ ! -f "$folder_file" ] || {
		read -r known <"$folder_file"
		folder_print "$known"
	}
}

folder_begin() {
	folder_cleanup
	lock 9 "$kernels/.locks/$1" "$1"
	# Another process may have been faster.
	[ -z "$folder_key" ] || folder_known "$folder_key" "${2-}"
	# A process that was killed may have left one, and others of another name.
	find "$kernels" -maxdepth 1 -name '.new-*' -mtime +0 -exec rm -rf {} + || :
	kernel_scratch=$kernels/.new-$1
	folder_cleanup
	mkdir -p "$kernel_scratch"
	# What is unpacked there may belong to nobody for a while.
	chmod 700 "$kernel_scratch"
	mkdir "$kernel_scratch/folder"
	need_space "$kernel_scratch" 300
}

folder_install() {
	folder=$kernels/${folder_place:-$1/$2}
	kernel_meta "$@" >"$kernel_scratch/folder/meta.json"
	[ "$image_btf" != no ] || btf_provide "$kernel_image" "$kernel_tree" "$kernel_scratch/folder" "$1"
	"$here/mkinitramfs" modules "$kernel_scratch/folder"
	mkdir -p "${folder%/*}"
	rm -rf "$folder"
	mv "$kernel_scratch/folder" "$folder"
}

folder_remember() {
	folder_memory "$1"
	mkdir -p "${folder_file%/*}"
	printf '%s\n' "$2" >"$folder_file.$$"
	mv "$folder_file.$$" "$folder_file"
}

folder_answer() {
	[ ! -f "$kernels/$1/meta.json" ] || [ -z "$folder_key" ] || folder_remember "$folder_key" "$1"
	folder_print "$1"
}

# folder_print PLACE: answers, and what is remembered gets no younger by it.
folder_print() {
	[ -f "$kernels/$1/meta.json" ] || return 0
	printf '%s\n' "$kernels/$1"
	finish 0
}
