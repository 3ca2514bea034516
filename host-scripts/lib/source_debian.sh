# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Debian's kernels: which packages answer a spec. See lib/source.sh and lib/packages.sh for the interface.
#
# Up to 6.18 a kernel is one package, linux-image-RELEASE. Later ones come as linux-binary-RELEASE (vmlinuz),
# linux-modules-RELEASE and, from 7.2, linux-base-RELEASE (config, modules.builtin); their linux-image-RELEASE, like
# every meta package, holds nothing but dependencies, so candidates are told from them by size.

# shellcheck source=host-scripts/lib/packages.sh
. "$here/lib/packages.sh"

debian_arch=amd64

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

debian_candidates() {
	pattern=$(debian_pattern "$1") || return
	# A release candidate is taken for its own series, but it is not the newest 7 of `debian:7`.
	case $1 in
		*.*) unwanted=' none' ;;
		*) unwanted='~rc' ;;
	esac
	apt_list "linux-(image|binary|modules)-$pattern" |
		awk -F '\t' -v least="$packages_least_size" -v unwanted="$unwanted" '
			{ release = $1; sub(/^linux-[a-z]*-/, "", release) }
			$1 ~ /^linux-modules-/ { modules[release, $2]; next }
			$3 >= least && !index($2, unwanted) { packages[$1, $2] = release }
			END {
				for (key in packages) {
					split(key, part, SUBSEP)
					bare = part[1] ~ /^linux-binary-/ && !((packages[key], part[2]) in modules)
					print (bare ? "bare" : "whole"), part[1], part[2], packages[key]
				}
			}' |
		sort -k1,1r -k3,3Vr
}

debian_series() {
	apt_list 'linux-(image|binary)-[0-9].*' | cut -f1 |
		sed -n 's/^linux-[a-z]*-\([0-9]*\.[0-9]*\).*-'"$debian_arch"'$/\1/p' | sort -Vu | tr '\n' ' '
}

debian_parts() {
	echo "$1=$2"
	case $1 in
		linux-binary-*) apt_list "linux-(modules|base)-$(debian_pattern "$3")" | awk -F '\t' -v version="$2" '$2 == version { print $1 "=" $2 }' ;;
	esac
}

source_debian_check() {
	debian_pattern "$1" >/dev/null
}

source_debian_fetch() {
	packages_fetch debian "$1"
}
