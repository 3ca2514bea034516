# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fills a kernel's folder, which kernel.sh describes, from an image and its modules.
#
# Needs archive.sh, image.sh, kernel.sh.
# Reads: image_name. kernel_scratch: folder_begin sets it. kernel_from: messages call the kernel so, if set.
# Sets: kernel_image, kernel_tree, kernel_release, kernel_arch, kernel_boot, as below.
#
#   kernel_unpack FILE
#       Unpacks what belongs to a kernel into kernel_scratch/tree; files that are there stay.
#   kernel_find_image TREE
#       Sets kernel_image to the only image in an unpacked package, a kernel build tree, or a folder with a vmlinuz, and
#       kernel_tree to TREE, or to the only folder in it. Dies (5) when there is none, or more than one.
#   kernel_identify IMAGE
#       Sets kernel_release and kernel_arch (x86_64 or arm64). Dies (5) when it is not a kernel.
#   kernel_fill TREE FOLDER [IMAGE]
#       Fills FOLDER, except meta.json, from TREE and the IMAGE in it (default: the only one). Sets kernel_boot (pvh,
#       bzimage or image), kernel_release and kernel_arch.

kernel_from=
kernel_scratch=
: "${image_name?}"

kernel_unpack() {
	# An archive may have one folder around it all; * matches slashes.
	archive_unpack "$1" "$kernel_scratch/tree" '*vmlinuz*' '*vmlinux' '*vmlinux-*' '*bzImage' Image '*/Image' '*Image.gz' \
		config .config '*/config' '*/.config' '*config-*' '*lib/modules/*' 'modules/*'
}

# kernel_choose NAME FILE...: sets kernel_image. An image with two names (a link) is one image.
kernel_choose() {
	for file; do
		case $file in
			*rescue*) continue ;;
		esac
		[ -f "$file" ] || continue
		[ -z "$kernel_image" ] || [ "$(readlink -f "$file")" = "$(readlink -f "$kernel_image")" ] ||
			die 5 "${kernel_from:-$kernel_tree}: holds several kernels: ${kernel_image#"$kernel_scratch/tree/"} and ${file#"$kernel_scratch/tree/"}; give one of them"
		kernel_image=$file
	done
}

kernel_find_image() {
	kernel_tree=$1
	kernel_image=
	set -- "$1"/*
	# Many archives hold one folder with all the rest in it.
	if [ $# -eq 1 ] && [ -d "$1" ]; then
		case ${1##*/} in
			boot | lib | usr | arch) ;;
			*) kernel_tree=$1 ;;
		esac
	fi
	set -- "$kernel_tree"
	kernel_choose "$1"/vmlinuz "$1"/vmlinuz-* "$1"/boot/vmlinuz* "$1"/lib/modules/*/vmlinuz "$1"/usr/lib/modules/*/vmlinuz \
		"$1"/bzImage "$1"/Image "$1"/arch/x86/boot/bzImage "$1"/arch/arm64/boot/Image
	# A vmlinux may be there for its symbols only: it is booted if there is nothing else.
	[ -n "$kernel_image" ] || kernel_choose "$1"/vmlinux "$1"/boot/vmlinux-* "$1"/usr/lib/debug/boot/vmlinux-* \
		"$1"/usr/lib/debug/lib/modules/*/vmlinux
	[ -n "$kernel_image" ] ||
		die 5 "${kernel_from:-$1}: no kernel in it (vmlinuz, boot/vmlinuz-*, lib/modules/*/vmlinuz, arch/x86/boot/bzImage)"
}

kernel_identify() {
	image_check "$1"
	kernel_release=$(image_fact release)
	if [ -z "$kernel_release" ]; then
		# Some kinds of image name their release in the packed part only.
		image_facts=$(image_look --unpack "$kernel_scratch/image" "$1") || finish 5
		kernel_release=$(image_fact release)
	fi
	kernel_arch=$(image_fact arch | sed 's/aarch64/arm64/')
	case $kernel_release in
		'') die 5 "${image_name:-$1}: does not say its release" ;;
		.* | *[!0-9A-Za-z.+~_-]*) die 5 "${image_name:-$1}: has an impossible release: $kernel_release" ;;
	esac
}

# kernel_take_modules FOLDER: moves them if they are in kernel_scratch; copies the user's.
kernel_take_modules() {
	for from in "$kernel_tree/modules" "$kernel_tree" "$kernel_tree/usr"; do
		from=$from/lib/modules/$kernel_release
		[ ! -d "$from/kernel" ] || break
	done
	[ -d "$from/kernel" ] || return 0
	modules=$1/modules/lib/modules/$kernel_release
	mkdir -p "${modules%/*}"
	case $from in
		"${kernel_scratch:?}"/*) mv "$from" "$modules" ;;
		*) cp -R "$from" "$modules" || die 5 "$from: cannot be copied" ;;
	esac
	# Installed modules have links to their sources. depmod finds the dependencies: a file that came with the modules could
	# name any file of the host's.
	rm -rf "$modules/build" "$modules/source" "$modules/vmlinuz" "$modules"/modules.dep* "$modules"/modules.*.bin
	say "$kernel_release: depmod"
	depmod -b "$1/modules" "$kernel_release" || die 5 "$kernel_release: depmod failed"
}

# kernel_take_config FOLDER: the file that came with the kernel, or else the one that CONFIG_IKCONFIG embeds.
kernel_take_config() {
	for file in boot/config- config- config lib/modules/ usr/lib/modules/ .config; do
		case $file in
			*-) file=$kernel_tree/$file$kernel_release ;;
			*/) file=$kernel_tree/$file$kernel_release/config ;;
			*) file=$kernel_tree/$file ;;
		esac
		if [ -f "$file" ]; then
			cp "$file" "$1/config"
			return
		fi
	done
	image_look --config "$1/config" "$1/vmlinux" >/dev/null 2>&1 || rm -f "$1/config"
	[ -s "$1/config" ] || rm -f "$1/config"
}

kernel_fill() {
	kernel_tree=$1
	kernel_image=${3-}
	[ -n "$kernel_image" ] || kernel_find_image "$1"
	kernel_identify "$kernel_image"
	layout=$(image_fact layout)
	say "$kernel_release: unpacking vmlinux"
	kernel_boot=bzimage
	! image_extract "$kernel_image" "$2/vmlinux" || [ "$(image_fact boot)" != pvh ] || kernel_boot=pvh
	[ "$kernel_arch" = x86_64 ] || kernel_boot=image
	case $kernel_arch:$layout:$kernel_boot in
		x86_64:vmlinux:pvh) ;;
		x86_64:vmlinux:*)
			die 5 "${image_name:-$kernel_image}: has no PVH entry point (CONFIG_PVH), so it cannot be booted; give the bzImage"
			;;
		*) cp "$kernel_image" "$2/vmlinuz" || die 5 "$2/vmlinuz: cannot be written" ;;
	esac
	kernel_take_config "$2"
	[ "$kernel_boot" = pvh ] || rm -f "$2/vmlinux"
	kernel_take_modules "$2"
}
