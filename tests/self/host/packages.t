#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# ubuntu: and apt:, from a small mirror in a folder, whose signature apt checks as it does that of the real one.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

if ! command -v gpg >/dev/null || ! command -v apt-get >/dev/null; then
	skip 'packages' 'no gpg, or no apt'
	tap_done
	exit
fi

kernels=$BPFCHECK_BUILD/kernels
site=$work/site
GNUPGHOME=$work/gnupg
export GNUPGHOME
mkdir -p "$site/pool"
mkdir -m 700 "$GNUPGHOME"
tap_cleanup() {
	gpgconf --kill all 2>/dev/null || :
}
key() {
	gpg --batch --quiet --passphrase '' --quick-gen-key "$1 <$1@localhost>" ed25519 sign never 2>/dev/null
	gpg --batch --export "$1@localhost" >"$work/$1.gpg"
}
key signer
key other
BPFCHECK_UBUNTU_KEYRING=$work/signer.gpg
BPFCHECK_UBUNTU_MIRROR=file:$(printf %s "$site" | sed 's/ /%20/g')
fake_elf "$work/elf"

# deb SUITE NAME VERSION SIZE [DEPENDS]: packs $work/tree. The size is what the index says; a real kernel is larger.
deb() {
	mkdir -p "$work/tree/DEBIAN" "$site/dists/$1/main/binary-amd64"
	cat >"$work/tree/DEBIAN/control" <<-END
		Package: $2
		Version: $3
		Architecture: amd64
		Maintainer: nobody <nobody@localhost>
		Description: a test
	END
	dpkg-deb --root-owner-group -Zzstd -b "$work/tree" "$site/pool/$2_$3.deb" >/dev/null
	cat >>"$site/dists/$1/main/binary-amd64/Packages" <<-END
		Package: $2
		Version: $3
		Architecture: amd64
		Depends: kmod${5:+, $5}
		Filename: pool/$2_$3.deb
		Size: $4
		SHA256: $(sha256sum <"$site/pool/$2_$3.deb" | cut -d ' ' -f 1)

	END
	rm -rf "$work/tree"
}

# kernel SUITE RELEASE VERSION [SIGNED_VERSION]: as Ubuntu packs it.
kernel() {
	mkdir -p "$work/tree/boot"
	fake_image "$work/tree/boot/vmlinuz-$2" "$2" gzip "$work/elf"
	if [ -n "${4-}" ]; then
		deb "$1" "linux-image-$2" "$4" 14000000 "linux-modules-$2"
	else
		deb "$1" "linux-image-unsigned-$2" "$3" 14000000 "linux-modules-$2"
	fi
	mkdir -p "$work/tree/boot" "$work/tree/lib/modules/$2/kernel/fs"
	echo "CONFIG_OF=$2" >"$work/tree/boot/config-$2"
	: >"$work/tree/lib/modules/$2/modules.builtin"
	: >"$work/tree/lib/modules/$2/modules.order"
	deb "$1" "linux-modules-$2" "$3" 30000000
	mkdir -p "$work/tree/lib/modules/$2/kernel/extra"
	: >"$work/tree/lib/modules/$2/kernel/extra/here"
	deb "$1" "linux-modules-extra-$2" "$3" 60000000
}

# publish KEY SUITE...
publish() {
	key=$1
	shift
	for suite; do
		(
			cd "$site/dists/$suite"
			cat >Release <<-END
				Origin: Ubuntu
				Suite: $suite
				Codename: $suite
				Date: $(date -Ru)
				Architectures: amd64
				Components: main
				SHA256:
				 $(sha256sum <main/binary-amd64/Packages | cut -d ' ' -f 1) $(stat -c %s main/binary-amd64/Packages) main/binary-amd64/Packages
			END
			gpg --batch --quiet --yes --local-user "$key@localhost" --clearsign --output InRelease Release
		)
	done
}

fetch() {
	run "$scripts/fetch-kernel" "$@"
	out=${out#"$kernels/"}
	last=$(printf '%s\n' "$err" | tail -n 1)
}

kernel jammy 5.15.0-9-generic 5.15.0-9.9
kernel jammy 5.15.0-10-generic 5.15.0-10.10
kernel jammy-updates 5.15.0-11-generic 5.15.0-11.11 5.15.0-11.11+1
kernel jammy-updates 5.15.0-1010-aws 5.15.0-1010.10
kernel noble 6.8.0-1-generic 6.8.0-1.1
mkdir -p "$work/tree/usr/share/doc"
: >"$work/tree/usr/share/doc/meta"
deb jammy linux-image-generic 5.15.0.11 1800 'linux-image-5.15.0-11-generic, linux-modules-extra-5.15.0-11-generic'

if ! grep -qi '^ID=ubuntu' /etc/os-release; then
	fetch ubuntu:5.15
	match 'no mirror: what to do' "$status $last" '5 *BPFCHECK_UBUNTU_MIRROR'
fi
export BPFCHECK_UBUNTU_MIRROR
BPFCHECK_UBUNTU_KEYRING=$work/none.gpg fetch ubuntu:5.15
match 'no keys: what to do' "$status $last" "5 *no $work/none.gpg*BPFCHECK_UBUNTU_KEYRING"
export BPFCHECK_UBUNTU_KEYRING
publish other jammy jammy-updates noble
fetch ubuntu:5.15
is 'signed by someone else: exit code' "$status" 5
# How apt words it has changed from release to release: what matters is that some of its words are passed on.
match "signed by someone else: apt's words" "$err" '*apt: *[EW]: *'
match 'signed by someone else: in the end' "$last" 'fetch-kernel: ubuntu:5.15: it is not known what the mirror has'
is 'signed by someone else: nothing is made of it' "$(ls "$kernels/ubuntu" 2>/dev/null)" ''
publish signer jammy jammy-updates noble

fetch ubuntu:5.15
is 'a series: exit code' "$status" 0
is 'a series: the newest, signed, with modules of another version' "$out" ubuntu/5.15.0-11-generic
folder=$kernels/$out
is 'a series: its configuration' "$(cat "$folder/config")" CONFIG_OF=5.15.0-11-generic
ok 'a series: its modules' test -d "$folder/modules/lib/modules/5.15.0-11-generic/kernel/fs"
ok 'a series: its further modules' test -f "$folder/modules/lib/modules/5.15.0-11-generic/kernel/extra/here"
ok 'a series: its meta.json' grep -q '"source": "ubuntu:5.15.0-11-generic"' "$folder/meta.json"
fetch ubuntu:5.15-aws
is 'a flavour' "$out" ubuntu/5.15.0-1010-aws
fetch ubuntu:5.15.0-9-generic
is 'exactly one, unsigned' "$out" ubuntu/5.15.0-9-generic
fetch ubuntu:6
is 'a generation' "$out" ubuntu/6.8.0-1-generic
rm "$site"/pool/linux-modules-5.15.0-11-generic_*
rm -rf "$kernels"
fetch ubuntu:5.15
is 'modules gone from the pool: the next best' "$out" ubuntu/5.15.0-10-generic
echo oops >>"$site/pool/linux-image-unsigned-5.15.0-9-generic_5.15.0-9.9.deb"
fetch ubuntu:5.15.0-9-generic
match 'a package that is not what the index says' "$status $err" \
	'5 *linux-image-unsigned-5.15.0-9-generic_5.15.0-9.9.deb: [a-zA-Z]*could be downloaded'
fetch ubuntu:4.4
match 'no such series: those that there are' "$status $last" '5 *which has 5.15 6.8 '
rm -rf "$site"
fetch ubuntu:5.15
is 'a second time: no mirror is needed' "$status:$out:$err" 0:ubuntu/5.15.0-10-generic:
for spec in ubuntu: ubuntu:jammy 'ubuntu:5.15;true' ubuntu:5..15 ubuntu:5.15-9 'ubuntu:5.15 ' apt: 'apt:a b' apt:-x; do
	fetch "$spec"
	is "usage: $spec" "$status" 2
done
tap_done
