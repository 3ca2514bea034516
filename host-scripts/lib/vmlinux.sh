# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernel images, by way of `testrunner image`.
#
# Needs lib/common.sh. Messages name the file, or $image_name where that is set.
#
#   image_check FILE
#       Dies when the file is no kernel image, ends before what its header promises, or is for another processor.
#   image_release FILE
#       Prints what `uname -r` says in this kernel.
#   image_extract FILE VMLINUX
#       Writes the kernel within. Sets image_compression, and image_btf: whether it has BTF (yes or no). Dies when the
#       image is damaged; returns 1, after a message, when this host cannot unpack it.
#   vmlinux_has_pvh VMLINUX
#       Whether the file can be booted without a boot loader.
#   vmlinux_config VMLINUX CONFIG
#       Writes the .config that CONFIG_IKCONFIG embeds; returns 1 when there is none.

image_look() {
	[ -x "$BPFCHECK_BUILD/bin/testrunner" ] || die 5 "$BPFCHECK_BUILD/bin/testrunner: missing; run make"
	"$BPFCHECK_BUILD/bin/testrunner" image ${image_name:+--name "$image_name"} "$@"
}

# image_fact KEY: of what image_look said.
image_fact() {
	printf '%s\n' "$image_facts" | sed -n "s/^$1 //p"
}

image_check() {
	image_facts=$(image_look "$1") || {
		exit_code=$?
		# 1 is no verdict of ours.
		[ "$exit_code" -ne 1 ] || exit_code=5
		exit "$exit_code"
	}
	image_arch=$(image_fact arch)
	[ "$image_arch" = x86_64 ] ||
		die 5 "${image_name:-$1}: a kernel for ${image_arch:-an unknown processor}; only those for x86_64 can be booted so far"
}

image_release() {
	image_facts=$(image_look "$1") && image_fact release
}

image_extract() {
	image_compression=unknown
	image_btf=unknown
	image_facts=$(image_look --unpack "$2" "$1") || {
		exit_code=$?
		[ "$exit_code" -eq 1 ] || exit "$exit_code"
		say "${image_name:-$1}: the image is booted as it is, which is slower"
		return 1
	}
	image_compression=$(image_fact compression)
	image_btf=$(image_fact btf)
}

vmlinux_has_pvh() {
	image_facts=$(image_look "$1") && [ "$(image_fact boot)" = pvh ]
}

vmlinux_config() {
	image_look --config "$2" "$1" >/dev/null && [ -s "$2" ]
}

# image_number FILE OFFSET BYTES: little endian; nothing past the end of the file.
image_number() {
	od -An -v --endian=little -t "u$3" -j "$2" -N "$3" "$1" 2>/dev/null | tr -d ' '
}

# image_bytes FILE OFFSET COUNT
image_bytes() {
	dd if="$1" iflag=skip_bytes,count_bytes skip="$2" count="$3" bs=64K status=none
}

# The magic numbers of the formats that the kernel's arch/x86/boot/compressed/Makefile offers. "sized" formats are
# followed by the unpacked size in four bytes, which the tool must not see; gzip ends in that number by itself.
image_format() {
	case $(image_bytes "$1" "$payload_offset" 6 | od -An -v -tx1 | tr -d ' ') in
		1f8b*) image_compression=gzip sized=0 unpack='gzip -dc' ;;
		fd377a585a00*) image_compression=xz sized=4 unpack='xz -dc' ;;
		02214c18*) image_compression=lz4 sized=4 unpack='lz4 -dc' ;;
		28b52ffd*) image_compression=zstd sized=4 unpack='zstd -dc' ;;
		894c5a4f*) image_compression=lzo sized=4 unpack='lzop -dc' ;;
		425a68*) image_compression=bzip2 sized=4 unpack='bzip2 -dc' ;;
		5d0000*) image_compression=lzma sized=4 unpack='xz --format=lzma -dc' ;;
		7f454c46*) image_compression=none sized=0 unpack=cat ;;
		*) return 1 ;;
	esac
}
