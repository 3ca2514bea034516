#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Which Debian kernel a spec means, and that its folder appears whole or not at all. The mirror is a folder here.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

mirror=$work/mirror
index=$BPFCHECK_BUILD/apt/packages/index.tsv
kernels=$BPFCHECK_BUILD/kernels
mkdir -p "$mirror" "${index%/*}"
fake_elf "$work/elf"

# deb NAME VERSION [SIZE [DEPENDS]]: packs $work/tree, and lists it as the index would.
deb() {
	mkdir -p "$work/tree/DEBIAN"
	cat >"$work/tree/DEBIAN/control" <<-EOF
		Package: $1
		Version: $2
		Architecture: amd64
		Maintainer: nobody <nobody@localhost>
		Description: a test
	EOF
	dpkg-deb --root-owner-group -Zgzip -z1 -b "$work/tree" "$mirror/$1.deb" >/dev/null
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "${3:-20000000}" "$(sha256sum <"$mirror/$1.deb" | cut -d ' ' -f 1)" \
		"file:$(printf %s "$mirror/$1.deb" | sed 's/ /%20/g')" "${4-}" >>"$index"
	rm -rf "$work/tree"
}

# image RELEASE VERSION: a kernel in one package.
image() {
	mkdir -p "$work/tree/boot" "$work/tree/lib/modules/$1/kernel/fs"
	fake_image "$work/tree/boot/vmlinuz-$1" "$1" gzip "$work/elf"
	echo "CONFIG_OF=$1" >"$work/tree/boot/config-$1"
	: >"$work/tree/lib/modules/$1/modules.order"
	: >"$work/tree/lib/modules/$1/modules.builtin"
	deb "linux-image-$1" "$2"
}

# split RELEASE VERSION: a kernel in three packages, and one that only depends on them.
split() {
	mkdir -p "$work/tree/usr/lib/modules/$1"
	fake_image "$work/tree/usr/lib/modules/$1/vmlinuz" "$1" gzip "$work/elf"
	deb "linux-binary-$1" "$2"
	mkdir -p "$work/tree/usr/lib/modules/$1/kernel/fs"
	deb "linux-modules-$1" "$2"
	mkdir -p "$work/tree/usr/lib/modules/$1"
	echo "CONFIG_OF=$1" >"$work/tree/usr/lib/modules/$1/config"
	: >"$work/tree/usr/lib/modules/$1/modules.order"
	: >"$work/tree/usr/lib/modules/$1/modules.builtin"
	deb "linux-base-$1" "$2" 400000
	deb "linux-image-$1" "$2" 1900 "linux-binary-$1 (= $2), linux-modules-$1 (= $2), linux-base-$1 (= $2), kmod"
}

# listed NAME VERSION: in the index, but not in the pool.
listed() {
	printf '%s\t%s\t30000000\t%064d\tfile:/nowhere/%s.deb\t\n' "$1" "$2" 0 "$1" >>"$index"
}

fetch() {
	run "$scripts/fetch-kernel" "$@"
	out=${out#"$kernels/debian/"}
}

image 6.1.0-9-cloud-amd64 6.1.99-1
image 6.1.0-10-cloud-amd64 6.1.100-1
image 6.1.0-10-amd64 6.1.100-1
image 6.1.0-10-rt-amd64 6.1.100-1
image 6.12.5+deb13-cloud-amd64 6.12.5-1
split 7.2.3+deb14-cloud-amd64 7.2.3-1
split 7.3-cloud-amd64 '7.3~rc2-1~exp1'
deb linux-image-6.1-cloud-amd64 6.1.200-1 1500
deb linux-image-cloud-amd64 7.2.3-1 1500 'linux-image-7.2.3+deb14-cloud-amd64 (= 7.2.3-1)'
deb linux-image-6.1.0-10-cloud-amd64-dbg 6.1.200-1
deb linux-image-6.1.0-10-cloud-amd64-unsigned 6.1.200-1
listed linux-image-6.12.9+deb13-cloud-amd64 6.12.9-1
listed linux-binary-7.2.9+deb14-cloud-amd64 7.2.9-1
listed linux-image-5.10.0-1-cloud-amd64 5.10.1-1
sort -o "$index" -t "$(printf '\t')" -k1,1 -k2,2Vr "$index"
sed -n "s/^apt_wanted='\(.*\)'\$/\1/p" "$repo/kernels/lib/apt.sh" >"${index%/*}/wanted"
: >"${index%/*}/stamp"

fetch debian:6.1-cloud
is 'a series: exit code' "$status" 0
is 'a series: the newest, by version and not by name' "$out" 6.1.0-10-cloud-amd64
folder=$kernels/debian/6.1.0-10-cloud-amd64
for file in vmlinuz vmlinux config modules/lib/modules/6.1.0-10-cloud-amd64/modules.dep modules.cpio meta.json; do
	ok "its folder has $file" test -f "$folder/$file"
done
is 'its config' "$(cat "$folder/config")" CONFIG_OF=6.1.0-10-cloud-amd64
ok 'its meta.json: the package' grep -q '"package": "linux-image-6.1.0-10-cloud-amd64"' "$folder/meta.json"
ok 'its meta.json: the version' grep -q '"package_version": "6.1.100-1"' "$folder/meta.json"
ok 'its meta.json: the source' grep -q '"source": "debian:6.1.0-10-cloud-amd64"' "$folder/meta.json"
ok 'its meta.json: flavour' grep -q '"flavour": "cloud"' "$folder/meta.json"
ok 'its meta.json: the image' grep -q "\"sha256\": \"$(sha256sum <"$folder/vmlinuz" | cut -d ' ' -f 1)\"" "$folder/meta.json"
ok 'its meta.json: features' grep -q '"features": {"initramfs": "no", .*"overlay": "no"}' "$folder/meta.json"
match 'what it lacks is said' "$err" '*has no initramfs bpf*overlay*'
fetch debian:6.1
is 'the plain flavour is not cloud' "$out" 6.1.0-10-amd64
fetch debian:6.1-rt
is 'the rt flavour' "$out" 6.1.0-10-rt-amd64
fetch debian:6.1.0-9-cloud-amd64
is 'an exact release' "$out" 6.1.0-9-cloud-amd64
fetch debian:6.12-cloud
is 'gone from the pool: the next best' "$out" 6.12.5+deb13-cloud-amd64
match 'gone from the pool: is said' "$err" '*linux-image-6.12.9+deb13-cloud-amd64 6.12.9-1: not to be had; trying the next best*'
fetch debian:7.2-cloud
is 'without modules on the mirror: the next best' "$out" 7.2.3+deb14-cloud-amd64
is 'several packages: the config' "$(cat "$kernels/debian/$out/config")" CONFIG_OF=7.2.3+deb14-cloud-amd64
ok 'several packages: the modules' test -d "$kernels/debian/$out/modules/lib/modules/$out/kernel/fs"
fetch debian:7-cloud
is 'no release candidate for a whole generation' "$out" 7.2.3+deb14-cloud-amd64
fetch debian:7.3-cloud
is 'a release candidate by its series' "$out" 7.3-cloud-amd64

if grep -q '^ID.*ubuntu' /etc/os-release; then
	skip 'apt:' 'a host with Ubuntu has another mirror'
else
	run "$scripts/fetch-kernel" apt:linux-image-cloud-amd64
	is 'a package: what it depends on' "$out" "$kernels/apt/7.2.3+deb14-cloud-amd64-7.2.3-1"
	is 'a package: its config' "$(cat "$out/config")" CONFIG_OF=7.2.3+deb14-cloud-amd64
	ok 'a package: its modules' test -d "$out/modules/lib/modules/7.2.3+deb14-cloud-amd64/kernel/fs"
	run "$scripts/fetch-kernel" apt:linux-image-6.1.0-10-rt-amd64=6.1.100-1
	is 'a package of some version' "$out" "$kernels/apt/6.1.0-10-rt-amd64-6.1.100-1"
	for package in linux-image-6.1.0-10-rt-amd64=6.1.100-2 hello; do
		run "$scripts/fetch-kernel" "apt:$package"
		match "a package that is not there, $package" "$status $err" '5 *no such package*'
	done
	run "$scripts/fetch-kernel" apt:linux-modules-7.2.3+deb14-cloud-amd64
	match 'a package without a kernel' "$status $err" '5 *: no kernel in it*'
	deb linux-image-cloud-amd64 '7.3~rc2-1~exp1' 1500 'linux-image-7.3-cloud-amd64 (= 7.3~rc2-1~exp1)'
	sort -o "$index" -t "$(printf '\t')" -k1,1 -k2,2Vr "$index"
	run "$scripts/fetch-kernel" apt:linux-image-cloud-amd64
	is 'a newer package: not yet' "$out" "$kernels/apt/7.2.3+deb14-cloud-amd64-7.2.3-1"
	grep -lF apt/7.2.3 "$kernels"/.known/* | xargs -d '\n' touch -d '7 hours ago'
	run "$scripts/fetch-kernel" apt:linux-image-cloud-amd64
	is 'a newer package: after six hours' "$out" "$kernels/apt/7.3-cloud-amd64-7.3_rc2-1_exp1"
fi

sed -i '/linux-modules-7.2.3/d' "$index"
rm -rf "$kernels/debian/7.2.3+deb14-cloud-amd64"
fetch debian:7.2-cloud
is 'no modules for any: the kernel is still good' "$status:$out" 0:7.2.3+deb14-cloud-amd64
match 'no modules for any: is said' "$err" '*no modules for it*'

fetch debian:5.10-cloud
is 'nothing in the pool: exit code' "$status" 5
match 'nothing in the pool: is said' "$err" '*debian:5.10-cloud: none of the kernels that match could be downloaded'
fetch debian:9.9
is 'no such series: exit code' "$status" 5
match 'no such series: those that there are' "$err" '*debian:9.9: no such kernel on the mirror, which has *5.10 6.1 6.12 7.2 7.3*'
for spec in debian: debian:cloud 'debian:6.1 ' debian:6.1-arm64 debian:6..1 'debian:6.1;true' nowhere/bzImage; do
	fetch "$spec"
	is "$spec: usage" "$status" 2
done
fetch
is 'no spec: usage' "$status" 2

# A kernel that is already present needs no mirror.
mv "$BPFCHECK_BUILD/apt" "$work/apt"
fetch debian:6.1-cloud
is 'known and there: at once' "$out:$err" 6.1.0-10-cloud-amd64:
fetch debian:6.1.0-9-cloud-amd64
is 'exact and there: at once' "$out:$err" 6.1.0-9-cloud-amd64:
mv "$work/apt" "$BPFCHECK_BUILD/apt"

# A newer one on the mirror counts after six hours, or when asked for.
image 6.1.0-11-cloud-amd64 6.1.101-1
fetch debian:6.1-cloud
is 'a newer one: not yet' "$out" 6.1.0-10-cloud-amd64
touch -d '7 hours ago' "$kernels"/.known/*
mv "$mirror/linux-image-6.1.0-11-cloud-amd64.deb" "$work/"
fetch debian:6.1-cloud
is 'a newer one that is not there: the one before' "$out" 6.1.0-10-cloud-amd64
mv "$work/linux-image-6.1.0-11-cloud-amd64.deb" "$mirror/"
touch -d '7 hours ago' "$kernels"/.known/*

# Two at once do it once.
"$scripts/fetch-kernel" debian:6.1-cloud >"$work/one" 2>"$work/one.err" &
one=$!
"$scripts/fetch-kernel" debian:6.1.0-11-cloud-amd64 >"$work/two" 2>"$work/two.err" &
wait "$one" $!
is 'two at once: the first' "$(cat "$work/one")" "$kernels/debian/6.1.0-11-cloud-amd64"
is 'two at once: the second' "$(cat "$work/two")" "$kernels/debian/6.1.0-11-cloud-amd64"
is 'two at once: one unpacked it' "$(cat "$work/one.err" "$work/two.err" | grep -c 'unpacking vmlinux')" 1

# Killed half-way: nothing that could be taken for a kernel, and the next try clears up.
rm -rf "$folder"
mkdir -p "$kernels/.new-debian-6.1.0-10-cloud-amd64/tree"
mkdir -p "$kernels/.new-local-long-ago"
touch -d '2 days ago' "$kernels/.new-local-long-ago"
fetch debian:6.1.0-10-cloud-amd64
is 'after a kill: exit code' "$status" 0
"$scripts/fetch-kernel" "$mirror/linux-image-6.1.0-10-rt-amd64.deb" >"$work/one" 2>/dev/null &
sleep 0.05
kill $!
wait $! && status=0 || status=$?
[ "$status" -eq 0 ] || is 'a signal: exit code' "$status" 143
ok 'nothing half-made is left' test -z "$(find "$kernels" -maxdepth 1 -name '.new-*')"

run "$scripts/fetch-kernel" "$mirror/linux-image-6.1.0-10-rt-amd64.deb"
match 'a .deb' "$out" "$kernels/local/6.1.0-10-rt-amd64-????????"
ok 'a .deb: modules' test -f "$out/modules/lib/modules/6.1.0-10-rt-amd64/modules.dep"
run "$scripts/fetch-kernel" "$out"
match 'a folder made before' "$out:$err" "$kernels/local/6.1.0-10-rt-amd64-????????:"
dpkg-deb -x "$mirror/linux-image-6.1.0-10-amd64.deb" "$work/a package"
run "$scripts/fetch-kernel" "$work/a package"
match 'an unpacked package' "$out" "$kernels/local/6.1.0-10-amd64-????????"
ok 'an unpacked package is left alone' test -d "$work/a package/lib/modules/6.1.0-10-amd64/kernel"
mkdir -p "$work/linux/arch/x86/boot"
cp "$work/a package/boot/vmlinuz-6.1.0-10-amd64" "$work/linux/arch/x86/boot/bzImage"
echo CONFIG_MINE=y >"$work/linux/.config"
run "$scripts/fetch-kernel" "$work/linux"
is 'a kernel build tree: its config' "$(cat "$out/config")" CONFIG_MINE=y
cp "$work/a package/boot/vmlinuz-6.1.0-10-amd64" "$work/a package/boot/vmlinuz-2"
run "$scripts/fetch-kernel" "$work/a package"
is 'two kernels in a folder: exit code' "$status" 5
run "$scripts/fetch-kernel" "$mirror"
is 'no kernel in a folder: exit code' "$status" 5
echo broken >"$work/broken.deb"
run "$scripts/fetch-kernel" "$work/broken.deb"
is 'a broken .deb: exit code' "$status" 5
run "$scripts/fetch-kernel" --help
match 'help' "$status:$out" '0:Gets a kernel*Exit codes:*'
tap_done
