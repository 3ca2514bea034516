# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Looks into an x86 bzImage: its release, and the compressed ELF vmlinux within. The setup header is described in the
# kernel's Documentation/arch/x86/boot.rst.
#
# Messages name the file, or $image_name where that is set.
#
#   image_check FILE
#       Dies when the file is no bzImage, or ends before the payload that its header promises.
#   image_release FILE
#       Prints what `uname -r` says in this kernel.
#   image_extract FILE VMLINUX
#       Writes the unpacked vmlinux and sets image_compression. Dies when the payload is damaged; returns 1, after a
#       message, when this host cannot unpack it.
#   vmlinux_has_pvh VMLINUX
#       Whether the file can be booted without a boot loader: a Xen note of type 18 gives the 32-bit entry point.
#   vmlinux_config VMLINUX CONFIG
#       Writes the .config that CONFIG_IKCONFIG embeds; returns 1 when there is none.

# image_number FILE OFFSET BYTES: little endian; nothing past the end of the file.
image_number() {
	od -An -v --endian=little -t "u$3" -j "$2" -N "$3" "$1" 2>/dev/null | tr -d ' '
}

# image_bytes FILE OFFSET COUNT
image_bytes() {
	dd if="$1" iflag=skip_bytes,count_bytes skip="$2" count="$3" bs=64K status=none
}

image_check() {
	[ -f "$1" ] || die 2 "${image_name:-$1}: no such file"
	[ -r "$1" ] || die 5 "${image_name:-$1}: cannot be read"
	# "HdrS", then the protocol: 2.08 brought payload_offset and payload_length.
	if [ "$(image_number "$1" 514 4)" != 1400005704 ] || [ "$(image_number "$1" 518 2)" -lt 520 ]; then
		die 5 "${image_name:-$1}: not a bzImage (no boot header of protocol 2.08 or later); give arch/x86/boot/bzImage or vmlinuz"
	fi
	setup_sectors=$(image_number "$1" 497 1)
	# Zero means four, for historical reasons.
	[ "$setup_sectors" -ne 0 ] || setup_sectors=4
	payload_offset=$(((setup_sectors + 1) * 512 + $(image_number "$1" 584 4)))
	payload_size=$(image_number "$1" 588 4)
	image_size=$(stat -L -c %s "$1")
	[ "$payload_size" -gt 4 ] || die 5 "${image_name:-$1}: a bzImage without a payload"
	[ "$image_size" -ge $((payload_offset + payload_size)) ] ||
		die 5 "${image_name:-$1}: truncated: has $image_size bytes, its header promises $((payload_offset + payload_size)) or more"
}

image_release() {
	offset=$(image_number "$1" 526 2)
	[ "${offset:-0}" -ne 0 ] || return 1
	image_bytes "$1" $((offset + 512)) 128 | tr '\000' '\n' | sed -n '1s/ .*//p'
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

image_extract() {
	image_check "$1"
	image_format "$1" || {
		say "${image_name:-$1}: compressed in an unknown way; it is booted as it is"
		return 1
	}
	command -v "${unpack%% *}" >/dev/null || {
		say "${image_name:-$1}: ${unpack%% *} is not installed; the image is booted as it is, which is slower"
		return 1
	}
	# shellcheck disable=SC2086 # a command and its options
	image_bytes "$1" "$payload_offset" $((payload_size - sized)) | $unpack >"$2" ||
		die 5 "${image_name:-$1}: its $image_compression payload cannot be unpacked: damaged, or the disk is full"
	size=$(stat -c %s "$2")
	if [ "$image_compression" != none ]; then
		promised=$(image_number "$1" $((payload_offset + payload_size - 4)) 4)
		[ "$size" -eq "$promised" ] || die 5 "${image_name:-$1}: damaged: unpacks to $size bytes instead of $promised"
	fi
	[ "$(image_number "$2" 0 4)" = 1179403647 ] || die 5 "${image_name:-$1}: damaged: its payload is no ELF file"
}

vmlinux_has_pvh() {
	readelf -nW "$1" 2>/dev/null | grep -q 'Xen .*(0x00000012)'
}

vmlinux_config() {
	# The gzip stream stands between two marks of eight characters.
	offset=$(grep -abo -m 1 IKCFG_ST "$1" | sed -n '1s/:.*//p')
	[ -n "$offset" ] || return 1
	# Trailing garbage (the other mark, and all that follows) is a warning, status 2.
	tail -c +$((offset + 9)) "$1" | { gzip -dc 2>/dev/null || [ $? -eq 2 ]; } >"$2"
	grep -q '^CONFIG_' "$2"
}
