# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Finds out whether KVM works here. A /dev/kvm that opens proves little: on some hosts QEMU aborts on a register, on
# others (seen with KVM nested without hardware support) the guest does run, but a thousand times too slowly to boot a
# kernel. So a guest of a few bytes must count down from 16 million and answer, within three seconds: 0.03 s where KVM
# is what it should be, 0.3 s emulated.
#
# Needs lib/common.sh.
#
#   accel_check WHICH
#       Dies (2) unless it is auto, kvm or tcg.
#   accel_choose auto|kvm|tcg
#       Sets accel to kvm or tcg. `auto` says in one line why it is not kvm; `kvm` dies (5) when KVM does not work.
#   accel_prove ACCEL CPU
#       Runs that guest. Returns 0 when it answered; otherwise 1, with the reason in accel_reason.
#
# The answer is kept in build/kvm-proof, for this boot of the host, this user, and this QEMU.

: "${QEMU:=qemu-system-x86_64}"
case $QEMU in
	/*) ;;
	*/*) QEMU=$PWD/$QEMU ;;
esac

# The processor begins at the last 16 bytes below 4 GB, where a 64 KB BIOS ends:
#     mov ecx, 1 << 24; again: dec ecx; jnz again; mov al, 0x2a; out 0xf4, al; hlt
# isa-debug-exit then ends QEMU with status 0x2a * 2 + 1.
accel_bios() {
	head -c 65520 /dev/zero
	printf '\146\271\000\000\000\001\146\111\165\374\260\052\346\364\364\000'
}
accel_answer=85

accel_prove() {
	accel_bios_file=$BPFCHECK_BUILD/kvm-proof.bios
	if [ ! -f "$accel_bios_file" ]; then
		mkdir -p "$BPFCHECK_BUILD"
		accel_bios >"$accel_bios_file.$$"
		mv "$accel_bios_file.$$" "$accel_bios_file"
	fi
	# QEMU may abort: no core file then, and no word from the shell.
	accel_said=$({
		# shellcheck disable=SC3045 # dash, bash and busybox have it
		ulimit -c 0
		timeout --kill-after=1 3 "$QEMU" -machine q35 -accel "$1" -cpu "$2" -m 16 -nodefaults -no-user-config \
			-display none -no-reboot -bios "$accel_bios_file" -device isa-debug-exit,iobase=0xf4,iosize=1 \
			</dev/null 2>&1 || exit
	} 2>/dev/null) && accel_status=0 || accel_status=$?
	accel_reason=
	case $accel_status in
		"$accel_answer") return 0 ;;
		124 | 137) accel_reason='a guest of six instructions does not end in time' ;;
		*) accel_reason=$(printf '%s\n' "$accel_said" | sed -n '/^qemu/!d; s/^[^:]*: \(error: \)\{0,1\}//; /^warning/!p' | head -n 1) ;;
	esac
	: "${accel_reason:=QEMU ended with status $accel_status}"
	return 1
}

accel_check_kvm() {
	if [ ! -e /dev/kvm ]; then
		accel_reason='this host has no /dev/kvm'
		return 1
	elif [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
		accel_reason='/dev/kvm may not be opened by this user (add it to the group kvm)'
		return 1
	fi
	read -r accel_boot </proc/sys/kernel/random/boot_id
	accel_key="$accel_boot $(id -u) $(stat -L -c '%n %s %Y' "$(command -v "$QEMU")")"
	accel_file=$BPFCHECK_BUILD/kvm-proof
	if [ -f "$accel_file" ]; then
		{
			read -r accel_known
			read -r accel_reason || :
		} <"$accel_file"
		if [ "$accel_known" = "$accel_key" ]; then
			[ -z "$accel_reason" ]
			return
		fi
	fi
	say 'trying KVM, once for this boot of the host'
	accel_prove kvm host || :
	mkdir -p "$BPFCHECK_BUILD"
	printf '%s\n%s\n' "$accel_key" "$accel_reason" >"$accel_file.$$"
	mv "$accel_file.$$" "$accel_file"
	[ -z "$accel_reason" ]
}

accel_check() {
	case $1 in
		auto | kvm | tcg) ;;
		*) usage_error "--accel $1: not auto, kvm or tcg" ;;
	esac
}

accel_choose() {
	accel=$1
	case $1 in
		auto)
			accel=kvm
			accel_check_kvm || {
				accel=tcg
				say "KVM does not work, emulating instead: $accel_reason"
			}
			;;
		kvm) accel_check_kvm || die 5 "KVM does not work: $accel_reason; --accel tcg emulates" ;;
	esac
}
