# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A kernel's folder, build/kernels/DISTRO/VERSION/:
#     vmlinuz      the bzImage, as found
#     vmlinux      the ELF file within, where it can be booted through PVH
#     config       its configuration, where known
#     modules/     lib/modules/RELEASE, with modules.dep
#     modules.cpio what a run loads (mkinitramfs modules)
#     meta.json    the rest, one key a line; a folder that has it is complete
#
# Needs lib/common.sh and lib/vmlinux.sh.
#
#   kernel_spec_check SPEC
#       Returns 1 when SPEC is no kernel that fetch-kernel could know, before anything is asked or downloaded.
#   kernel_fill TREE FOLDER
#       Makes FOLDER, but for meta.json, from an unpacked package, a kernel build tree, or a folder with a vmlinuz.
#       Sets kernel_release and kernel_boot (pvh or bzimage).
#   kernel_name FOLDER
#       Sets distro and version, from meta.json.
#   kernel_has FOLDER MODULE CONFIG
#       Prints whether the kernel has a feature, built in or as a module: yes, no, or unknown.

kernel_spec_check() {
	case $1 in
		debian:*) debian_pattern "${1#debian:}" >/dev/null ;;
		*) [ -e "$1" ] ;;
	esac
}

# kernel_find_image TREE: prints the one image in it.
kernel_find_image() {
	found=
	for file in "$1"/vmlinuz "$1"/boot/vmlinuz-* "$1"/lib/modules/*/vmlinuz "$1"/usr/lib/modules/*/vmlinuz \
		"$1"/arch/x86/boot/bzImage; do
		[ -f "$file" ] || continue
		[ -z "$found" ] || die 5 "$1: holds several kernels: $found and $file; name one of them"
		found=$file
	done
	[ -n "$found" ] || die 5 "$1: no kernel in it (vmlinuz, boot/vmlinuz-*, lib/modules/*/vmlinuz, arch/x86/boot/bzImage)"
	printf '%s\n' "$found"
}

# kernel_take_modules FROM FOLDER: moves what is in $kernel_scratch, copies what is the user's.
kernel_take_modules() {
	mkdir -p "$2/modules/lib/modules"
	case $1 in
		"${kernel_scratch:?}"/*) mv "$1" "$2/modules/lib/modules/$kernel_release" ;;
		*) cp -R "$1" "$2/modules/lib/modules/$kernel_release" ;;
	esac
	modules=$2/modules/lib/modules/$kernel_release
	# Installed kernels point back to their sources.
	rm -rf "$modules/build" "$modules/source" "$modules/vmlinuz"
	if [ ! -e "$modules/modules.dep" ]; then
		say "$kernel_release: depmod"
		depmod -b "$2/modules" "$kernel_release" || die 5 "$kernel_release: depmod failed"
	fi
}

kernel_fill() {
	image=$(kernel_find_image "$1") || finish $?
	image_check "$image"
	kernel_release=$(image_release "$image") || die 5 "$image: does not say its release"
	case $kernel_release in
		'' | .* | *[!0-9A-Za-z.+~_-]*) die 5 "$image: has an impossible release: $kernel_release" ;;
	esac
	cp "$image" "$2/vmlinuz"
	say "$kernel_release: unpacking vmlinux"
	kernel_boot=bzimage
	config=
	if image_extract "$2/vmlinuz" "$2/vmlinux"; then
		! vmlinux_has_pvh "$2/vmlinux" || kernel_boot=pvh
	fi
	for file in "$1/boot/config-$kernel_release" "$1/config" "$1/lib/modules/$kernel_release/config" \
		"$1/usr/lib/modules/$kernel_release/config" "$1/.config"; do
		if [ -z "$config" ] && [ -f "$file" ]; then
			config=$file
			cp "$file" "$2/config"
		fi
	done
	if [ -z "$config" ] && ! vmlinux_config "$2/vmlinux" "$2/config" 2>/dev/null; then
		rm -f "$2/config"
	fi
	[ "$kernel_boot" = pvh ] || rm -f "$2/vmlinux"
	for modules in "$1/modules/lib" "$1/lib" "$1/usr/lib"; do
		[ -d "$modules/modules/$kernel_release/kernel" ] || continue
		kernel_take_modules "$modules/modules/$kernel_release" "$2"
		break
	done
}

kernel_name() {
	distro=
	version=
	# One key a line, and texts without escapes.
	while IFS='"' read -r _ key _ value _; do
		case $key in
			distro) distro=$value ;;
			version) version=$value ;;
		esac
	done <"$1/meta.json"
	case $distro/$version in
		/* | */ | .* | */.* | */*/* | *\\*) die 5 "$1/meta.json: not one of fetch-kernel's" ;;
	esac
}

kernel_has() {
	for file in "$1"/modules/lib/modules/*/modules.dep; do
		if [ -f "$file" ]; then
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
