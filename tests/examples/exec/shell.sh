#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Checks BPF settings of this kernel, in TAP 14.

number=0

# point STATUS NAME
point() {
	number=$((number + 1))
	[ "$1" -eq 0 ] || printf 'not '
	echo "ok $number - $2"
}

# is NAME GOT WANT: with both as diagnostics when they differ.
is() {
	[ "$2" = "$3" ] && point 0 "$1" && return
	point 1 "$1"
	printf '  ---\n  got: "%s"\n  want: "%s"\n  ...\n' "$2" "$3"
}

echo 'TAP version 14'
echo '# Subtest: file systems'
echo '    1..2'
for name in bpf tracefs; do
	grep -qw "$name" /proc/filesystems && echo "    ok - $name" || echo "    not ok - $name"
done
point 0 'file systems'

is 'bpf is mounted' "$(stat -f -c %t /sys/fs/bpf)" cafe4a11
[ -e /sys/kernel/btf/vmlinux ]
point $? 'the kernel has BTF'
if [ -e /proc/sys/net/core/bpf_jit_enable ]; then
	is 'the JIT is on' "$(cat /proc/sys/net/core/bpf_jit_enable)" 1
else
	point 0 'the JIT is on # SKIP this kernel cannot do without it'
fi
mkdir "$TMPDIR/a" && [ "$HOME" = "$TMPDIR" ]
point $? 'a folder of its own'
echo "1..$number"
