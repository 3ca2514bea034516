# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches Debian's kernels. lib/source.sh and lib/packages.sh describe the interface.
#
# Up to 6.18 a kernel is one package, linux-image-RELEASE. Later ones are linux-binary-RELEASE (vmlinuz),
# linux-modules-RELEASE and, from 7.2, linux-base-RELEASE (config, modules.builtin); their linux-image-RELEASE holds only
# dependencies, like every meta package.
#
# Reads: repo.

# shellcheck source=kernels/lib/packages.sh
. "${repo:?}/kernels/lib/packages.sh"

# debian_pattern REST: of SERIES[-FLAVOUR], or of a release.
debian_pattern() {
	case $1 in
		'' | *[!0-9a-z.+~-]*) return 1 ;;
		[0-9]*-amd64)
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
	# The series may be followed by this: 6.1(.0-56), 6.12(.117+deb13.1), 6.1(.0-0.deb11.52), 7.3(-rc2).
	printf '%s(\\.[0-9]+)*([-+](deb|rc)?[0-9][0-9a-z.]*)*%s-amd64\n' "$(printf %s "$series" | sed 's/[.]/\\&/g')" "$flavour"
}

debian_parts() {
	echo "$1=$2"
	case $1 in
		linux-binary-*)
			apt_list "linux-(modules|base)-$(debian_pattern "$3")" |
				awk -F '\t' -v version="$2" '$2 == version { print $1 "=" $2 }'
			;;
	esac
}

source_debian_check() {
	debian_pattern "$1" >/dev/null
}

source_debian_fetch() {
	packages_fetch debian "$1"
}
