# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Debian's kernels: which packages answer a spec, and how they unpack. See lib/source.sh for the interface.
#
# Up to 6.18 a kernel is one package, linux-image-RELEASE. Later ones come as linux-binary-RELEASE (vmlinuz),
# linux-modules-RELEASE and, from 7.2, linux-base-RELEASE (config, modules.builtin); their linux-image-RELEASE, like
# every meta package, holds nothing but dependencies, so candidates are told from them by size.

debian_arch=amd64
# A meta package has 2 KB, a kernel 10 MB or more.
debian_least_size=4000000

# debian_pattern REST: prints an extended regular expression for the releases that are asked for. Returns 1 when that is
# neither SERIES[-FLAVOUR] nor a release.
debian_pattern() {
	case $1 in
		'' | *[!0-9a-z.+~-]*) return 1 ;;
		[0-9]*-"$debian_arch")
			printf '%s\n' "$1" | sed 's/[.+]/\\&/g'
			return
			;;
	esac
	flavour=
	case $1 in
		*-cloud | *-rt) flavour=-${1##*-} ;;
	esac
	series=${1%"$flavour"}
	case $series in
		*[!0-9.]* | .* | *. | *..* | '') return 1 ;;
	esac
	# What may follow the series: 6.1(.0-56), 6.12(.117+deb13.1), 6.1(.0-0.deb11.52), 7.3(-rc2).
	printf '%s(\\.[0-9]+)*([-+](deb|rc)?[0-9][0-9a-z.]*)*%s-%s\n' \
		"$(printf %s "$series" | sed 's/[.]/\\&/g')" "$flavour" "$debian_arch"
}

# debian_candidates REST: prints "whole PACKAGE VERSION" of the kernels that match, the newest first; then "bare ..." of
# those whose modules are not on the mirror, which keeps them for a shorter time.
debian_candidates() {
	pattern=$(debian_pattern "$1") || return
	# A release candidate is taken for its own series, but it is not the newest 7 of `debian:7`.
	case $1 in
		*.*) unwanted=' none' ;;
		*) unwanted='~rc' ;;
	esac
	apt_list "linux-(image|binary|modules)-$pattern" |
		awk -F '\t' -v least="$debian_least_size" -v unwanted="$unwanted" '
			{ release = $1; sub(/^linux-[a-z]*-/, "", release) }
			$1 ~ /^linux-modules-/ { modules[release, $2]; next }
			$3 >= least && !index($2, unwanted) { packages[$1, $2] = release }
			END {
				for (key in packages) {
					split(key, part, SUBSEP)
					bare = part[1] ~ /^linux-binary-/ && !((packages[key], part[2]) in modules)
					print (bare ? "bare" : "whole"), part[1], part[2]
				}
			}' |
		sort -k1,1r -k3,3Vr
}

# debian_series: which series the mirror has, for messages.
debian_series() {
	apt_list 'linux-(image|binary)-[0-9].*' | cut -f1 |
		sed -n 's/^linux-[a-z]*-\([0-9]*\.[0-9]*\).*-'"$debian_arch"'$/\1/p' | sort -Vu | tr '\n' ' '
}

# debian_release PACKAGE
debian_release() {
	release=${1#linux-image-}
	echo "${release#linux-binary-}"
}

# debian_unpack PACKAGE VERSION: downloads the kernel's packages and unpacks them. Returns 1 when one cannot be had.
# Called where set -e does not count: each failure is looked at.
debian_unpack() {
	parts=$1
	case $1 in
		linux-binary-*)
			escaped=$(debian_pattern "${1#linux-binary-}")
			parts="$1 $(apt_list "linux-(modules|base)-$escaped" | awk -F '\t' -v version="$2" '$2 == version { print $1 }')"
			;;
	esac
	for part in $(printf '%s\n' "$parts" | tr ' ' '\n' | sort -u); do
		deb=$(apt_download "$part=$2" "$kernel_scratch/deb") || return 1
		archive_name=$part
		kernel_unpack "$deb"
		rm -f "$deb"
	done
}

# debian_choose: the first of $candidates that is there, or whose packages can be had; unpacked in the latter case.
debian_choose() {
	while read -r kind package version; do
		[ -n "$kind" ] || break
		release=$(debian_release "$package")
		[ ! -f "$kernels/debian/$release/meta.json" ] || return 0
		folder_begin "debian-$release"
		# Another process may have been faster.
		[ ! -f "$kernels/debian/$release/meta.json" ] || return 0
		[ "$kind" = whole ] || say "$package: the mirror has no modules for it; what needs modules is skipped"
		! debian_unpack "$package" "$version" || return 0
		say "$package $version: not to be had; trying the next best"
	done <<-EOF
		$candidates
	EOF
	return 1
}

source_debian_check() {
	debian_pattern "$1" >/dev/null
}

source_debian_fetch() {
	# An exact release is what it is; a series grows.
	[ -n "$update" ] || folder_answer "debian/$1"
	folder_known "$source_spec" 360
	apt_root=$BPFCHECK_BUILD/apt
	[ -z "$update" ] || apt_max_age=0
	# shellcheck source=host-scripts/lib/apt.sh
	. "$here/lib/apt.sh"
	apt_update || say 'there is no list of packages to choose from'
	candidates=$(debian_candidates "$1")
	if debian_choose; then
		[ -f "$kernels/debian/$release/meta.json" ] || debian_complete
		folder_key=$source_spec
		folder_answer "debian/$release"
	fi
	folder_recall "$source_spec"
	[ -z "$candidates" ] || die 5 "$source_spec: none of the kernels that match could be downloaded"
	series=$(debian_series)
	[ -n "$series" ] || die 5 "$source_spec: it is not known what the mirror has"
	die 5 "$source_spec: no such kernel on the mirror, which has $series"
}

debian_complete() {
	kernel_from=$package
	kernel_source=debian:$release
	kernel_fill "$kernel_scratch/tree" "$kernel_scratch/folder"
	[ "$kernel_release" = "$release" ] || die 5 "$package: holds $kernel_release"
	folder_install debian "$release" package "\"$package\"" package_version "\"$version\""
}
