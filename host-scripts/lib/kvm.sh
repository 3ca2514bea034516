# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Chooses KVM or emulation, by way of `bpfcheck accel`, which proves that KVM works.
#
# Reads BPFCHECK_BUILD. Sets QEMU (default: qemu-system-x86_64), absolute if it has a slash, and accel. Needs lib/common.sh.
#
#   accel_check WHICH
#       Dies (2) unless it is auto, kvm or tcg.
#   accel_choose auto|kvm|tcg
#       Sets accel to kvm or tcg. `auto` says in one line why it is not kvm; `kvm` dies (5) when KVM does not work.

: "${QEMU:=qemu-system-x86_64}"
case $QEMU in
	/*) ;;
	*/*) QEMU=$PWD/$QEMU ;;
esac

accel_check() {
	case $1 in
		auto | kvm | tcg) ;;
		*) usage_error "--accel $1: not auto, kvm or tcg" ;;
	esac
}

accel_choose() {
	accel=$(QEMU=$QEMU "$BPFCHECK_BUILD/bin/bpfcheck" accel "$1") || finish $?
}
