#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Archives of all kinds, and what becomes of those that are damaged or mean harm: one clear line, exit code 5, nothing
# half-made, no file outside the build folder; and the next fetch works.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"
# shellcheck source=host-scripts/lib/cpio.sh
. "$scripts/lib/cpio.sh"

kernels=$BPFCHECK_BUILD/kernels
outside=$work/outside
mkdir "$work/in" "$outside"
cd "$work/in"
release=1.2.3-test
fake_elf "$work/elf"
mkdir -p "tree/boot" "tree/lib/modules/$release/kernel/fs"
fake_image "tree/boot/vmlinuz-$release" "$release" gzip "$work/elf"
echo CONFIG_BPF_SYSCALL=y >"tree/boot/config-$release"
: >"tree/lib/modules/$release/modules.order"
: >"tree/lib/modules/$release/modules.builtin"
ln -s /usr/src/somewhere "tree/lib/modules/$release/build"
echo 'etc is not for a kernel' >tree/motd
touch -d '2020-01-01' "tree/boot/vmlinuz-$release"

# fetch FILE [ENVIRONMENT...]
fetch() {
	file=$1
	shift
	run env "$@" timeout 60 "$scripts/fetch-kernel" "$file"
}

# forget: so that the next fetch begins anew.
forget() {
	rm -rf "$kernels/local" "$kernels/.known"
}

# half_made: what should not be there.
half_made() {
	find "$kernels" -maxdepth 1 -name '.new-*'
	find "$TMPDIR" "$outside" -mindepth 1
	find "$kernels" -mindepth 2 -maxdepth 2 ! -path '*/.*' ! -exec test -f '{}/meta.json' \; -print
}

# whole NAME: the fetch before has made the kernel.
whole() {
	is "$1: exit code" "$status" 0
	match "$1: its folder" "$out" "$kernels/local/$release-????????"
	ok "$1: its image" cmp "$out/vmlinuz" "tree/boot/vmlinuz-$release"
	is "$1: its configuration" "$(cat "$out/config")" CONFIG_BPF_SYSCALL=y
	ok "$1: its modules" test -f "$out/modules/lib/modules/$release/modules.dep"
	is "$1: no link to its sources" "$(find "$out" -type l)" ''
	is "$1: whose it is" "$(find "$out" ! -user "$(id -u)")" ''
	is "$1: nothing half-made" "$(half_made)" ''
}

# Scripts of a package are not run on the host.
mkdir tree/DEBIAN
cat >tree/DEBIAN/control <<-END
	Package: linux-image-$release
	Version: 1
	Architecture: amd64
	Maintainer: nobody <nobody@localhost>
	Description: a test
END
printf '#!/bin/sh\n: >"%s/executed"\n' "$outside" >tree/DEBIAN/postinst
chmod 755 tree/DEBIAN/postinst
for packing in gzip xz zstd none; do
	dpkg-deb --root-owner-group "-Z$packing" -b tree "$packing.deb" >/dev/null
	fetch "$packing.deb"
	whole ".deb, $packing"
done
rm -r tree/DEBIAN
for packing in gz xz zst bz2; do
	tar -C tree -caf "good.tar.$packing" .
	fetch "good.tar.$packing"
	whole ".tar.$packing"
done
tar -cf folder.tar --transform="s,^tree,linux-$release," tree
fetch folder.tar
whole 'a folder around it all'
# The lead of an .rpm, two headers without entries, and a cpio archive.
{
	printf '\355\253\356\333\003\000'
	head -c 90 /dev/zero
	printf '\216\255\350\001\000\000\000\000\000\000\000\000\000\000\000\000'
	printf '\216\255\350\001\000\000\000\000\000\000\000\000\000\000\000\000'
	(cd tree && find . | cpio -o -H newc --quiet | gzip)
} >good.rpm
fetch good.rpm
whole .rpm
cp good.rpm 'kernel'
fetch kernel
whole 'by its first bytes'

fetch good.tar.xz
is 'a second fetch unpacks nothing' "$status:$err" 0:

# As someone who may not write to most places.
if [ "$(id -u)" -eq 0 ]; then
	mkdir "$work/bin"
	mkdir -m 777 "$work/said"
	# shellcheck disable=SC2016 # for that script
	printf '#!/bin/sh\nid -u >>"%s/uid"\nexec /usr/bin/bsdtar "$@"\n' "$work/said" >"$work/bin/bsdtar"
	chmod -R 755 "$work/bin"
	chmod 755 "$work"
	forget
	fetch gzip.deb PATH="$work/bin:$PATH"
	whole 'root unpacks'
	is 'root unpacks as nobody' "$(sort -u "$work/said/uid")" 65534
	mkdir -m 755 "$work/theirs" "$work/theirs/tmp"
	# The checkout may be root's alone.
	cp -r "$BPFCHECK_BUILD/bin" "$scripts" "$repo/kernels" "$work/theirs/"
	chown -R 65534:65534 "$work/theirs"
	chmod 755 "$work"
	run setpriv --reuid=65534 --regid=65534 --clear-groups env BPFCHECK_BUILD="$work/theirs" TMPDIR="$work/theirs/tmp" \
		"$work/theirs/host-scripts/fetch-kernel" "$work/in/good.tar.gz"
	is 'not as root: exit code' "$status" 0
	# A folder that not even its owner may write to, and a file to fail on.
	mkdir -p locked/boot/deep
	cp "tree/boot/vmlinuz-$release" locked/boot/deep/vmlinuz-short
	chmod 500 locked/boot/deep
	tar -C locked -cf locked.tar .
	run setpriv --reuid=65534 --regid=65534 --clear-groups env BPFCHECK_BUILD="$work/theirs" TMPDIR="$work/theirs/tmp" \
		"$work/theirs/host-scripts/fetch-kernel" "$work/in/locked.tar"
	is 'not as root, folders without rights: exit code' "$status" 5
	is 'not as root: nothing half-made' "$(find "$work/theirs/kernels" -maxdepth 1 -name '.new-*')" ''
else
	skip 'not as root' 'this is not root'
fi

# Below: FILE, what is said of it. Each of those that are archives has a kernel in it, too.
tar_with() {
	name=$1
	shift
	cp good.tar "$name"
	tar -rPf "$name" "$@"
}
xz -dkc good.tar.xz >good.tar
secret=$work/secret
echo "for root only $work" >"$secret"
chmod 600 "$secret"

head -c 3000 zstd.deb >truncated.deb
head -c "$(($(stat -c %s good.tar.xz) / 2))" good.tar.xz >truncated.tar.xz
head -c "$(($(stat -c %s good.tar.gz) - 100))" good.tar.gz >end.tar.gz
head -c "$(($(stat -c %s good.rpm) / 2))" good.rpm >truncated.rpm
echo 'this is no archive' >no.deb
echo 'this is no archive' >no.tar.gz
: >empty.tar
mkdir nothing
tar -C nothing -cf nothing.tar .
echo hello >nothing/README
tar -C nothing -cf kernelless.tar README
tar_with absolute.tar --transform="s|.*|$outside/config-absolute|" tree/motd
tar_with up.tar --transform='s,.*,boot/../../../../outside/config-up,' tree/motd
ln -s "$secret" "tree/boot/vmlinuz-2"
tar_with link.tar -C tree "boot/vmlinuz-2"
rm tree/boot/vmlinuz-2
ln -s "../../../../../secret" "tree/boot/config-$release.link"
tar_with uplink.tar -C tree "boot/config-$release.link"
rm "tree/boot/config-$release.link"
# A link, and then a file that would be written through it.
ln -s "$outside" out
tar_with through.tar --transform='s,^out$,boot/config-out,' out
tar -rPf through.tar --transform='s,.*,boot/config-out/config-through,' tree/motd
ln tree/motd other
tar_with hard.tar --transform="flags=r;s,^\(tree/\)*\(motd\|other\)\$,boot/config-\2," --transform="flags=h;s|.*|$secret|" other tree/motd
tar_with hardup.tar --transform="flags=r;s,^\(tree/\)*\(motd\|other\)\$,boot/config-\2," --transform='flags=h;s,.*,../../../../secret,' other tree/motd
# Members that only root could make on a disk.
{
	cpio_entry boot/config-null $((020666)) 0 1 3
	cpio_entry 'TRAILER!!!' 0 0
} >device.tar
{
	cpio_entry boot/config-pipe $((010666)) 0
	cpio_entry 'TRAILER!!!' 0 0
} >pipe.tar
head -c 60000000 /dev/zero >zeros
tar -czf bomb.tar.gz zeros
mkdir bomb && mv zeros bomb/vmlinuz
tar -C bomb -cJf bomb.tar.xz vmlinuz
rm -r bomb
awk 'BEGIN {
	for (i = 0; i <= 500000; i++)
		printf "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08xmodules/f%07d%c%c", i, 33188, 0, 0, 1, 0, 0, 0, 0, 0, 0, 17, 0, i, 0, 0
	printf "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08xTRAILER!!!%c%c%c%c", 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 11, 0, 0, 0, 0, 0
}' | gzip -1 >many.tar.gz
# A list of files to be copied from the host.
printf '#mtree\nboot type=dir mode=755\nboot/vmlinuz-9.9 type=file mode=644 contents=/proc/version\n' >list.tar
gzip -k list.tar
truncate -s 80M vmlinuz
tar -cSf sparse.tar vmlinuz
rm vmlinuz

while read -r file said; do
	fetch "$file" BPFCHECK_ARCHIVE_MB=40
	is "$file: exit code" "$status" 5
	# Said once, with the name of the file; what was being done may stand before.
	match "$file: the reason" "$(printf '%s\n' "$err" | tail -n 1)" "fetch-kernel: $file: $said"
	ok "$file: one line" test "$(printf '%s\n' "$err" | grep -vc ': unpacking ')" -eq 1
	is "$file: nothing half-made" "$(half_made)" ''
done <<-'END'
	truncated.deb cannot be unpacked: *
	truncated.tar.xz cannot be unpacked: *
	end.tar.gz cannot be unpacked: *
	truncated.rpm cannot be unpacked: *
	no.deb cannot be unpacked: *Unrecognized archive format
	no.tar.gz cannot be unpacked: *Unrecognized archive format
	list.tar cannot be unpacked: *
	list.tar.gz cannot be unpacked: *
	empty.tar is empty
	nothing.tar no kernel in it*
	kernelless.tar no kernel in it*
	absolute.tar cannot be unpacked: *
	up.tar cannot be unpacked: *outside/config-up*
	link.tar holds a link that leads out of it: boot/vmlinuz-2 -> */secret
	uplink.tar holds a link that leads out of it: boot/config-1.2.3-test.link -> ../../../../../secret
	through.tar cannot be unpacked: *boot/config-out*
	hard.tar cannot be unpacked: *
	hardup.tar cannot be unpacked: boot/config-motd: *
	device.tar cannot be unpacked: boot/config-null: *
	pipe.tar holds a device, a pipe or a socket: boot/config-pipe
	bomb.tar.gz holds more than 40 MB (BPFCHECK_ARCHIVE_MB)
	bomb.tar.xz holds more than 40 MB (BPFCHECK_ARCHIVE_MB)
	sparse.tar holds more than 40 MB (BPFCHECK_ARCHIVE_MB)
	many.tar.gz holds more than 200000 files
END
is 'the secret is still one' "$(stat -c '%a %h' "$secret")" '600 1'
is 'and nowhere else' "$(grep -rlF "for root only $work" "$BPFCHECK_BUILD")" ''
forget
fetch good.tar
whole 'after all that'

# Two at once do it once.
forget
"$scripts/fetch-kernel" good.tar >"$work/one" 2>"$work/one.err" &
one=$!
"$scripts/fetch-kernel" good.tar >"$work/two" 2>"$work/two.err" &
wait "$one" $!
is 'two at once: the same folder' "$(cat "$work/one")" "$(cat "$work/two")"
is 'two at once: one unpacked it' "$(cat "$work/one.err" "$work/two.err" | grep -c 'unpacking good.tar')" 1

# Interrupted, from the first moment on.
for delay in 0.02 0.05 0.1 0.15 0.2 0.3; do
	forget
	env --default-signal=INT "$scripts/fetch-kernel" good.tar >/dev/null 2>&1 &
	fetcher=$!
	sleep "$delay"
	kill -INT "$fetcher" 2>/dev/null || :
	wait "$fetcher" && status=0 || status=$?
	[ "$status" -eq 0 ] || is "Ctrl-C after $delay s: exit code" "$status" 130
	is "Ctrl-C after $delay s: nothing half-made" "$(half_made)" ''
done
fetch good.tar
whole 'after Ctrl-C'

# A disk that is full when it has all but unpacked.
memory=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
mkdir -p "$work/small/kernels"
if [ "$memory" -lt 1000000 ]; then
	skip 'a full disk' 'too little memory'
elif ! mount -t tmpfs -o size=310m small "$work/small/kernels" 2>/dev/null; then
	skip 'a full disk' 'it takes root to mount one'
else
	# shellcheck disable=SC2317 # called on every way out
	tap_cleanup() {
		umount "$work/small/kernels"
	}
	cp -r "$BPFCHECK_BUILD/bin" "$work/small/"
	yes | head -c 320M >vmlinuz
	tar -czf large.tar.gz vmlinuz
	rm vmlinuz
	fetch large.tar.gz BPFCHECK_BUILD="$work/small"
	is 'a full disk: exit code' "$status" 5
	match 'a full disk: the reason' "$(printf '%s\n' "$err" | tail -n 1)" '*large.tar.gz: cannot be unpacked: *No space left on device'
	is 'a full disk: nothing half-made' "$(ls -A "$work/small/kernels")" .locks
	fetch good.tar BPFCHECK_BUILD="$work/small"
	is 'a full disk: the next fetch works' "$status" 0
	head -c 60M /dev/zero >"$work/small/kernels/fill"
	fetch good.tar.gz BPFCHECK_BUILD="$work/small"
	match 'a disk that was full before' "$status $err" '5 *disk is full*'
	umount "$work/small/kernels"
	tap_cleanup() { :; }
fi
cd /
tap_done
