# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches kernels from the packages of a distribution. Besides the functions of lib/source.sh, source/DISTRO.sh has
#
#   DISTRO_pattern REST
#       Prints an extended regular expression for the releases that a spec asks for. Returns 1 when the spec is not valid.
#   DISTRO_parts PACKAGE VERSION RELEASE
#       Prints PACKAGE=VERSION, one per line, of all that the kernel is made of.
#
# Needs lib/archive.sh, lib/folder.sh. Reads: BPFCHECK_BUILD, repo, kernels, kernel_scratch, source_spec, update.
# Sets: apt_distro, apt_root, apt_max_age; archive_name, kernel_from, kernel_source, folder_key.
#
#   packages_apt DISTRO
#       Loads apt.sh and brings its index up to date. Returns 1 when there is none; dies (5) when no mirror is known.
#   packages_unpack PART...
#       Downloads and unpacks into kernel_scratch/tree. Returns 1 when a part cannot be downloaded. Call it where set -e does
#       not count.
#   packages_fetch DISTRO REST
#       Answers with the newest kernel that matches and can be downloaded.

packages_apt() {
	apt_distro=$1
	apt_root=$BPFCHECK_BUILD/apt
	[ "$1" = debian ] || apt_root=$apt_root/$1
	[ -z "${update?}" ] || apt_max_age=0
	# shellcheck source=kernels/lib/apt_mirror.sh
	. "${repo:?}/kernels/lib/apt_mirror.sh"
	# shellcheck source=kernels/lib/apt.sh
	. "$repo/kernels/lib/apt.sh"
	if [ ! -s "$apt_root/packages/index.tsv" ]; then
		variable=BPFCHECK_$(printf %s "$1" | tr '[:lower:]' '[:upper:]')
		problem=
		[ -r "$apt_keyring" ] ||
			problem="no $apt_keyring, to check signatures with; copy $apt_origin's there, or name it in ${variable}_KEYRING"
		[ -n "$(apt_mirror archive)" ] ||
			problem="the host's apt knows no mirror of $apt_origin's; name one in ${variable}_MIRROR"
		[ -z "$problem" ] || {
			folder_recall "${source_spec:?}"
			die 5 "$source_spec: $problem"
		}
	fi
	apt_update
}

packages_unpack() {
	for part; do
		deb=$(apt_download "$part" "${kernel_scratch:?}/deb") || return 1
		archive_name=${part%%=*}
		kernel_unpack "$deb"
		rm -f "$deb"
	done
}

# packages_candidates DISTRO REST: prints "whole PACKAGE VERSION RELEASE" of the kernels that match, the newest first; then
# "bare ..." of those whose modules the mirror does not have, as it drops them earlier. A meta package has 2 KB, a kernel at
# least 10 MB. A release candidate is taken for 7.3, but is not the newest 7.
packages_candidates() {
	pattern=$("$1_pattern" "$2") || return
	unwanted='~rc'
	[ "${2%.*}" = "$2" ] || unwanted=' none'
	apt_list "linux-(image|image-unsigned|binary|modules)-$pattern" | awk -F '\t' -v distro="$1" -v unwanted="$unwanted" '
		{
			release = $1
			sub(/^linux-(image-unsigned|[a-z]*)-/, "", release)
		}
		# The modules of a signed image of Ubuntu may have another version.
		$1 ~ /^linux-modules-/ { modules[release, distro == "debian" ? $2 : ""]; next }
		$3 >= 4000000 && !index($2, unwanted) { packages[$1, $2] = release }
		END {
			for (key in packages) {
				split(key, part, SUBSEP)
				# In these, Debian has the modules, too.
				whole = distro == "debian" && part[1] ~ /^linux-image-/
				whole = whole || (packages[key], distro == "debian" ? part[2] : "") in modules
				print (whole ? "whole" : "bare"), part[1], part[2], packages[key]
			}
		}' | sort -k1,1r -k3,3Vr -k2,2r
}

packages_series() {
	apt_list 'linux-(image|image-unsigned|binary)-[0-9].*' | cut -f1 |
		sed -n 's/^linux-[a-z-]*-\([0-9]*\.[0-9]*\).*/\1/p' | sort -Vu | tr '\n' ' '
}

# packages_choose DISTRO: the first of $candidates that is in kernels/, or can be downloaded; the latter is unpacked.
packages_choose() {
	while read -r kind package version release; do
		[ -n "$kind" ] || break
		[ ! -f "${kernels:?}/$1/$release/meta.json" ] || return 0
		folder_begin "$1-$release"
		# Another process may have been faster.
		[ ! -f "$kernels/$1/$release/meta.json" ] || return 0
		[ "$kind" = whole ] || say "$package: the mirror has no modules for it; tests that need modules are skipped"
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
	[ "${kernel_release:?}" = "$release" ] || die 5 "$package: holds $kernel_release"
	folder_install "$1" "$release" package "\"$package\"" package_version "\"$version\""
}

packages_fetch() {
	# A release never changes, but a series does.
	[ -n "$update" ] || folder_answer "$1/$2"
	folder_known "$source_spec" 360
	candidates=
	! packages_apt "$1" || candidates=$(packages_candidates "$1" "$2") || :
	if packages_choose "$1"; then
		[ -f "$kernels/$1/$release/meta.json" ] || packages_complete "$1"
		folder_key=$source_spec
		folder_answer "$1/$release"
	fi
	folder_recall "$source_spec"
	[ -z "$candidates" ] || die 5 "$source_spec: none of the kernels that match could be downloaded"
	[ -s "$apt_root/packages/index.tsv" ] || die 5 "$source_spec: it is not known what the mirror has"
	die 5 "$source_spec: no such kernel on the mirror, which has $(packages_series)"
}
