# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Ubuntu's kernels: linux-image-RELEASE or linux-image-unsigned-RELEASE has the image, linux-modules-RELEASE modules and
# configuration, linux-modules-extra-RELEASE, where there is one, the rest. The versions of a signed image and its modules
# may differ. See lib/source.sh and lib/packages.sh for the interface.

# shellcheck source=host-scripts/lib/packages.sh
. "$here/lib/packages.sh"

# ubuntu_pattern REST: prints an extended regular expression for the releases that are asked for: of 6.8, of 6.8-aws, or
# just 6.8.0-45-generic. Returns 1 when that is none of these.
ubuntu_pattern() {
	escaped=$(printf %s "$1" | sed 's/[.]/\\&/g')
	case $(printf %s "$1" | sed -E 's/^[0-9]+(\.[0-9]+)*/V/; s/^V-[0-9]+-/V-N-/; s/-[a-z][a-z0-9-]*$/-F/') in
		V) printf '%s(\\.[0-9]+)*-[0-9]+-generic\n' "$escaped" ;;
		V-F) printf '%s(\\.[0-9]+)*-[0-9]+-%s\n' "${escaped%%-*}" "${escaped#*-}" ;;
		V-N-F) printf '%s\n' "$escaped" ;;
		*) return 1 ;;
	esac
}

ubuntu_candidates() {
	pattern=$(ubuntu_pattern "$1") || return
	apt_list "linux-(image|image-unsigned|modules)-$pattern" |
		awk -F '\t' -v least="$packages_least_size" '
			{ release = $1; sub(/^linux-(image-unsigned|image|modules)-/, "", release) }
			$1 ~ /^linux-modules-/ { modules[release]; next }
			$3 >= least { packages[$1, $2] = release }
			END {
				for (key in packages) {
					split(key, part, SUBSEP)
					print (packages[key] in modules ? "whole" : "bare"), part[1], part[2], packages[key]
				}
			}' |
		sort -k1,1r -k3,3Vr -k2,2r
}

ubuntu_parts() {
	echo "$1=$2"
	# The newest of each comes first.
	apt_list "linux-modules(-extra)?-$(ubuntu_pattern "$3")" | awk -F '\t' '!seen[$1]++ { print $1 "=" $2 }'
}

ubuntu_series() {
	apt_list 'linux-image-(unsigned-)?[0-9].*' | cut -f1 |
		sed -n 's/^linux-image-\(unsigned-\)\{0,1\}\([0-9]*\.[0-9]*\).*/\2/p' | sort -Vu | tr '\n' ' '
}

source_ubuntu_check() {
	ubuntu_pattern "$1" >/dev/null
}

source_ubuntu_fetch() {
	packages_fetch ubuntu "$1"
}
