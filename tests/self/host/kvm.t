#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The proof that KVM works: what it takes for one, and that it is not given twice.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# accel WHICH: prints what was chosen.
cat >"$work/accel" <<'EOF'
exec "$BPFCHECK_BUILD/bin/bpfcheck" accel "$1"
EOF
cat >"$work/prove" <<'EOF'
exec "$BPFCHECK_BUILD/bin/bpfcheck" accel --prove "$1"
EOF
# qemu BODY: a QEMU of our own, which counts how often it is called.
qemu() {
	# shellcheck disable=SC2016 # for that script
	printf '#!/bin/sh\necho x >>"$0.calls"\n%s\n' "$1" >"$work/qemu.new"
	chmod +x "$work/qemu.new"
	# Another size, so another QEMU, even within the second.
	mv "$work/qemu.new" "$work/qemu"
	rm -f "$work/qemu.calls"
}
calls() {
	[ ! -f "$work/qemu.calls" ] || wc -l <"$work/qemu.calls"
}

run sh "$work/prove" tcg
is 'the guest of the proof runs under emulation' "$status:$err" 0:
printf 'nothing\n' >"$BPFCHECK_BUILD/kvm-proof.bios"
head -c 65536 /dev/zero >"$BPFCHECK_BUILD/kvm-proof.bios"
run sh "$work/prove" tcg
is 'a guest that never answers proves nothing' "$status" 5
match 'a guest that never answers: the reason' "$err" '*does not end in time*'
rm "$BPFCHECK_BUILD/kvm-proof.bios"

if [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
	QEMU=$work/qemu
	export QEMU
	qemu 'exit 85'
	run sh "$work/accel" auto
	is 'KVM that works is taken' "$status:$out" 0:kvm
	run sh "$work/accel" auto
	is 'it is not tried twice' "$out:$(calls)" kvm:1
	run sh "$work/accel" kvm
	is 'it can be asked for' "$status:$out" 0:kvm
	qemu 'echo "qemu-system-x86_64: error: failed to set MSR 0x10a" >&2; kill -ABRT $$'
	run sh "$work/accel" auto
	is 'KVM that aborts is not taken' "$status:$out" 0:tcg
	is 'it is tried, since QEMU is another one' "$(calls)" 1
	match 'the reason is given in one line' "$err" '*KVM does not work, emulating instead: failed to set MSR 0x10a'
	run sh "$work/accel" auto
	is 'it is not tried twice, either' "$out:$(calls)" tcg:1
	is 'still there is one line' "$(printf '%s\n' "$err" | wc -l)" 1
	run sh "$work/accel" kvm
	is 'asked for, it is an error' "$status" 5
	match 'asked for: the remedy' "$err" '*KVM does not work: failed to set MSR 0x10a; --accel tcg emulates'
	sed -i '1s/^[^ ]*/another-boot/' "$BPFCHECK_BUILD/kvm-proof"
	run sh "$work/accel" auto
	is 'after another boot it is tried again' "$(calls)" 2
	qemu 'sleep 60 # for ever, as far as we are concerned'
	begun=$(date +%s)
	run sh "$work/accel" auto
	is 'KVM that hangs is not taken' "$status:$out" 0:tcg
	ok 'it is given three seconds' test $(($(date +%s) - begun)) -le 5
	qemu 'exit 1 # without a word'
	run sh "$work/accel" auto
	match 'QEMU that fails without a word' "$out:$err" 'tcg:*QEMU ended with status 1*'
	unset QEMU
else
	skip 'choosing KVM' 'no /dev/kvm to open'
	run sh "$work/accel" auto
	is 'without KVM it is emulated' "$status:$out" 0:tcg
	run sh "$work/accel" kvm
	is 'asked for, it is an error' "$status" 5
fi
run sh "$work/accel" tcg
is 'emulation needs no proof and no word' "$status:$out:$err" 0:tcg:
run sh "$work/accel" xen
is 'anything else is usage' "$status" 2
tap_done
