#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Unpacking a bzImage: the vmlinux, byte for byte, for each compression; messages about a damaged image.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

fake_elf "$work/elf"
for format in gzip xz lz4 zstd lzo bzip2 lzma; do
	fake_image "$work/$format.bz" "1.2.3-$format" "$format" "$work/elf"
	run "$scripts/fetch-kernel" "$work/$format.bz"
	is "$format: exit code" "$status" 0
	match "$format: the folder is named by the release" "$out" "$BPFCHECK_BUILD/kernels/local/1.2.3-$format-????????"
	ok "$format: vmlinux is what was compressed" cmp "$out/vmlinux" "$work/elf"
	ok "$format: vmlinuz is the image" cmp "$out/vmlinuz" "$work/$format.bz"
	ok "$format: meta.json" grep -q "\"compression\": \"$format\"" "$out/meta.json"
done

run "$scripts/fetch-kernel" "$work/gzip.bz"
is 'a second time: the same folder' "$out" "$(echo "$BPFCHECK_BUILD"/kernels/local/*gzip*)"
is 'a second time: nothing is done' "$err" ''

fake_elf "$work/nopvh" nopvh
fake_image "$work/nopvh.bz" 1.2.3-nopvh xz "$work/nopvh"
run "$scripts/fetch-kernel" "$work/nopvh.bz"
is 'without the PVH note: exit code' "$status" 0
ok 'without the PVH note: no vmlinux' test ! -e "$out/vmlinux"
ok 'without the PVH note: meta.json' grep -q '"boot": "bzimage"' "$out/meta.json"

is 'the embedded configuration' "$(cat "$BPFCHECK_BUILD"/kernels/local/1.2.3-xz-*/config)" 'CONFIG_IKCONFIG=y
CONFIG_OVERLAY_FS=y'

for format in gzip xz lz4 zstd lzo bzip2; do
	head -c 20000 "$work/$format.bz" >"$work/short.bz"
	run timeout 20 "$scripts/fetch-kernel" "$work/short.bz"
	is "$format, truncated: exit code" "$status" 5
	match "$format, truncated: the reason" "$err" "*$work/short.bz: truncated: has 20000 bytes*"
	cp "$work/$format.bz" "$work/damaged.bz"
	poke "$work/damaged.bz" 9000 'something else stands here now, and it is not what the compressor wrote'
	run timeout 20 "$scripts/fetch-kernel" "$work/damaged.bz"
	# LZ4 frames of this kind have no checksum: it takes unpackable bytes for what they say.
	[ "$format" = lz4 ] || is "$format, damaged: exit code" "$status" 5
done

# The size in the last four bytes differs from the unpacked size.
for promise in '1234 damaged: unpacks to more than the promised 1234 bytes' '12345678 damaged: unpacks to*instead of 12345678'; do
	cp "$work/lz4.bz" "$work/size.bz"
	poke "$work/size.bz" $(($(stat -c %s "$work/size.bz") - 333 - 4)) "$(le "${promise%% *}" 4)"
	run "$scripts/fetch-kernel" "$work/size.bz"
	is 'wrong size: exit code' "$status" 5
	match 'wrong size: the reason' "$err" "*${promise#* }"
done

echo 'not a kernel' >"$work/text"
run "$scripts/fetch-kernel" "$work/text"
is 'no bzImage: exit code' "$status" 5
match 'no bzImage: the reason' "$err" "*text: not a bzImage*"
: >"$work/empty"
run "$scripts/fetch-kernel" "$work/empty"
is 'empty file: exit code' "$status" 5

# Without the tool the image can still be booted.
mkdir "$work/tools"
ln -s /usr/bin/* "$work/tools/"
rm "$work/tools/zstd"
rm -rf "$BPFCHECK_BUILD/kernels/local"
run env PATH="$work/tools" "$scripts/fetch-kernel" "$work/zstd.bz"
is 'no zstd: exit code' "$status" 0
match 'no zstd: is said' "$err" '*zstd is not installed*'
ok 'no zstd: no vmlinux' test ! -e "$out/vmlinux"

ok 'nothing half-made is left' test -z "$(find "$BPFCHECK_BUILD/kernels" -maxdepth 1 -name '.new-*')"
tap_done
