# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A kernel's folder, build/kernels/DISTRO/VERSION/:
#     vmlinuz      the image, as found, unless that is a vmlinux
#     vmlinux      the ELF file within, where it can be booted through PVH
#     config       its configuration, where known
#     modules/     lib/modules/RELEASE, with modules.dep
#     btf          its BTF, where it has none of its own and that can be had (lib/btf.sh)
#     modules.cpio what a run loads (mkinitramfs modules)
#     meta.json    the rest, one key a line; a folder that has it is complete
#
# Needs lib/common.sh; all but kernel_name and kernel_has lib/archive.sh and lib/vmlinux.sh, too.
#
#   kernel_unpack FILE
#       Unpacks what belongs to a kernel into $kernel_scratch/tree, which may have something in it already.
#   kernel_find_image TREE
#       Sets kernel_image to the one image in an unpacked package, a kernel build tree, or a folder with a vmlinuz, and
#       kernel_tree to TREE, or the only folder in it. Dies (5) when there is none, or more than one.
#   kernel_identify IMAGE
#       Sets kernel_release and kernel_arch (x86_64 or arm64). Dies (5) when it is no kernel.
#   kernel_fill TREE FOLDER [IMAGE]
#       Makes FOLDER, but for meta.json, from such a TREE: the IMAGE in it, or the only one. Sets kernel_boot (pvh,
#       bzimage or image), and what kernel_identify does. Messages call it $kernel_from, if set.
#   kernel_meta DISTRO VERSION KEY JSON...
#       Prints meta.json for the folder in $kernel_scratch; its source is $kernel_source, or $source_spec. Says what of that
#       which a run needs the kernel lacks.
#   kernel_name FOLDER
#       Sets distro, version and arch, from meta.json.
#   kernel_args_check ARGS
#       Dies (2) if a kernel's command line cannot have them.
#   kernel_has FOLDER MODULE CONFIG
#       Prints whether the kernel has a feature, built in or as a module (-: never one): yes, no, or unknown.

# What a run makes use of: feature, module, option. A kernel that lacks one of the first needs no test; for the rest there
# is a fallback, or the tests that need it are skipped.
kernel_features='
initramfs      -              CONFIG_BLK_DEV_INITRD
bpf            -              CONFIG_BPF_SYSCALL
btf            -              CONFIG_DEBUG_INFO_BTF
virtio_pci     virtio_pci     CONFIG_VIRTIO_PCI
virtio_console virtio_console CONFIG_VIRTIO_CONSOLE
9p             9pnet_virtio   CONFIG_NET_9P_VIRTIO
overlay        overlay        CONFIG_OVERLAY_FS
'

# What may belong to a kernel. There may be a folder around it all; * matches slashes.
kernel_parts='*vmlinuz* *vmlinux *vmlinux-* *bzImage Image */Image *Image.gz config .config */config */.config *config-*
	*lib/modules/* modules/*'

kernel_args_check() {
	case $1 in
		*[[:cntrl:]]*) usage_error '--kernel-args: no newlines, no control characters' ;;
	esac
}

kernel_unpack() {
	set -f
	# shellcheck disable=SC2086 # a list of patterns
	archive_unpack "$1" "$kernel_scratch/tree" $kernel_parts
	set +f
}

kernel_find_image() {
	kernel_tree=$1
	found=
	set -- "$1"/*
	# An archive often holds one folder, and all the rest in there.
	if [ $# -eq 1 ] && [ -d "$1" ]; then
		case ${1##*/} in
			boot | lib | usr | arch) ;;
			*) kernel_tree=$1 ;;
		esac
	fi
	for file in "$kernel_tree"/vmlinuz "$kernel_tree"/vmlinuz-* "$kernel_tree"/boot/vmlinuz* \
		"$kernel_tree"/lib/modules/*/vmlinuz "$kernel_tree"/usr/lib/modules/*/vmlinuz "$kernel_tree"/bzImage \
		"$kernel_tree"/Image "$kernel_tree"/arch/x86/boot/bzImage "$kernel_tree"/arch/arm64/boot/Image; do
		kernel_found "$file"
	done
	# Symbols come with some kernels: a vmlinux is what is booted only where there is nothing else.
	[ -n "$found" ] || for file in "$kernel_tree"/vmlinux "$kernel_tree"/boot/vmlinux-* \
		"$kernel_tree"/usr/lib/debug/boot/vmlinux-* "$kernel_tree"/usr/lib/debug/lib/modules/*/vmlinux; do
		kernel_found "$file"
	done
	[ -n "$found" ] || die 5 "${kernel_from:-$kernel_tree}: no kernel in it (vmlinuz, boot/vmlinuz-*, lib/modules/*/vmlinuz, arch/x86/boot/bzImage)"
	kernel_image=$found
}

# kernel_found FILE: by more than one name, it is still one.
kernel_found() {
	case $1 in
		*rescue*) return 0 ;;
	esac
	[ -f "$1" ] || return 0
	[ -z "$found" ] || [ "$(readlink -f "$1")" = "$(readlink -f "$found")" ] ||
		die 5 "${kernel_from:-$kernel_tree}: holds several kernels: ${found#"$kernel_scratch/tree/"} and ${1#"$kernel_scratch/tree/"}; give one of them"
	found=$1
}

# kernel_take_modules FROM FOLDER: moves what is in $kernel_scratch, copies what is the user's.
kernel_take_modules() {
	modules=$2/modules/lib/modules/$kernel_release
	mkdir -p "${modules%/*}"
	case $1 in
		"${kernel_scratch:?}"/*) mv "$1" "$modules" ;;
		*) cp -R "$1" "$modules" || die 5 "$1: cannot be copied" ;;
	esac
	# Installed kernels point back to their sources. What depends on what is found out by us: a file that says it could
	# name any of the host's.
	rm -rf "$modules/build" "$modules/source" "$modules/vmlinuz" "$modules"/modules.dep* "$modules"/modules.*.bin
	say "$kernel_release: depmod"
	depmod -b "$2/modules" "$kernel_release" || die 5 "$kernel_release: depmod failed"
}

# kernel_take_config TREE FOLDER: the file that comes with it, or else what the kernel has of it.
kernel_take_config() {
	for file in "$1/boot/config-$kernel_release" "$1/config-$kernel_release" "$1/config" \
		"$1/lib/modules/$kernel_release/config" "$1/usr/lib/modules/$kernel_release/config" "$1/.config"; do
		if [ -f "$file" ]; then
			cp "$file" "$2/config"
			return
		fi
	done
	vmlinux_config "$2/vmlinux" "$2/config" 2>/dev/null || rm -f "$2/config"
}

kernel_identify() {
	image_check "$1"
	kernel_release=$(image_fact release)
	if [ -z "$kernel_release" ]; then
		# Of some kinds only what is packed tells.
		image_facts=$(image_look --unpack "$kernel_scratch/image" "$1") || finish 5
		kernel_release=$(image_fact release)
	fi
	kernel_arch=$(image_fact arch)
	[ "$kernel_arch" != aarch64 ] || kernel_arch=arm64
	case $kernel_release in
		'') die 5 "${image_name:-$1}: does not say its release" ;;
		.* | *[!0-9A-Za-z.+~_-]*) die 5 "${image_name:-$1}: has an impossible release: $kernel_release" ;;
	esac
}

kernel_fill() {
	kernel_image=${3-}
	kernel_tree=$1
	[ -n "$kernel_image" ] || kernel_find_image "$1"
	kernel_identify "$kernel_image"
	layout=$(image_fact layout)
	say "$kernel_release: unpacking vmlinux"
	kernel_boot=bzimage
	if image_extract "$kernel_image" "$2/vmlinux"; then
		[ "$(image_fact boot)" != pvh ] || kernel_boot=pvh
	fi
	[ "$kernel_arch" = x86_64 ] || kernel_boot=image
	case $kernel_arch:$layout:$kernel_boot in
		x86_64:vmlinux:pvh) ;;
		x86_64:vmlinux:*)
			die 5 "${image_name:-$kernel_image}: has no PVH entry point (CONFIG_PVH), so it cannot be booted as it is; give the bzImage"
			;;
		*) cp "$kernel_image" "$2/vmlinuz" || die 5 "$2/vmlinuz: cannot be written" ;;
	esac
	kernel_take_config "$kernel_tree" "$2"
	[ "$kernel_boot" = pvh ] || rm -f "$2/vmlinux"
	for modules in "$kernel_tree/modules/lib" "$kernel_tree/lib" "$kernel_tree/usr/lib"; do
		[ -d "$modules/modules/$kernel_release/kernel" ] || continue
		kernel_take_modules "$modules/modules/$kernel_release" "$2"
		break
	done
}

# kernel_flavour RELEASE: generic, cloud, rt, aws ...: the word that is left at its end without the architecture.
kernel_flavour() {
	flavour=${1%[-.]amd64}
	flavour=${flavour%[-.]x86_64}
	flavour=${flavour%[-.]arm64}
	flavour=${flavour%[-.]aarch64}
	case ${flavour##*-} in
		*[!a-z]*) flavour=generic ;;
	esac
	printf '%s\n' "${flavour##*-}"
}

kernel_meta() {
	meta_distro=$(json_string "$1")
	meta_version=$(json_string "$2")
	shift 2
	features=
	lacks=
	while read -r feature module option; do
		[ -n "$feature" ] || continue
		has=$(kernel_has "$kernel_scratch/folder" "$module" "$option")
		# The kernel itself knows best.
		[ "$feature:$image_btf" = btf:unknown ] || [ "$feature" != btf ] || has=$image_btf
		features="$features${features:+, }\"$feature\": \"$has\""
		[ "$has" != no ] || lacks="$lacks $feature"
	done <<-END
		$kernel_features
	END
	[ -z "$lacks" ] || say "$kernel_release: has no$lacks"
	image=$kernel_scratch/folder/vmlinuz
	[ -f "$image" ] || image=$kernel_scratch/folder/vmlinux
	sha256=$(sha256sum <"$image")
	json_object distro "$meta_distro" version "$meta_version" release "\"$kernel_release\"" \
		flavour "\"$(kernel_flavour "$kernel_release")\"" arch "\"$kernel_arch\"" \
		source "$(json_string "${kernel_source:-$source_spec}")" sha256 "\"${sha256%% *}\"" boot "\"$kernel_boot\"" \
		compression "\"${image_compression:-unknown}\"" features "{$features}" "$@"
}

kernel_name() {
	distro=
	version=
	# What was fetched before this was written down.
	arch=x86_64
	# One key a line, and texts without escapes.
	while IFS='"' read -r _ key _ value _; do
		case $key in
			distro) distro=$value ;;
			version) version=$value ;;
			arch) arch=$value ;;
		esac
	done <"$1/meta.json"
	case $distro/$version in
		/* | */ | .* | */.* | */*/* | *\\*) die 5 "$1/meta.json: not one of fetch-kernel's" ;;
	esac
}

kernel_has() {
	for file in "$1"/modules/lib/modules/*/modules.dep; do
		if [ -f "$file" ] && [ "$2" != - ]; then
			grep -qsE "(^|/)$2\.ko" "$file" "${file%dep}builtin" && echo yes || echo no
			return
		fi
	done
	# Without modules it can only be built in.
	if [ ! -f "$1/config" ]; then
		echo unknown
	elif grep -q "^$3=y" "$1/config"; then
		echo yes
	else
		echo no
	fi
}
