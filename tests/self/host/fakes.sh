# shellcheck shell=sh disable=SC2154 # variables of tap.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Stand-ins for what is large or slow: kernel images, QEMU.
#
#   fake_elf FILE [nopvh] [BANNER [BUILD_ID]]
#       An ELF file of 200 KB with the notes that a vmlinux has, an embedded configuration, two symbols and something
#       that stands for BTF. BUILD_ID: a number of 32 bits in hexadecimal digits; nopvh: without the note of that name; or empty.
#   fake_image FILE RELEASE FORMAT ELF
#       A bzImage around it; FORMAT is a compression of the kernel's.
#   fake_qemu FILE
#       A QEMU whose guest sends the records of one passed test at once. Its options go to FILE.options. It has nothing
#       to save: from here on there are no warm starts. The shell commands in FILE.before, if it is there, come first:
#       they find the kernel's version in $version, and may set outcome=fail.
#   fake_runs N
#       For run-tests: N kernels, 1.2.1 and so on, "$work/kernel 1" and so on, listed in $work/matrix; and QEMU. Then there
#       are, with the files that they name in $work:
#   before COMMANDS
#       Makes them QEMU's, after it has added the kernel's release to `started`.
#   started
#       Prints its content in one line.
#   verdicts
#       Release and outcome of each kernel in the summary file in `results`.

# le VALUE BYTES: little endian, in octal escapes for printf.
le() {
	value=$1
	count=$2
	while [ "$count" -gt 0 ]; do
		printf '\\%03o' $((value & 255))
		value=$((value >> 8))
		count=$((count - 1))
	done
}

# poke FILE OFFSET ESCAPES
poke() {
	# shellcheck disable=SC2059 # escapes are what it is for
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

fake_elf() {
	# Xen's note 18 has the 32-bit entry point; 6 is another of its notes.
	note=18
	[ "${2:-}" != nopvh ] || note=6
	build_id=
	[ -z "${4:-}" ] || build_id=".section .note.id, \"a\", @note
		.long 4, 4, 3
		.asciz \"GNU\"
		.long 0x$4"
	printf 'CONFIG_IKCONFIG=y\nCONFIG_OVERLAY_FS=y\n' | gzip -9nc >"$1.config.gz"
	cat >"$1.s" <<-EOF
		.section .note.Xen, "a", @note
		.long 4, 4, $note
		.asciz "Xen"
		.long 0x1000850
		$build_id
		.text
		.globl _start
		.type _start, @function
		_start: hlt
		.section .BTF, "a", @progbits
		.asciz "types of ${3:-}"
		.section .rodata
		.ascii "IKCFG_ST"
		.incbin "$1.config.gz"
		.ascii "IKCFG_ED"
		.asciz "${3:-}\n"
		.set n, 0
		.rept 40000
		.long n & 0x7fffffff
		.set n, (n * 1103515245 + 12345) & 0xffffffff
		.endr
	EOF
	gcc -nostdlib -static -Wl,--build-id=none -o "$1" "$1.s"
	rm "$1.s" "$1.config.gz"
}

fake_compress() {
	case $1 in
		gzip) gzip -9nc ;;
		xz) xz --check=crc32 --x86 --lzma2=dict=1MiB -c ;;
		lz4) lz4 -l -9 -c ;;
		zstd) zstd -19 -qc ;;
		lzo) lzop -9 -c ;;
		bzip2) bzip2 -9 -c ;;
		lzma) xz --format=lzma -c ;;
	esac
}

fake_image() {
	fake_compress "$3" <"$4" >"$1.payload" 2>/dev/null
	# The formats other than gzip do not end in the unpacked size; the kernel's build adds it.
	# shellcheck disable=SC2059
	[ "$3" = gzip ] || printf "$(le "$(stat -c %s "$4")" 4)" >>"$1.payload"
	# Setup code of four sectors after the first, 100 bytes of loader, the payload, something behind it.
	head -c $((5 * 512 + 100)) /dev/zero >"$1"
	poke "$1" 497 "$(le 4 1)"
	poke "$1" 514 HdrS
	poke "$1" 518 "$(le 527 2)"
	poke "$1" 526 "$(le 1024 2)"
	poke "$1" 566 "$(le 1 2)"
	poke "$1" 1536 "$2 (someone@somewhere) #1 SMP\000"
	poke "$1" 584 "$(le 100 4)"
	poke "$1" 588 "$(le "$(stat -c %s "$1.payload")" 4)"
	cat "$1.payload" >>"$1"
	head -c 333 /dev/zero >>"$1"
	rm "$1.payload"
}

fake_qemu() {
	export BPFCHECK_SNAPSHOT_MB=0
	cat >"$1" <<-'EOF'
		#!/bin/sh
		# The nonce is in the settings, within the initramfs.
		printf '%s\n' "$@" >"$0.options"
		while [ "$1" != -initrd ]; do
			[ "$1" != -kernel ] || version=$(basename "${2%/*}")
			shift
		done
		outcome=pass
		[ ! -e "$0.before" ] || . "$0.before"
		nonce=$(grep -a -m 1 -o 'nonce=[0-9a-f]*' "$2" | cut -d = -f 2)
		seq=0
		record() {
			echo "{\"nonce\":\"$nonce\",\"seq\":$seq,\"from\":\"$1\",$2}"
			seq=$((seq + 1))
		}
		{
			record init '"type":"hello","release":"1.2.3","version":"#1","machine":"x86_64","cpus":1,"memory_kb":1000,"channel":"virtio","boot_ms":1,"taint":0,"failed":[]'
			record payload '"type":"plan","suite":"/bpfcheck/suite","tests":["a"]'
			record payload '"type":"test","name":"a","outcome":"'$outcome'","reason":null,"details":[],"duration_ms":1,"dropped":0'
			record init '"type":"exit","reason":"exited","status":'$([ $outcome = pass ]; echo $?)',"signal":null,"error":null,"records":2,"dropped_lines":0,"taint":0'
		} >records.ndjson
		echo 'all is well' >console.log
		echo '{"QMP":{}}'
		echo '{"timestamp":{"seconds":1,"microseconds":1},"event":"SHUTDOWN","data":{"guest":true,"reason":"guest-shutdown"}}'
	EOF
	chmod +x "$1"
}

fake_runs() {
	QEMU=$work/qemu
	export QEMU
	fake_qemu "$QEMU"
	fake_elf "$work/elf"
	count=0
	while [ "$count" -lt "$1" ]; do
		count=$((count + 1))
		fake_image "$work/kernel $count" "1.2.$count" gzip "$work/elf"
		echo "$work/kernel $count" >>"$work/matrix"
	done
}

before() {
	: >"$work/started"
	# shellcheck disable=SC2016 # for QEMU
	{
		echo 'echo "${version%-*}" >>"${0%/*}/started"'
		printf '%s\n' "$1"
	} >"$QEMU.before"
}

started() {
	tr '\n' ' ' <"$work/started"
}

verdicts() {
	sed -n 's/^\[\([A-Z]*\)\] \([0-9.]*\)-.*/\2 \1/p' "$work/results/bpf-check-summary.txt" | tr '\n' ' '
}
