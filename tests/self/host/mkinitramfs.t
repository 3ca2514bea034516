#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The content and order of the segments of an initramfs; the same input gives the same bytes.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# listing ARCHIVE: type, mode, owner, and name of each entry, in order.
listing() {
	cpio -tv --quiet <"$1" 2>/dev/null | awk '{ print $1, $3 ":" $4, ($1 ~ /^c/ ? $5 $6 " " : "") $NF }'
}

# unpack ARCHIVE FOLDER: what needs no rights.
unpack() {
	rm -rf "$2"
	mkdir "$2"
	(cd "$2" && cpio -i --quiet --no-absolute-filenames --nonmatching dev/console) <"$1" 2>/dev/null
}

echo 'an init' >"$work/init"
rm -r "${BPFCHECK_BUILD:?}/bin"
mkdir "$BPFCHECK_BUILD/bin"
for program in init testrunner busybox; do
	echo "$program" >"$BPFCHECK_BUILD/bin/$program"
done

base=$BPFCHECK_BUILD/initramfs/base.cpio
run "$scripts/mkinitramfs" base
is 'base: exit code' "$status" 0
is 'base: complete, in order, of root' "$(listing "$base" | tr '\n' ';')" "$(
	tr '\n' ';' <<-EOF
		crw------- root:root 5,1 dev/console
		drwxr-xr-x root:root bin
		lrwxrwxrwx root:root /bpfcheck/bin/busybox
		lrwxrwxrwx root:root /bpfcheck/bin/busybox
		drwxr-xr-x root:root bpfcheck
		drwxr-xr-x root:root bpfcheck/bin
		-rwxr-xr-x root:root bpfcheck/bin/busybox
		-rwxr-xr-x root:root bpfcheck/bin/testrunner
		drwxr-xr-x root:root bpfcheck/modules
		drwxr-xr-x root:root bpfcheck/suite
		drwxr-xr-x root:root dev
		drwxr-xr-x root:root etc
		drwxr-xr-x root:root host
		-rwxr-xr-x root:root init
		drwxr-xr-x root:root proc
		drwx------ root:root root
		drwxr-xr-x root:root run
		drwxr-xr-x root:root sys
		drwxrwxrwt root:root tmp
		drwxr-xr-x root:root usr
		drwxr-xr-x root:root usr/bin
		lrwxrwxrwx root:root /bpfcheck/bin/busybox
	EOF
)"
is 'base: aligned for what follows' $(($(stat -c %s "$base") % 4)) 0
cp "$base" "$work/first.cpio"
sleep 1
touch "$BPFCHECK_BUILD/bin/init"
"$scripts/mkinitramfs" base
ok 'base: the same bytes again' cmp "$base" "$work/first.cpio"
run env OUTPUT="$work/other.cpio" "$scripts/mkinitramfs" base "$work/init"
unpack "$work/other.cpio" "$work/other"
is 'base: another init' "$(cat "$work/other/init")" 'an init'
rm "$BPFCHECK_BUILD/bin/busybox"
cp "$base" "$work/first.cpio"
run "$scripts/mkinitramfs" base
is 'base without busybox: exit code' "$status" 5
match 'base without busybox: is said' "$err" '*bin/busybox: missing; run make'
ok 'base without busybox: the old one stays' cmp "$base" "$work/first.cpio"
is 'base without busybox: nothing else is left' "$(ls "$BPFCHECK_BUILD/initramfs")" base.cpio

# Modules with real dependencies: each calls a function that another exports.
tree=$work/kernel/modules/lib/modules/1.2.3
mkdir -p "$tree/kernel"
# module NAME SUFFIX EXPORTS CALLS
module() {
	cat >"$work/m.s" <<-EOF
		.section __ksymtab_strings, "a"
		.asciz "$3"
		.text
		.globl $3
		$3: ${4:+call $4}
		.section .modinfo, "a"
		.asciz "name=$1"
	EOF
	gcc -c -o "$tree/kernel/$1.ko" "$work/m.s"
	case $2 in
		.xz) xz --check=crc32 "$tree/kernel/$1.ko" ;;
		.zst) zstd -q --rm "$tree/kernel/$1.ko" ;;
	esac
}
module virtio '' virtio_call ''
module virtio_ring .xz ring_call virtio_call
module virtio_pci '' pci_call ring_call
module virtio_console .zst console_call ring_call
module 9pnet '' net_call ''
module 9pnet_virtio .xz transport_call 'net_call; call virtio_call'
module ts_fsm '' search_call ''
module unwanted '' unwanted_call virtio_call
echo kernel/fs/overlayfs/overlay.ko >"$tree/modules.builtin"
: >"$tree/modules.builtin.modinfo"
: >"$tree/modules.order"
echo CONFIG_X=y >"$work/kernel/config"
depmod -b "$work/kernel/modules" 1.2.3
run "$scripts/mkinitramfs" modules "$work/kernel"
is 'modules: exit code' "$status" 0
is 'modules: the closure, unpacked, in load order, and the config' \
	"$(listing "$work/kernel/modules.cpio" | grep -v ^d | cut -d ' ' -f 1,3 | tr '\n' ';')" "$(
		tr '\n' ';' <<-EOF
			-rw-r--r-- bpfcheck/config
			-rw-r--r-- bpfcheck/modules-9p/001-9pnet.ko
			-rw-r--r-- bpfcheck/modules-9p/002-9pnet_virtio.ko
			-rw-r--r-- bpfcheck/modules-test/001-ts_fsm.ko
			-rw-r--r-- bpfcheck/modules-test/packaged
			-rw-r--r-- bpfcheck/modules/001-virtio.ko
			-rw-r--r-- bpfcheck/modules/002-virtio_ring.ko
			-rw-r--r-- bpfcheck/modules/003-virtio_pci.ko
			-rw-r--r-- bpfcheck/modules/004-virtio_console.ko
		EOF
	)"
unpack "$work/kernel/modules.cpio" "$work/unpacked"
for file in "$work"/unpacked/bpfcheck/modules*/*; do
	is "modules: ${file##*/} is an ELF file" "$(head -c 4 "$file" | od -An -c | tr -d ' ')" '177ELF'
done
mkdir "$work/none"
run "$scripts/mkinitramfs" modules "$work/none"
is 'a kernel without modules: exit code' "$status" 0
is 'a kernel without modules: no modules' "$(listing "$work/none/modules.cpio" | grep -c '\.ko')" 0

mkdir -p "$work/suite/sub"
echo test >"$work/suite/sub/a b.test"
echo program >"$work/suite/sub/run"
chmod 755 "$work/suite/sub/run"
run "$scripts/mkinitramfs" suite "$work/suite" "$work/out/suite.cpio"
is 'suite: exit code' "$status" 0
unpack "$work/out/suite.cpio" "$work/unpacked"
ok 'suite: contents' diff -r "$work/suite" "$work/unpacked/bpfcheck/suite"
ok 'suite: programs stay executable' test -x "$work/unpacked/bpfcheck/suite/sub/run"
cp "$work/out/suite.cpio" "$work/first.cpio"
touch "$work/suite/sub/run"
"$scripts/mkinitramfs" suite "$work/suite" "$work/out/suite.cpio"
ok 'suite: the same bytes again' cmp "$work/out/suite.cpio" "$work/first.cpio"

cat "$work/out/suite.cpio" "$work/none/modules.cpio" >"$work/joined.cpio"
is 'segments join' "$({ cpio -t --quiet && cpio -t --quiet; } <"$work/joined.cpio" 2>&1 | grep -c -e 'suite/sub/run$' -e 'bpfcheck/modules$')" 2

for arguments in '' nothing modules 'modules a b' 'suite a'; do
	# shellcheck disable=SC2086 # a list of words
	run "$scripts/mkinitramfs" $arguments
	is "usage: mkinitramfs $arguments" "$status" 2
done
is 'no scratch folder is left' "$(ls "$TMPDIR")" ''
tap_done
