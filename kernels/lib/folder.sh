# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Makes a kernel's folder under a lock, in a scratch folder, and moves it to its place when it is complete. The folder that
# a spec led to is remembered in kernels/.known, so that the next fetch of the spec takes no time.
#
# Needs btf.sh, fill.sh, meta.sh. Reads: repo, BPFCHECK_BUILD, image_btf, kernel_image, kernel_tree. update: not empty with
# --update. folder_key: under which the answer is remembered, if set. folder_place: the place of the folder, if set; default
# DISTRO/VERSION. Sets: kernels, kernel_scratch, folder_file. The script's cleanup() calls folder_cleanup.
#
#   folder_known KEY [MINUTES]
#       Answers with the folder that is remembered for KEY, if it is there, and not older than MINUTES. Returns otherwise,
#       and with --update.
#   folder_recall KEY
#       The same, however old it is, and also with --update.
#   folder_remember KEY DISTRO/VERSION
#   folder_begin NAME [MINUTES]
#       Waits for other processes that make NAME (without a slash), and answers if folder_key is known by then. If not,
#       kernel_scratch is a new folder on the same file system as the kernels, with an empty one, `folder`, in it. It is
#       removed on every way out.
#   folder_install DISTRO VERSION KEY JSON...
#       Moves kernel_scratch/folder, which kernel_fill has filled, to its place, with these KEYs in its meta.json, too.
#   folder_answer PLACE
#       Prints the folder and ends the script, if the folder is there.

kernels=$BPFCHECK_BUILD/kernels
folder_key=
folder_place=
update=
: "${repo:?}" "${image_btf?}"

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
	# Processes that were killed may have left this one, and others.
	find "$kernels" -maxdepth 1 -name '.new-*' -mtime +0 -exec rm -rf {} + || :
	kernel_scratch=$kernels/.new-$1
	folder_cleanup
	# While files are unpacked, they may belong to nobody.
	mkdir -m 700 "$kernel_scratch"
	mkdir "$kernel_scratch/folder"
	need_space "$kernel_scratch" 300
}

folder_install() {
	folder=$kernels/${folder_place:-$1/$2}
	kernel_meta "$@" >"$kernel_scratch/folder/meta.json"
	[ "$image_btf" != no ] || btf_provide "${kernel_image:?}" "${kernel_tree:?}" "$kernel_scratch/folder" "$1"
	"$repo/host-scripts/mkinitramfs" modules "$kernel_scratch/folder"
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

# folder_print PLACE: answers, without a change to the age of what is remembered.
folder_print() {
	[ -f "$kernels/$1/meta.json" ] || return 0
	printf '%s\n' "$kernels/$1"
	finish 0
}
