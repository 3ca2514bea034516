# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Gets the source of Linux, and checks that it is what was published.
#
# A release (6.6.31) comes from kernel.org: its checksum must be right, and so must the signature on the list of checksums,
# if kernel.org's key is at hand. A series (6.1) is Debian's newest linux-source package of it, which apt checks; or, if
# Debian has none, kernel.org's release of that name.
#
# Needs lib/apt.sh, lib/archive.sh, lib/download.sh for all but linux_version_check. Reads: BPFCHECK_BUILD, and
#     BPFCHECK_KERNEL_ORG  the folder with v6.x/ and so on (default: https://cdn.kernel.org/pub/linux/kernel)
#     BPFCHECK_KERNEL_KEY  file with the keys that may sign checksums, as gpg --export writes it, instead of kernel.org's
# Sets: linux_root; linux_version, linux_id, linux_origin and linux_tree, as below.
#
#   linux_version_check VERSION
#       Returns 1 when it is neither a release nor a series.
#   linux_find VERSION
#       Sets linux_version (6.1.192), linux_id (the same, or with Debian's revision) and linux_origin.
#   linux_fetch
#       Sets linux_tree to the unpacked source, which it downloads if need be. Until descriptor 8 is closed, no other process
#       works with this version.
#   linux_source_cleanup
#       Removes what is incomplete.

: "${BPFCHECK_KERNEL_ORG:=https://cdn.kernel.org/pub/linux/kernel}"
linux_root=$BPFCHECK_BUILD/linux
linux_part=
linux_tarball=
# "Kernel.org checksum autosigner". As its fingerprint is known, the key may come from anywhere.
linux_signer=B8868C80BA62A1FFFAF5FDA9632D3A06589DA6B1
# draft-koch-openpgp-webkey-service: the hash of its name at kernel.org.
linux_key_url='https://kernel.org/.well-known/openpgpkey/hu/ew8uiogxwri7d3fuioqgt7u1d5sngorx?l=autosigner'

linux_version_check() {
	case $1 in
		*[!0-9.]* | .* | *. | *..* | *.*.*.*) return 1 ;;
		[1-9]*.*) ;;
		*) return 1 ;;
	esac
}

linux_find() {
	linux_package=
	linux_version=$1
	case $1 in
		*.*.*) ;;
		*)
			apt_update || say 'there is no list of packages to choose from'
			linux_package=$(apt_list "linux-source-$(printf %s "$1" | sed 's/[.]/\\./')" | cut -f 1,2 | head -n 1)
			;;
	esac
	if [ -n "$linux_package" ]; then
		linux_id=${linux_package#*	}
		linux_package=${linux_package%	*}
		# An epoch, a release candidate: 1:7.3~rc2-1~exp1.
		linux_id=$(printf %s "${linux_id#*:}" | tr '~' -)
		linux_version=$(printf %s "$linux_id" | sed 's/^\([0-9.]*\(-rc[0-9]*\)\{0,1\}\).*/\1/')
		linux_origin="$linux_package $linux_id"
	else
		linux_id=$linux_version
		linux_origin=$BPFCHECK_KERNEL_ORG/v${linux_version%%.*}.x/linux-$linux_version.tar.xz
	fi
}

# linux_keyring: sets linux_keyring; returns 1, with linux_reason, when there is none.
linux_keyring() {
	linux_keyring=${BPFCHECK_KERNEL_KEY-}
	linux_reason='gpgv is not installed'
	command -v gpgv >/dev/null || return 1
	if [ -n "$linux_keyring" ]; then
		[ -r "$linux_keyring" ] || die 5 "BPFCHECK_KERNEL_KEY: $linux_keyring: cannot be read"
		linux_keyring=$(readlink -f "$linux_keyring")
		return 0
	fi
	linux_keyring=$linux_root/kernel-org.gpg
	linux_reason="the key of kernel.org's checksums cannot be had"
	# In a process of its own: without the key there is still the checksum.
	[ -s "$linux_keyring" ] || (download "$linux_key_url" "$linux_keyring")
}

# linux_sums FILE: writes the signed part of sha256sums.asc, and nothing else in it, to FILE.signed.
linux_sums() {
	if ! linux_keyring; then
		say "$linux_origin: signature not checked: $linux_reason"
		cp "$1" "$1.signed"
		return
	fi
	gpgv --keyring "$linux_keyring" --status-fd 1 --output "$1.signed" "$1" >"$1.status" 2>/dev/null || : >"$1.status"
	linux_by=$linux_signer
	[ -z "${BPFCHECK_KERNEL_KEY-}" ] || linux_by='[0-9A-F]*'
	if ! grep -q "^\[GNUPG:\] VALIDSIG .* $linux_by\$" "$1.status"; then
		# Another time there may be a better one.
		[ -n "${BPFCHECK_KERNEL_KEY-}" ] || rm -f "$linux_keyring"
		die 5 "$BPFCHECK_KERNEL_ORG: the signature on sha256sums.asc is not good; nothing was unpacked"
	fi
}

# linux_from_kernel_org: sets linux_tarball.
linux_from_kernel_org() {
	download "${linux_origin%/*}/sha256sums.asc" "$linux_part/sha256sums.asc"
	linux_sums "$linux_part/sha256sums.asc"
	linux_sum=$(awk -v file="${linux_origin##*/}" '$2 == file { print $1; exit }' "$linux_part/sha256sums.asc.signed")
	[ -n "$linux_sum" ] || die 5 "Linux $linux_version: kernel.org has no such release"
	# Outside the folder that is removed: the next try continues an incomplete download.
	linux_tarball=$linux_root/${linux_origin##*/}
	download "$linux_origin" "$linux_tarball" "$linux_sum"
}

linux_from_debian() {
	linux_deb=$(apt_download "$linux_package" "$linux_part") || die 5 "$linux_origin: cannot be had"
	archive_unpack "$linux_deb" "$linux_part/package" '*usr/src/*.tar.*'
	linux_tarball=$(find "$linux_part/package/usr/src" -name '*.tar.*' -type f 2>/dev/null | head -n 1)
	[ -n "$linux_tarball" ] || die 5 "$linux_origin: no source in it"
}

linux_fetch() {
	linux_tree=$linux_root/source/$linux_id
	lock 8 "$linux_root/.locks/$linux_id" "Linux $linux_id"
	if [ ! -d "$linux_tree" ]; then
		linux_part=$linux_root/.new-$linux_id
		rm -rf "$linux_part"
		mkdir -p "$linux_part" "$linux_root/source"
		need_space "$linux_part" 2500
		if [ -n "$linux_package" ]; then
			linux_from_debian
		else
			linux_from_kernel_org
		fi
		say "Linux $linux_id: unpacking"
		archive_unpack "$linux_tarball" "$linux_part/tree"
		# One folder at the top.
		linux_top=$(find "$linux_part/tree" -mindepth 1 -maxdepth 1)
		[ -f "$linux_top/Kconfig" ] || die 5 "$linux_origin: not the source of a kernel"
		mv "$linux_top" "$linux_tree"
		linux_source_cleanup
	fi
}

linux_source_cleanup() {
	[ -z "$linux_part" ] || rm -rf "$linux_part" "$linux_tarball"
	linux_part=
}
