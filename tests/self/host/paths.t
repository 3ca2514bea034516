#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels that are on the machine: /boot, the one that runs, build trees, a vmlinux, images for arm64.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

kernels=$BPFCHECK_BUILD/kernels
release=1.2.3-test
fake_elf "$work/elf" pvh "Linux version $release (someone@somewhere) #1 SMP"

# installed ROOT RELEASE
installed() {
	mkdir -p "$1/boot" "$1/lib/modules/$2/kernel/fs"
	fake_image "$1/boot/vmlinuz-$2" "$2" gzip "$work/elf"
	echo "CONFIG_OF=$2" >"$1/boot/config-$2"
	: >"$1/lib/modules/$2/modules.builtin"
	: >"$1/lib/modules/$2/modules.order"
	ln -s /usr/src/linux "$1/lib/modules/$2/build"
}

fetch() {
	run "$scripts/fetch-kernel" "$@"
	last=$(printf '%s\n' "$err" | tail -n 1)
}

# whole NAME DISTRO RELEASE
whole() {
	is "$1: exit code" "$status" 0
	match "$1: the folder" "$out" "$kernels/$2/$3-????????"
	is "$1: the configuration" "$(cat "$out/config")" "CONFIG_OF=$3"
	ok "$1: the modules" test -f "$out/modules/lib/modules/$3/modules.dep"
}

root=$work/root
installed "$root" "$release"
ln -s "vmlinuz-$release" "$root/boot/vmlinuz"
fetch "$root/boot"
whole '/boot with a link to the only one' local "$release"
ok '/boot is left alone' test -L "$root/lib/modules/$release/build"
was=$out
fetch "$root/boot/vmlinuz-$release"
whole 'the image there' local "$release"
fetch "$root/boot"
is 'a second time' "$out:$err" "$was:"
touch -d '2020-01-01' "$root/lib/modules/$release/modules.order"
fetch "$root/boot"
ok 'with other modules it is another kernel' test "$out" != "$was"
installed "$root" 1.2.4-test
fetch "$root/boot"
match '/boot with two: which' "$status $last" "5 *$root/boot*several kernels: */boot/vmlinuz-1.2.[34]-test and */boot/vmlinuz-1.2.[34]-test; give one of them"
fetch "$root/boot/vmlinuz-1.2.4-test"
whole 'one of two' local 1.2.4-test
mkdir "$work/empty"
fetch "$work/empty"
match 'nothing in a folder' "$status $last" "5 fetch-kernel: $work/empty: no kernel in it*"

fetch "$work/elf"
is 'a vmlinux: exit code' "$status" 0
ok 'a vmlinux: as it was' cmp "$work/elf" "$out/vmlinux"
ok 'a vmlinux: is booted through PVH' grep -q '"boot": "pvh"' "$out/meta.json"
mkdir -p "$work/debug/usr/lib/debug/boot"
cp "$work/elf" "$work/debug/usr/lib/debug/boot/vmlinux-$release"
tar -C "$work/debug" -czf "$work/debug.tar.gz" .
fetch "$work/debug.tar.gz"
is 'a package of symbols: its vmlinux' "$status:$(cmp "$work/elf" "$out/vmlinux")" 0:
fake_elf "$work/nopvh" nopvh "Linux version $release (someone@somewhere) #1 SMP"
fetch "$work/nopvh"
match 'a vmlinux without PVH' "$status $last" "5 *$work/nopvh: has no PVH entry point*"

# A build tree, as it is and in an archive.
mkdir -p "$work/linux/arch/x86/boot"
cp "$root/boot/vmlinuz-$release" "$work/linux/arch/x86/boot/bzImage"
cp "$work/elf" "$work/linux/vmlinux"
echo "CONFIG_OF=$release" >"$work/linux/.config"
mkdir -p "$work/linux/lib/modules/$release/kernel"
: >"$work/linux/lib/modules/$release/modules.order"
: >"$work/linux/lib/modules/$release/modules.builtin"
fetch "$work/linux"
whole 'a build tree' local "$release"
tar -C "$work" -cJf "$work/linux.tar.xz" linux
fetch "$work/linux.tar.xz"
whole 'a build tree in an archive' local "$release"
is 'nothing half-made' "$(find "$kernels" -maxdepth 1 -name '.new-*')" ''

# arm64, in a package.
mkdir -p "$work/arm/boot" "$work/arm/lib/modules/$release/kernel"
{
	head -c 64 /dev/zero
	cat "$work/elf"
} >"$work/arm/boot/vmlinuz-$release"
poke "$work/arm/boot/vmlinuz-$release" 56 'ARM\144'
echo CONFIG_ARM64=y >"$work/arm/boot/config-$release"
tar -C "$work/arm" -czf "$work/arm.tar.gz" .
fetch "$work/arm.tar.gz"
is 'arm64: exit code' "$status" 0
ok 'arm64: meta.json' grep -q '"arch": "arm64"' "$out/meta.json"
is 'arm64: its configuration' "$(cat "$out/config")" CONFIG_ARM64=y

# The kernel that runs, with another /boot than the machine's.
run "$scripts/fetch-kernel" host:x
is 'host takes nothing more' "$status" 2
mkdir "$work/bin"
# shellcheck disable=SC2016 # for that script
printf '#!/bin/sh\n[ "$1" = -r ] && echo 1.2.3-test || exec /usr/bin/uname "$@"\n' >"$work/bin/uname"
chmod +x "$work/bin/uname"
PATH=$work/bin:$PATH fetch host
match 'host, without an image: what was looked for' "$status $last" "5 *host: the running kernel, $release*/boot/vmlinuz-$release*"
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
	skip host 'it takes root to mount another /boot'
else
	cat >"$work/as-host" <<-'END'
		mount --bind "$1/boot" /boot || exit 77
		shift
		exec "$@"
	END
	PATH=$work/bin:$PATH run unshare -m sh "$work/as-host" "$root" "$scripts/fetch-kernel" host
	is 'host: exit code' "$status" 0
	match 'host: the folder' "$out" "$kernels/host/$release-????????"
	is 'host: the configuration' "$(cat "$out/config")" "CONFIG_OF=$release"
	chmod 600 "$root/boot/vmlinuz-$release"
	chmod 755 "$work"
	# The checkout may be root's alone.
	cp -r "$scripts" "$repo/kernels" "$work/"
	PATH=$work/bin:$PATH run unshare -m sh "$work/as-host" "$root" setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$work/host-scripts/fetch-kernel" host
	match 'host, unreadable: what to do' "$status $err" "5 *host: /boot/vmlinuz-$release: cannot be read; make it readable, or be root"
fi
tap_done
