# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Reads a kernel's folder, build/kernels/DISTRO/VERSION/:
#     vmlinuz      the image as it was found, unless that is a vmlinux
#     vmlinux      the ELF file within, if it can be booted through PVH
#     config       the kernel's configuration, if known
#     modules/     lib/modules/RELEASE, with modules.dep
#     btf          the kernel's BTF, if it has none of its own and btf.sh has found some
#     modules.cpio the modules that a run loads (mkinitramfs modules)
#     meta.json    the rest, one key per line; a folder that has it is complete
#
# Sets: distro, version, arch (by kernel_name).
#
#   kernel_name FOLDER
#       Sets distro, version and arch, from meta.json.
#   kernel_has FOLDER MODULE CONFIG
#       Prints whether the kernel has a feature, built in or as a module (-: never a module): yes, no, or unknown.

kernel_name() {
	distro=
	version=
	# Older folders do not name it.
	arch=x86_64
	# One key per line, and texts without escapes.
	while IFS='"' read -r _ key _ value _; do
		case $key in
			distro) distro=$value ;;
			version) version=$value ;;
			arch) arch=$value ;;
		esac
	done <"$1/meta.json"
	case $distro/$version in
		/* | */ | .* | */.* | */*/* | *\\*) die 5 "$1/meta.json: not written by fetch-kernel; remove this folder" ;;
	esac
}

kernel_has() {
	for file in "$1"/modules/lib/modules/*/modules.dep; do
		if [ -f "$file" ] && [ "$2" != - ]; then
			grep -qsE "(^|/)$2\.ko" "$file" "${file%dep}builtin" && echo yes || echo no
			return
		fi
	done
	# Without modules, it can only be built in.
	if [ ! -f "$1/config" ]; then
		echo unknown
	elif grep -q "^$3=y" "$1/config"; then
		echo yes
	else
		echo no
	fi
}
