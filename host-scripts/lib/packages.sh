# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels from the packages of a distribution, DISTRO. Its file has, besides what lib/source.sh asks for,
#
#   DISTRO_candidates REST
#       Prints "whole PACKAGE VERSION RELEASE" of the kernels that match, the newest first; then "bare ..." of those whose
#       modules the mirror does not have, as it keeps them for a shorter time.
#   DISTRO_parts PACKAGE VERSION RELEASE
#       Prints PACKAGE=VERSION, a line each, of all that the kernel is made of.
#   DISTRO_series
#       Prints which series the mirror has, for messages.
#
# Needs lib/common.sh, lib/archive.sh, lib/folder.sh, lib/kernel.sh.
#
#   packages_apt DISTRO
#       Gets lib/apt.sh and its index ready. Returns 1 when there is none; dies (5) when there is no mirror to ask.
#   packages_unpack PART...
#       Downloads and unpacks into $kernel_scratch/tree. Returns 1 when one cannot be had. To be called where set -e does
#       not count.
#   packages_fetch DISTRO REST
#       Answers with the newest candidate that can be had.

# A meta package has 2 KB, a kernel 10 MB or more.
packages_least_size=4000000

packages_apt() {
	apt_distro=$1
	apt_root=$BPFCHECK_BUILD/apt
	# Debian's was here first.
	[ "$1" = debian ] || apt_root=$apt_root/$1
	[ -z "$update" ] || apt_max_age=0
	# shellcheck source=host-scripts/lib/apt.sh
	. "$here/lib/apt.sh"
	if [ "$1" = ubuntu ] && [ ! -s "$apt_root/packages/index.tsv" ]; then
		[ -n "$(apt_mirror archive)" ] ||
			die 5 "$source_spec: the host's apt knows no mirror of Ubuntu's; name one in BPFCHECK_UBUNTU_MIRROR"
		[ -r "$apt_keyring" ] ||
			die 5 "$source_spec: no $apt_keyring, to check signatures with; copy Ubuntu's there, or name it in BPFCHECK_UBUNTU_KEYRING"
	fi
	apt_update
}

packages_unpack() {
	for part; do
		deb=$(apt_download "$part" "$kernel_scratch/deb") || return 1
		archive_name=${part%%=*}
		# Its sum is right, and apt has checked who signed that.
		archive_vouched=1
		kernel_unpack "$deb"
		archive_vouched=
		rm -f "$deb"
	done
}

# packages_choose DISTRO: the first of $candidates that is there, or whose packages can be had; unpacked in the latter case.
packages_choose() {
	while read -r kind package version release; do
		[ -n "$kind" ] || break
		[ ! -f "$kernels/$1/$release/meta.json" ] || return 0
		folder_begin "$1-$release"
		# Another process may have been faster.
		[ ! -f "$kernels/$1/$release/meta.json" ] || return 0
		[ "$kind" = whole ] || say "$package: the mirror has no modules for it; what needs modules is skipped"
		# shellcheck disable=SC2046 # a list of words
		! packages_unpack $("$1_parts" "$package" "$version" "$release" | sort -u) || return 0
		say "$package $version: not to be had; trying the next best"
	done <<-EOF
		$candidates
	EOF
	return 1
}

packages_complete() {
	kernel_from=$package
	kernel_source=$1:$release
	kernel_fill "$kernel_scratch/tree" "$kernel_scratch/folder"
	[ "$kernel_release" = "$release" ] || die 5 "$package: holds $kernel_release"
	folder_install "$1" "$release" package "\"$package\"" package_version "\"$version\""
}

packages_fetch() {
	# An exact release is what it is; a series grows.
	[ -n "$update" ] || folder_answer "$1/$2"
	folder_known "$source_spec" 360
	candidates=
	! packages_apt "$1" || candidates=$("$1_candidates" "$2") || :
	if packages_choose "$1"; then
		[ -f "$kernels/$1/$release/meta.json" ] || packages_complete "$1"
		folder_key=$source_spec
		folder_answer "$1/$release"
	fi
	folder_recall "$source_spec"
	[ -z "$candidates" ] || die 5 "$source_spec: none of the kernels that match could be downloaded"
	[ -s "$apt_root/packages/index.tsv" ] || die 5 "$source_spec: it is not known what the mirror has"
	die 5 "$source_spec: no such kernel on the mirror, which has $("$1_series")"
}
