#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Where the BTF of a kernel without any comes from, and what of it goes into the guest. The kernels are stand-ins here;
# tests/self/builds.t has a real one.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"
# shellcheck source=tests/self/host/server.sh
. "$(dirname "$0")/server.sh"

# kernel NAME: a build tree "$work/NAME", its vmlinux with DWARF, its bzImage without anything.
kernel() {
	mkdir -p "$work/$1/arch/x86/boot"
	cat >"$work/kernel.c" <<-END
		struct task { int pid; char comm[16]; } init_task;
		const char banner[] = "Linux version 1.2.3-$1 (who@where) #1\n";
		int pid_of(struct task *task) { return task->pid; }
		__asm__(".section .note.Xen, \"a\", @note\n.long 4, 4, 18\n.asciz \"Xen\"\n.long 0x1000850\n.text");
		void _start(void) { for (;;); }
	END
	gcc -g -static -nostdlib -Wl,--build-id=sha1 -o "$work/$1/vmlinux" "$work/kernel.c"
	strip -o "$work/stripped" "$work/$1/vmlinux"
	fake_image "$work/$1/arch/x86/boot/bzImage" "1.2.3-$1" gzip "$work/stripped"
	echo '# CONFIG_DEBUG_INFO_BTF is not set' >"$work/$1/.config"
}

fetch() {
	run "$scripts/fetch-kernel" "$@"
}

types() {
	bpftool btf dump file "$1" 2>&1
}

kernel built
fetch "$work/built"
is 'a build tree with DWARF: exit code' "$status" 0
match 'a build tree with DWARF: pahole makes BTF' "$(types "$out/btf")" "*STRUCT 'task' size=20 vlen=2*"
match 'a build tree with DWARF: is said' "$err" '*pahole makes BTF*1.2.3-built: has no BTF; its probes get it from outside*'
folder=$out

# In the guest there is what the suite asks for: nothing that this kernel has, but for the type that a test requires.
sed -i '1arequires  type task' "$BPFCHECK_BUILD/suite/process/exit_code.test"
fake_qemu "$work/qemu"
run env QEMU="$work/qemu" "$scripts/run-kernel" --accel tcg --results "$work/results" "$folder"
is 'a run: exit code' "$status" 0
segment=$(ls "$BPFCHECK_BUILD"/initramfs/suites/*.cpio)
cpio -i --to-stdout --quiet bpfcheck/vmlinux.btf <"$segment" >"$work/shipped"
is 'what is shipped' "$(types "$work/shipped")" "[1] FWD 'task' fwd_kind=struct"
run env QEMU="$work/qemu" "$scripts/run-kernel" --accel tcg --results "$work/results" "$folder"
is 'the next run: the same segment' "$(ls "$BPFCHECK_BUILD"/initramfs/suites/*.cpio)" "$segment"
touch "$folder/btf"
run env QEMU="$work/qemu" "$scripts/run-kernel" --accel tcg --results "$work/results" "$folder"
is 'other BTF: another segment' "$(find "$BPFCHECK_BUILD/initramfs/suites" -name '*.cpio' | wc -l)" 2
mkdir "$work/tools"
ln -s /usr/bin/* "$work/tools/"
rm -f "$work/tools/bpftool"
run env PATH="$work/tools" "$BPFCHECK_BUILD/bin/bpfcheck" shrink "$folder/btf" "$BPFCHECK_BUILD/suite" "$work/whole"
match 'no bpftool: exit code, and a word' "$status $err" '0 *not shrunk: bpftool is not installed'
ok 'no bpftool: all of it' cmp "$work/whole" "$folder/btf"
echo text >"$work/text"
run "$BPFCHECK_BUILD/bin/bpfcheck" shrink "$work/text" "$BPFCHECK_BUILD/suite" "$work/whole"
match 'no BTF: exit code, and a word' "$status $err" '5 *text: no BTF: *'

# A kernel alone. Its BTF is in an archive.
kernel alone
cp "$work/alone/arch/x86/boot/bzImage" "$work/bzImage"
fetch "$work/bzImage"
match 'a bare image: none' "$status $err" '0 *1.2.3-alone: has no BTF, and none is to be had; CO-RE probes will not load*'
ok 'a bare image: no file' test ! -e "$out/btf"

# pack DISTRO/VERSION_ID/ARCH NAME FILE...: as NAME.btf.tar.xz.
mkdir "$work/packed"
pack() {
	mkdir -p "$work/archive/$1"
	place=$work/archive/$1/$2.btf.tar.xz
	shift 2
	for file; do
		cp "$folder/btf" "$work/packed/$file"
	done
	tar -C "$work/packed" -cJf "$place" "$@"
}
again() {
	rm -rf "$BPFCHECK_BUILD/kernels/local" "$BPFCHECK_BUILD/kernels/.known"
	run env BPFCHECK_BTF_ARCHIVE="$work/archive" "$scripts/fetch-kernel" "$work/bzImage"
}
cp "$folder/btf" "$work/btf"
cp -R "$folder" "$work/folder"
folder=$work/folder
pack ubuntu/20.04/x86_64 1.2.3-alone 1.2.3-alone.btf
pack debian/10/arm64 1.2.3-alone 1.2.3-alone.btf
pack debian/10/x86_64 1.2.3 1.2.3.btf
again
is 'an archive: exit code' "$status" 0
ok 'an archive: found by release and processor' cmp "$out/btf" "$work/btf"
pack centos/7/x86_64 1.2.3-alone 1.2.3-alone.btf
again
match 'an archive with two: neither is used' "$status $err" '0 *several have BTF for it*centos*ubuntu*none is to be had*'
rm -r "$work/archive/centos"
pack ubuntu/20.04/x86_64 1.2.3-alone 1.2.3-alone.btf other.btf
again
match 'two files in one: exit code, and a word' "$status $err" '5 *1.2.3-alone.btf.tar.xz: has no single file of BTF in it'
pack ubuntu/20.04/x86_64 1.2.3-alone other.txt
again
match 'no such file in one: exit code, and a word' "$status $err" '5 *1.2.3-alone.btf.tar.xz: has no single file of BTF in it'
echo damaged >"$work/archive/ubuntu/20.04/x86_64/1.2.3-alone.btf.tar.xz"
again
match 'a damaged one: exit code' "$status $err" '5 *1.2.3-alone.btf.tar.xz*'
ok 'a damaged one: no folder' test ! -e "$BPFCHECK_BUILD/kernels/local"

# An archive at an address, which cannot be listed: the distribution has to be known.
rm -rf "$work/archive"
pack ubuntu/18.04/x86_64 1.2.3-alone 1.2.3-alone.btf
cat >"$work/provide" <<-'END'
	here=$1
	. "$here/lib/common.sh"
	for library in archive download image fill btf; do
		. "$repo/kernels/lib/$library.sh"
	done
	kernel_scratch=$2
	kernel_release=1.2.3-alone
	kernel_arch=x86_64
	btf_provide "$3" "$2" "$2/folder" "$4"
	finish 0
END
provide() {
	rm -rf "$work/provided"
	mkdir -p "$work/provided/folder"
	run env BPFCHECK_BTF_ARCHIVE="$server" sh "$work/provide" "$scripts" "$work/provided" "$work/bzImage" "$1"
}
server_start "$work/archive"
provide ubuntu
is 'at an address: exit code' "$status" 0
ok 'at an address: of some version of the distribution' cmp "$work/provided/folder/btf" "$work/btf"
match 'at an address: is said' "$err" "*downloading $server/ubuntu/18.04/x86_64/1.2.3-alone.btf.tar.xz*"
provide debian
match 'at an address, of another distribution: none' "$status $err" "0 *none is to be had in $server*"
provide local
match 'at an address, of no distribution: none' "$status $err" "0 *none is to be had in $server*"
echo damaged >"$work/archive/ubuntu/18.04/x86_64/1.2.3-alone.btf.tar.xz"
provide ubuntu
match 'at an address, damaged: exit code' "$status $err" '5 *btf.tar.xz*'
server_end
provide ubuntu
match 'a server that is not there: none' "$status $err" "0 *none is to be had in $server*"
tap_done
