#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Which vmlinux belongs to an image: where it is looked for, what proves it, and what is kept of it.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

root=$work/root
tree=$work/a/linux
image=$tree/arch/x86/boot/bzImage
find_vmlinux() {
	run "$BPFCHECK_BUILD/bin/bpfcheck" vmlinux --root "$root" "$@"
}
banner='Linux version 1.2.3-a (who@where) (gcc) #1 SMP Sat Nov 21'
mkdir -p "${image%/*}"
fake_elf "$work/elf" '' "$banner" abcd1234
fake_image "$image" 1.2.3-a gzip "$work/elf"

find_vmlinux "$image"
is 'nowhere: exit code' "$status" 0
match 'nowhere: unpacked, into the build folder' "$out" "$BPFCHECK_BUILD/vmlinux/unpacked/vmlinux-*"
ok 'nowhere: it is what the image holds' cmp "$out" "$work/elf"
is 'nowhere: nothing is said' "$err" ''
unpacked=$out
cp "$image" "$work/copy"
touch -d 2020-01-01 "$unpacked"
find_vmlinux "$work/copy"
is 'a copy of the image: the same file' "$out" "$unpacked"
ok 'which is in use again' test -z "$(find "$unpacked" -mmin +1)"
touch -d 2020-01-01 "$unpacked"
fake_image "$work/other" 1.2.3-a xz "$work/elf"
find_vmlinux "$work/other"
ok 'what nobody used for long is gone' test ! -e "$unpacked"

# The worst place first: each next one is better.
for place in "$root/lib/modules/1.2.3-a/build" "$root/boot/-" "$root/usr/lib/debug/lib/modules/1.2.3-a" \
	"$root/usr/lib/debug/boot/-" "$tree" "${image%/*}"; do
	file=${place%/-}/vmlinux
	[ "$place" = "${place%/-}" ] || file=$file-1.2.3-a
	mkdir -p "${file%/*}"
	cp "$work/elf" "$file"
	find_vmlinux "$image"
	is "in ${place#"$work"}" "$status $out" "0 $file"
done
ln -s "$image" "$work/link"
find_vmlinux "$work/link"
is 'by a link to the image' "$out" "${image%/*}/vmlinux"
find_vmlinux "$tree/vmlinux"
is 'a vmlinux is its own' "$out" "$tree/vmlinux"

# The file beside it now belongs to another build.
fake_elf "${image%/*}/vmlinux" '' "$banner" abcd1235
find_vmlinux "$image"
is 'another build id: the next place' "$out" "$tree/vmlinux"
match 'another build id: named' "$err" "*${image%/*}/vmlinux: not of this kernel: $image does not have its build id, 3512cdab"
fake_elf "${image%/*}/vmlinux" '' "$banner"
find_vmlinux "$image"
is 'no build id, but the same banner' "$out" "${image%/*}/vmlinux"
fake_elf "${image%/*}/vmlinux" '' "$(echo "$banner" | sed 's/#1/#2/')"
find_vmlinux "$image"
is 'another banner: the next place' "$out" "$tree/vmlinux"
match 'another banner: named' "$err" "*${image%/*}/vmlinux: not of this kernel: it is 'Linux*#2*', $image is 'Linux*#1*'"
fake_elf "${image%/*}/vmlinux"
find_vmlinux "$image"
match 'neither: named, not used' "$out $err" "$tree/vmlinux *neither a build id nor a banner*"
echo text >"${image%/*}/vmlinux"
find_vmlinux "$image"
match 'no ELF file: named, not used' "$out $err" "$tree/vmlinux *: not used: no ELF file"
rm "${image%/*}/vmlinux"
mkdir "${image%/*}/vmlinux"
find_vmlinux "$image"
match 'a folder: named, not used' "$out $err" "$tree/vmlinux *: not used: not a file with anything in it"
rmdir "${image%/*}/vmlinux"

# An image whose kernel has no build id is known by its banner.
fake_elf "$work/plain" '' "$banner"
fake_image "$work/plain.bz" 1.2.3-a zstd "$work/plain"
find_vmlinux "$work/plain.bz"
is 'an image without build id: by the banner' "$out" "$root/usr/lib/debug/boot/vmlinux-1.2.3-a"

find_vmlinux --debug "$image"
is '--debug, none has it: exit code' "$status" 1
match '--debug, none has it: what was there' "$err" "*$tree/vmlinux: of this kernel, but without debug information*"
match '--debug, none has it: the places' "$err" "*no vmlinux with debug information; looked for *$tree/vmlinux *"
objcopy --add-section ".debug_info=$work/elf" "$work/elf" "$root/boot/vmlinux-1.2.3-a" 2>/dev/null
find_vmlinux --debug "$image"
is '--debug: the one that has it' "$status $out" "0 $root/boot/vmlinux-1.2.3-a"

# Symbols and BTF.
find_vmlinux --symbols "$image"
is '--symbols: exit code' "$status" 0
match '--symbols: a line for each' "$(cat "$out")" '*[0-9a-f]* T _start*'
symbols=$out
echo kept >"$symbols"
find_vmlinux --symbols "$image"
is '--symbols, again: from what was kept' "$out $(cat "$out")" "$symbols kept"
ln -s "$tree" "$work/b"
find_vmlinux --symbols "$work/b/vmlinux"
is '--symbols, by another path: the same' "$out" "$symbols"
sed 's/_start/began_/g' "$work/elf" >"$tree/vmlinux"
find_vmlinux --symbols "$tree/vmlinux"
match '--symbols, rebuilt: read again' "$(cat "$out")" '*[0-9a-f]* T began_*'
cp "$work/elf" "$tree/vmlinux"
find_vmlinux --btf "$image"
is '--btf: what .BTF holds' "$status $(tr -d '\000' <"$out")" "0 types of $banner"
strip -o "$work/stripped" "$work/elf"
fake_image "$work/stripped.bz" 9.9 gzip "$work/stripped"
find_vmlinux --symbols "$work/stripped.bz"
is '--symbols, none has any: exit code' "$status" 1
find_vmlinux --btf "$work/stripped.bz"
is '--btf, of the image itself' "$status $(tr -d '\000' <"$out")" "0 types of $banner"

# An unreadable file does not stop the search, and is not cached. root can read everything.
if [ "$(id -u)" -eq 0 ]; then
	mkdir "$work/nobody"
	chmod 755 "$work"
	chown 65534 "$work/nobody"
	chmod 0 "$tree/vmlinux"
	run setpriv --reuid=65534 --clear-groups env BPFCHECK_BUILD="$work/nobody" \
		"$BPFCHECK_BUILD/bin/bpfcheck" vmlinux --root "$root" --symbols "$image"
	match 'an unreadable one: named' "$status $err" "0 *$tree/vmlinux: not used: Permission denied*"
	is 'an unreadable one: nothing is kept of it' "$(find "$work/nobody" -path '*/a/linux/*' -type f)" ''
	chmod 644 "$tree/vmlinux"
else
	skip 'an unreadable one' 'not root'
fi

# arm64. Its Image is not an ELF file: nothing can be unpacked.
arm=$work/arm/arch/arm64/boot
mkdir -p "$arm"
{
	head -c 64 /dev/zero
	cat "$work/elf"
} >"$arm/Image"
poke "$arm/Image" 56 'ARM\144'
gzip -k "$arm/Image"
zstd -q "$arm/Image" -o "$work/payload"
{
	head -c 128 /dev/zero
	cat "$work/payload"
	# shellcheck disable=SC2059 # escapes
	printf "$(le "$(stat -c %s "$arm/Image")" 4)"
} >"$arm/vmlinuz.efi"
poke "$arm/vmlinuz.efi" 0 'MZ\000\000zimg'
poke "$arm/vmlinuz.efi" 8 "$(le 128 4)$(le "$(stat -c %s "$work/payload")" 4)"
poke "$arm/vmlinuz.efi" 60 "$(le 64 4)PE\000\000$(le 43620 2)"
rm -r "$root"
for name in Image Image.gz vmlinuz.efi; do
	find_vmlinux "$arm/$name"
	is "arm64 $name, nowhere: exit code" "$status" 1
	match "arm64 $name, nowhere: the places" "$err" "*no vmlinux; looked for *$work/arm/vmlinux *$root/boot/vmlinux-1.2.3-a *"
	cp "$work/elf" "$work/arm/vmlinux"
	find_vmlinux "$arm/$name"
	is "arm64 $name" "$status $out" "0 $work/arm/vmlinux"
	rm "$work/arm/vmlinux"
	run "$BPFCHECK_BUILD/bin/bpfcheck" image "$arm/$name"
	match "arm64 $name: arch and release" "$out" '*arch aarch64*release 1.2.3-a*'
done
run "$scripts/fetch-kernel" "$arm/Image"
is 'arm64: fetched' "$status" 0
ok 'arm64: meta.json' grep -q '"arch": "arm64"' "$out/meta.json"
run "$scripts/run-kernel" --accel tcg --results "$work/results" "$arm/Image"
match 'arm64, to be booted: refused' "$status $err" '5 *a kernel for arm64; only*'

# The names tell the release where the kernel does not.
fake_elf "$work/silent" '' '' abcd1234
{
	head -c 64 /dev/zero
	cat "$work/silent"
} >"$work/Image"
poke "$work/Image" 56 'ARM\144'
mkdir -p "$root/boot" "$root/lib/modules/9.9"
cp "$work/silent" "$root/boot/vmlinux-9.9"
for name in "$root/lib/modules/9.9/vmlinuz" "$work/vmlinuz-9.9"; do
	cp "$work/Image" "$name"
	find_vmlinux "$name"
	is "the release from ${name#"$work"}" "$out" "$root/boot/vmlinux-9.9"
	rm "$name"
done

# Bad input: one line, nothing kept.
rm -r "$BPFCHECK_BUILD/vmlinux"
cp "$work/plain.bz" "$work/bomb"
poke "$work/bomb" $(($(stat -c %s "$work/bomb") - 333 - 4)) "$(le 1000 4)"
find_vmlinux "$work/bomb"
match 'more than promised' "$status $err" '5 *damaged: unpacks to more than the promised 1000 bytes'
find_vmlinux "$work/nothing"
match 'no such image' "$status $err" '2 *nothing: No such file or directory'
mkfifo "$work/fifo"
run timeout 20 "$BPFCHECK_BUILD/bin/bpfcheck" vmlinux "$work/fifo"
match 'a pipe' "$status $err" '5 *fifo: not a file with anything in it'
head -c 9000 "$image" >"$work/short"
find_vmlinux "$work/short"
match 'a truncated image' "$status $err" '5 *short: truncated: *'
head -c 100000 /dev/zero | gzip >"$work/zero.gz"
find_vmlinux "$work/zero.gz"
match 'a compressed file of something else' "$status $err" '5 *zero.gz: in it: not a bzImage*'
mkdir "$work/tools"
ln -s /usr/bin/* "$work/tools/"
rm "$work/tools/zstd"
run env PATH="$work/tools" "$BPFCHECK_BUILD/bin/bpfcheck" vmlinux --root "$root" "$work/plain.bz"
match 'no zstd' "$status $err" '1 *zstd is not installed'
ok 'nothing is kept of them' test ! -e "$BPFCHECK_BUILD/vmlinux"
: >"$BPFCHECK_BUILD/vmlinux"
find_vmlinux "$work/plain.bz"
match 'nowhere to keep it' "$status $err" '5 *vmlinux/unpacked: Not a directory'
for arguments in '' 'a b' '--nonsense a' '--root'; do
	# shellcheck disable=SC2086 # a list of words
	run "$BPFCHECK_BUILD/bin/bpfcheck" vmlinux $arguments
	is "usage: vmlinux $arguments" "$status" 2
done
tap_done
