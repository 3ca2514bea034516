# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches Ubuntu's kernels. lib/source.sh and lib/packages.sh describe the interface.
#
# linux-image-RELEASE or linux-image-unsigned-RELEASE has the image, linux-modules-RELEASE modules and configuration,
# linux-modules-extra-RELEASE (for most flavours) more modules.
#
# Reads: repo.

# shellcheck source=kernels/lib/packages.sh
. "${repo:?}/kernels/lib/packages.sh"

# ubuntu_pattern REST: of 6.8, of 6.8-aws, or of just 6.8.0-45-generic.
ubuntu_pattern() {
	escaped=$(printf %s "$1" | sed 's/[.]/\\&/g')
	case $(printf %s "$1" | sed -E 's/^[0-9]+(\.[0-9]+)*/V/; s/^V-[0-9]+-/V-N-/; s/-[a-z][a-z0-9-]*$/-F/') in
		V) printf '%s(\\.[0-9]+)*-[0-9]+-generic\n' "$escaped" ;;
		V-F) printf '%s(\\.[0-9]+)*-[0-9]+-%s\n' "${escaped%%-*}" "${escaped#*-}" ;;
		V-N-F) printf '%s\n' "$escaped" ;;
		*) return 1 ;;
	esac
}

ubuntu_parts() {
	echo "$1=$2"
	# The newest version of each comes first.
	apt_list "linux-modules(-extra)?-$(ubuntu_pattern "$3")" | awk -F '\t' '!seen[$1]++ { print $1 "=" $2 }'
}

source_ubuntu_check() {
	ubuntu_pattern "$1" >/dev/null
}

source_ubuntu_fetch() {
	packages_fetch ubuntu "$1"
}
