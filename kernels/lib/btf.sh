# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Finds BTF for kernels that were built without it: pahole makes it of a vmlinux with DWARF; or it comes from an archive
# that is laid out like BTFHub's, DISTRO/VERSION_ID/ARCH/RELEASE.btf.tar.xz.
#
# Needs archive.sh, download.sh. Reads: image_tool (image.sh), kernel_scratch, kernel_release, kernel_arch (fill.sh), and
# BPFCHECK_BTF_ARCHIVE: the archive, a folder or an http(s) address.
#
#   btf_provide IMAGE TREE FOLDER DISTRO
#       Makes FOLDER/btf, if BTF can be found. IMAGE is the path where the image was found, TREE what came with it.

: "${image_tool?}" "${kernel_scratch?}"

# An address cannot be listed. BTFHub has these versions only; newer releases have BTF of their own.
btf_versions='
amzn   2 1
centos 8 7
debian 10 9
fedora 31 30 29 28 27 26 25 24
ol     8 7
rhel   8 7
sles   15.3 15.2 15.1 12.5 12.3
ubuntu 20.04 18.04 16.04
'

# btf_unpack FILE OUTPUT
btf_unpack() {
	archive_unpack "$1" "$kernel_scratch/btf" '*.btf'
	set -- "$1" "$2" "$kernel_scratch"/btf/*.btf
	if [ $# -ne 3 ] || [ ! -f "$3" ]; then
		die 5 "$1: has no single file of BTF in it"
	fi
	mv "$3" "$2"
}

# btf_in_folder OUTPUT DISTRO: for local and mainline kernels, the release is enough if the archive has it once.
btf_in_folder() {
	output=$1
	distro=$2
	[ -d "$BPFCHECK_BTF_ARCHIVE/$2" ] || distro='*'
	# shellcheck disable=SC2086 # a pattern
	set -- "$BPFCHECK_BTF_ARCHIVE"/$distro/*/"${kernel_arch:?}/${kernel_release:?}.btf.tar.xz"
	[ -f "$1" ] || return 1
	[ $# -eq 1 ] || {
		say "$kernel_release: several have BTF for it, and none is used: $*"
		return 1
	}
	btf_unpack "$1" "$output"
}

# btf_at_address OUTPUT DISTRO
btf_at_address() {
	for version in $(printf '%s' "$btf_versions" | sed -n "s/^$2 //p"); do
		url=$BPFCHECK_BTF_ARCHIVE/$2/$version/$kernel_arch/$kernel_release.btf.tar.xz
		download_there "$url" || continue
		download "$url" "$kernel_scratch/btf.tar.xz"
		btf_unpack "$kernel_scratch/btf.tar.xz" "$1"
		return
	done
	return 1
}

# btf_in_archive OUTPUT DISTRO
btf_in_archive() {
	case ${BPFCHECK_BTF_ARCHIVE-} in
		'') return 1 ;;
		http://* | https://*) btf_at_address "$@" ;;
		*) btf_in_folder "$@" ;;
	esac
}

btf_provide() {
	root=
	# A package of debug files.
	[ ! -d "$2/usr/lib/debug" ] || root=$2
	if file=$("$image_tool" vmlinux --root "$root" --btf "$1"); then
		cp "$file" "$3/btf"
	elif ! btf_in_archive "$3/btf" "$4"; then
		say "$kernel_release: has no BTF, and none is to be had${BPFCHECK_BTF_ARCHIVE:+ in $BPFCHECK_BTF_ARCHIVE}; CO-RE probes will not load; see kernels/README.md"
		return
	fi
	say "$kernel_release: has no BTF; its probes get it from outside"
}
