#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run-kernel --root: a folder and images, each way into the guest, on real kernels; that they stay as they are; mkrootfs's
# arguments. What mkrootfs makes is for tests/self/examples.t.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

ln -s "$repo/build/apt" "$BPFCHECK_BUILD/apt"
fetch() {
	BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" "$1"
}

# A root with nothing but a shell, and a suite whose one test is run by that.
root="$work/the root"
mkdir -p "$root/bin" "$root/etc" "$root/proc"
cp "$BPFCHECK_BUILD/bin/busybox" "$root/bin/"
for applet in sh cat touch grep test; do
	ln -s busybox "$root/bin/$applet"
done
echo here >"$root/etc/marker"
suite=$work/suite
mkdir "$suite"
cat >"$suite/look" <<-'EOS'
	#!/bin/sh
	set -e
	grep -qx here /etc/marker
	test -x /bin/grep -a -d /proc/self -a -c /dev/null -a ! -e /init
	test ! -e /etc/written
	touch /etc/written
	echo '{}'
EOS
chmod +x "$suite/look"
printf 'run look\n' >"$suite/look.test"

boot() {
	run "$scripts/run-kernel" --accel tcg --results "$work/results" --suite "$suite" "$@"
}

listing() {
	(cd "$root" && find . -printf '%p %y %m %s %T@ %l\n' | sort)
}

before=$(listing)
generic=$(fetch debian:6.1)
cloud=$(fetch debian:6.1-cloud)
none=$work/none
cp -al "$cloud/." "$none" 2>/dev/null || cp -a "$cloud/." "$none"
rm "$none/modules.cpio"
find "$none/modules" -name 'virtio_blk.ko*' -delete
PATH=$PATH:/sbin:/usr/sbin depmod -b "$none/modules" "$(ls "$none/modules/lib/modules")"

boot "$generic"
is 'without another root: exit code' "$status" 1
boot --root "$root" "$generic"
is 'a folder over 9p: exit code' "$status" 0
boot --root "$root" "$cloud"
is 'a folder, and no 9p: exit code' "$status" 0
match 'a folder, and no 9p: it is packed' "$err" "*packing $root*"
boot --root "$root" "$cloud"
is 'a folder, and no 9p: exit code of the second run' "$status" 0
match 'a folder, and no 9p: packed once' "$(printf '%s\n' "$err" | grep -c packing)" 0
boot --root "$root" "$none"
is 'a folder, and neither 9p nor disks: exit code' "$status" 0
gensquashfs --quiet --pack-dir "$root" "$work/root,1.squashfs" >/dev/null
boot --root "$work/root,1.squashfs" "$cloud"
is 'a squashfs: exit code' "$status" 0
boot --root "$work/root,1.squashfs" "$none"
is 'a squashfs, and no disks: exit code' "$status" 0
genext2fs -q -N 200 -b 8192 -d "$root" "$work/root.ext2"
sum=$(cksum <"$work/root.ext2")
boot --root "$work/root.ext2" "$cloud"
is 'an image that could be written to: exit code' "$status" 0
is 'an image that could be written to: is not' "$(cksum <"$work/root.ext2")" "$sum"
qemu-img convert -O qcow2 "$work/root.ext2" "$work/root.qcow2"
boot --root "$work/root.qcow2" "$cloud"
is 'a qcow2: exit code' "$status" 0
boot --root "$work/root.ext2" "$none"
is 'such an image, and no disks: exit code' "$status" 5
match 'such an image, and no disks: why' "$err" '*no virtio disks*'
is 'the folder is as it was' "$(listing)" "$before"

boot --rw --root "$root" "$generic"
is '--rw, a folder: exit code' "$status" 0
ok '--rw, a folder: it is written to' test -e "$root/etc/written"
boot --rw --root "$work/root.ext2" "$cloud"
is '--rw, an image: exit code' "$status" 0
boot --root "$work/root.ext2" "$cloud"
is '--rw, an image: what was written is kept' "$status" 1
head -c 100000 /dev/zero >"$work/zero"
boot --root "$work/zero" "$cloud"
is 'no file system at all: exit code' "$status" 4
match 'no file system at all: why' "$out" '*enter the other root: Invalid argument*'

for arguments in '--root nowhere' '--rw' '--root suite --warm' '--rw --root root,1.squashfs'; do
	# shellcheck disable=SC2086 # a list of words
	(cd "$work" && exec "$scripts/run-kernel" $arguments "$cloud" >/dev/null 2>&1 </dev/null) && status=0 || status=$?
	is "usage: run-kernel $arguments" "$status" 2
done
for arguments in '' debian 'fedora:40' 'debian:book worm' 'debian:x --packages a;b' '--nonsense' 'debian:a debian:b'; do
	# shellcheck disable=SC2086 # a list of words
	run "$scripts/mkrootfs" $arguments
	is "usage: mkrootfs $arguments" "$status" 2
done
run "$scripts/mkrootfs" debian:nosuchsuite
is 'mkrootfs, a suite that there is not: exit code' "$status" 5
is 'mkrootfs, a suite that there is not: nothing half-made is left' \
	"$(
		find "$BPFCHECK_BUILD/roots" -name '*nosuchsuite*' ! -name '*.log' ! -name '*.lock'
		ls -d "$BPFCHECK_BUILD"/roots/.bpfcheck* 2>/dev/null
	)" ''
tap_done
