#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# build-kernel, with a kernel.org on this host, and a source that is quick to build: its makefile understands a few
# options, and has ready what it should compile.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"
# shellcheck source=tests/self/host/server.sh
. "$(dirname "$0")/server.sh"

# Linux cannot be built in a path with a blank.
mv "$BPFCHECK_BUILD" "$work/moved"
BPFCHECK_BUILD=$(mktemp -d /tmp/bpfcheck-test.XXXXXX)
mv "$work/moved/"* "$BPFCHECK_BUILD/"
tap_cleanup() {
	server_end
	gpgconf --kill gpg-agent
	rm -rf "$BPFCHECK_BUILD"
}
kernels=$BPFCHECK_BUILD/kernels/mainline
site=$work/site/v1.x
mkdir -p "$site" "$work/configs"
export BPFCHECK_SETUP=no
export GNUPGHOME="$work/gnupg" BPFCHECK_KERNEL_KEY="$work/signers.gpg"
mkdir -m 700 "$GNUPGHOME"

# tarball VERSION FILE
tarball() {
	top=$work/source/linux-$1
	mkdir -p "$top/arch/x86/configs"
	echo CONFIG_OLD=y >"$top/arch/x86/configs/x86_64_defconfig"
	echo 'config SLOW' >"$top/Kconfig"
	cat >"$top/Makefile" <<-'EOF'
		# Tabs are this script's.
		.RECIPEPREFIX = >
		olddefconfig:
		>@awk -f conf.awk $(O)/.config >$(O)/new
		>@mv $(O)/new $(O)/.config
		bzImage:
		>@echo '  CC      kernel/some.o'
		>@if grep -q CONFIG_BROKEN=y $(O)/.config; then echo "kernel/some.c:3:1: error: no such thing"; exit 1; fi
		>@if grep -q CONFIG_SLOW=y $(O)/.config; then echo $$$$ >$(O)/compiler; : >$(O)/some.o; sleep 100 & wait; fi
		>@mkdir -p $(O)/arch/x86/boot
		>@cp image$(LOCALVERSION) $(O)/arch/x86/boot/bzImage
		>@cp elf $(O)/vmlinux
	EOF
	# The last line about an option counts, and what is called unknown is unknown.
	cat >"$top/conf.awk" <<-'EOF'
		/^CONFIG_/ && !/UNKNOWN/ { is[substr($0, 1, index($0, "="))] = $0 }
		/is not set$/ { delete is[$2 "="] }
		END { for (name in is) print is[name] }
	EOF
	for suffix in '' -one -one-two; do
		fake_image "$top/image$suffix" "$1$suffix" gzip "$work/elf"
	done
	cp "$work/elf" "$top/elf"
	tar -C "$work/source" -cJf "$2" "linux-$1"
	rm -rf "$work/source"
}

# publish VERSION: puts its tarball on the site.
publish() {
	tarball "$1" "$site/linux-$1.tar.xz"
	sign
}

# package SERIES VERSION: a linux-source package, and the index that lists it.
package() {
	mkdir -p "$work/tree/DEBIAN" "$work/tree/usr/src" "$BPFCHECK_BUILD/apt/packages"
	tarball "${2%-*}" "$work/tree/usr/src/linux-source-$1.tar.xz"
	cat >"$work/tree/DEBIAN/control" <<-EOF
		Package: linux-source-$1
		Version: $2
		Architecture: all
		Maintainer: nobody <nobody@localhost>
		Description: a test
	EOF
	deb=$work/linux-source-$1.deb
	dpkg-deb --root-owner-group -Zgzip -z1 -b "$work/tree" "$deb" >/dev/null
	rm -r "$work/tree"
	printf '%s\t%s\t%s\t%s\t%s\t\n' "linux-source-$1" "$2" 1000 "$(sha256sum <"$deb" | cut -d ' ' -f 1)" \
		"file:$(printf %s "$deb" | sed 's/ /%20/g')" >"$BPFCHECK_BUILD/apt/packages/index.tsv"
	sed -n "s/^apt_wanted='\(.*\)'\$/\1/p" "$repo/kernels/lib/apt.sh" >"$BPFCHECK_BUILD/apt/packages/wanted"
	: >"$BPFCHECK_BUILD/apt/packages/stamp"
}

# sign: the list of checksums, by kernel.org.
sign() {
	(cd "$site" && sha256sum ./*.tar.xz | sed "s, \./, ,") >"$work/sums"
	gpg --batch --yes --local-user "$signer" --clearsign -o "$site/sha256sums.asc" "$work/sums" 2>"$work/gpg.err"
}

# config NAME LINE...: a fragment.
config() {
	file=$work/configs/$1.config
	shift
	printf '%s\n' "$@" >"$file"
}

build() {
	run "$scripts/build-kernel" --no-boot -j 1 "$@"
}

left_over() {
	find "$BPFCHECK_BUILD/linux" "$BPFCHECK_BUILD/kernels" "$TMPDIR" -name '.new-*' -o -name '*.tar.xz' -o -name 'bpfcheck-*'
}

server_start "$work/site"
export BPFCHECK_KERNEL_ORG="$server"

gpg --batch --quiet --passphrase '' --quick-gen-key 'Signer <signer@localhost>' ed25519 sign never 2>/dev/null
gpg --batch --quiet --passphrase '' --quick-gen-key 'Other <other@localhost>' ed25519 sign never 2>/dev/null
gpg --batch --export signer@localhost >"$BPFCHECK_KERNEL_KEY"
signer=signer@localhost
fake_elf "$work/elf"
publish 1.2.3
config one CONFIG_ONE=y 'CONFIG_TWO=y' '# CONFIG_OLD is not set'
config two '# CONFIG_TWO is not set' '# since 1.3' CONFIG_UNKNOWN_YET=y
config unknown CONFIG_UNKNOWN=y CONFIG_ONE=y
config typo 'CONFIG_ONE = y'
config broken CONFIG_BROKEN=y
config slow CONFIG_SLOW=y

for version in 6 6. .6 6..1 6.1.2.3 6.7-rc1 v6.1 latest 6.1-nothing 6.1-../x; do
	build "$version"
	is "$version: usage" "$status" 2
done
build
is 'no version: usage' "$status" 2
build --arch arm64 1.2.3
is 'another processor: usage' "$status" 2
build --config "$work/configs/none.config" 1.2.3
is 'no such fragment: usage' "$status" 2
run "$scripts/build-kernel" --help
match 'help' "$status:$out" '0:Builds kernels*Exit codes:*'
BPFCHECK_BUILD="$work/a blank" build 1.2.3
match 'a path with a blank' "$status:$err" '5:*cannot be built in a path with blanks*'

build 1.2.3
is 'a release: its folder' "$status:$out" "0:$kernels/1.2.3"
for file in vmlinuz vmlinux config modules.cpio meta.json; do
	ok "its folder has $file" test -f "$out/$file"
done
match 'its progress' "$err" '*1.2.3: configuring*1.2.3: compiling, 1 files at a time*'
ok 'its config has what bpf.config and guest.config want' grep -q '^CONFIG_BPF_LSM=y' "$out/config"
ok 'its source' grep -q "\"source\": \"$BPFCHECK_KERNEL_ORG/v1.x/linux-1.2.3.tar.xz\"" "$out/meta.json"
is 'nothing half made is left' "$(left_over)" ''
mv "$work/site" "$work/gone"
build 1.2.3
match 'again: it is there' "$status:$err" '0:*1.2.3: is there'

# Other configurations use the unpacked source.
build --config "$work/configs/one.config" --config "$work/configs/two.config" 1.2.3
is 'fragments: the name' "$status:$out" "0:$kernels/1.2.3-one-two"
is 'fragments: the last one wins' "$(grep -E '_(OLD|ONE|TWO)=' "$out/config")" CONFIG_ONE=y
build --config "$work/configs/unknown.config" 1.2.3
match 'an option that did not take: is named' "$status:$err" '5:*1.2.3-unknown: did not take: CONFIG_UNKNOWN=y (is n); *'
build --config "$work/configs/typo.config" 1.2.3
match 'a line that is none: is named' "$status:$err" '5:*did not take: "CONFIG_ONE = y" (not understood); *'
build --config "$work/configs/broken.config" 1.2.3
match 'a build that fails: the first error, and where the log is' "$status:$err" \
	"5:*1.2.3-broken: cannot be built: kernel/some.c:3:1: error: no such thing; all of it is in $BPFCHECK_BUILD/linux/logs/1.2.3-broken.log"
ok 'a build that fails: no folder' test ! -e "$kernels/1.2.3-broken"
mv "$work/gone" "$work/site"

# Interrupted: the compilers end, and what is there is gone on with.
objects=$BPFCHECK_BUILD/linux/objects/1.2.3
"$scripts/build-kernel" --no-boot --config "$work/configs/slow.config" 1.2.3 >/dev/null 2>"$work/slow.err" &
slow=$!
deadline=$(($(date +%s) + 30))
until [ -s "$objects/compiler" ] || ! kill -0 "$slow" 2>/dev/null || [ "$(date +%s)" -ge "$deadline" ]; do :; done
kill "$slow" 2>/dev/null || :
wait "$slow" && status=0 || status=$?
is 'interrupted: exit code' "$status" 143
ok 'interrupted: the compiler has ended' sh -c "! kill -0 $(cat "$objects/compiler")"
is 'interrupted: nothing half made is left' "$(left_over)" ''
ok 'interrupted: what was compiled is kept' test -f "$objects/some.o"
ok 'interrupted: no folder' test ! -e "$kernels/1.2.3-slow"

# Input from outside.
build 1.2.4
match 'no such release' "$status:$err" '5:*Linux 1.2.4: kernel.org has no such release'
publish 1.2.5
echo more >>"$site/linux-1.2.5.tar.xz"
build 1.2.5
match 'a wrong checksum' "$status:$err" '5:*1.2.5*'
is 'a wrong checksum: nothing is left' "$(left_over)$(ls -d "$BPFCHECK_BUILD/linux/source/1.2.5" 2>/dev/null)" ''
publish 1.2.6
sed -i '/^[0-9a-f]*  linux-1.2.6/s/^./x/' "$site/sha256sums.asc"
build 1.2.6
match 'a list that was tampered with' "$status:$err" '5:*the signature on sha256sums.asc is not good*'
signer=other@localhost
sign
build 1.2.6
match "another's signature" "$status:$err" '5:*the signature on sha256sums.asc is not good*'
signer=signer@localhost
sign
cp "$site/sha256sums.asc" "$work/good"
sed -i "1i$(printf %064d 0)  linux-1.2.6.tar.xz" "$site/sha256sums.asc"
build 1.2.6
is 'what stands outside the signed text does not count' "$status:$out" "0:$kernels/1.2.6"
mv "$work/good" "$site/sha256sums.asc"
echo nothing >"$work/nothing"
tar -C "$work" -cJf "$site/linux-1.2.7.tar.xz" nothing
sign
build 1.2.7
match 'no kernel in it' "$status:$err" '5:*not the source of a kernel'
head -c 3000 "$site/linux-1.2.6.tar.xz" >"$site/linux-1.2.8.tar.xz"
sign
build 1.2.8
is 'a truncated archive' "$status" 5
is 'bad sources: nothing is left' "$(left_over)" ''

# kernel.org's key cannot be had here.
rm -r "$BPFCHECK_BUILD/linux/source/1.2.6" "$kernels/1.2.6"
run env -u BPFCHECK_KERNEL_KEY https_proxy=http://127.0.0.1:1 "$scripts/build-kernel" --no-boot 1.2.6
match 'without a key: the checksum has to do' "$status:$err" '0:*signature not checked: the key *'

# A series is Debian's, or else a release without a third number.
package 1.3 1.3.9-2
build 1.3
is 'a series: its folder' "$status:$out" "0:$kernels/1.3.9"
ok 'a series: its source' grep -q '"source": "linux-source-1.3 1.3.9-2"' "$out/meta.json"
run "$scripts/fetch-kernel" mainline:1.3
is 'a series: is remembered' "$status:$out:$err" "0:$kernels/1.3.9:"
publish 1.4
build 1.4
is 'a series that Debian does not have' "$status:$out" "0:$kernels/1.4"

# As a kernel's spec.
run "$scripts/fetch-kernel" mainline:1.2.6
is 'mainline: one that is there' "$status:$out:$err" "0:$kernels/1.2.6:"
rm -r "$kernels/1.2.6"
run "$scripts/fetch-kernel" mainline:1.2.6
is 'mainline: is built' "$status:$out" "0:$kernels/1.2.6"
for spec in mainline: mainline:6 mainline:latest mainline:1.2.6-../x; do
	run "$scripts/fetch-kernel" "$spec"
	is "$spec: usage" "$status" 2
done

# The archive that run-tests -m takes.
build --archive "$work/mainline-kernels.tar" 1.2.3 1.2.6
is 'archive: exit code' "$status" 0
is 'archive: what is in it' "$(tar -tf "$work/mainline-kernels.tar" | sort | tr '\n' ' ')" \
	'mainline-kernels/bzImage-v1.2.3 mainline-kernels/bzImage-v1.2.6 '
build --archive "$work/mainline-kernels.tar" 1.2.3
is 'archive: a kernel is in it once' "$(tar -tf "$work/mainline-kernels.tar" | grep -c 1.2.3)" 1
echo junk >"$work/junk.tar"
build --archive "$work/junk.tar" 1.2.3
match 'archive: one that is none' "$status:$err" "5:*junk.tar: cannot be added to: *"
is 'archive: one that is none stays as it was' "$(cat "$work/junk.tar")$(ls "$work"/*.tar.[0-9]* 2>/dev/null)" junk

# The built kernel is booted.
export QEMU="$work/qemu"
fake_qemu "$QEMU"
rm -rf "$kernels/1.2.3"
run "$scripts/build-kernel" 1.2.3
match 'boots' "$status:$err" '0:*1.2.3: boots'
echo outcome=fail >"$QEMU.before"
rm -rf "$kernels/1.2.3"
run "$scripts/build-kernel" 1.2.3
match 'does not boot: is said' "$status:$out:$err" "1:$kernels/1.2.3:*its console is in *"
tap_done
