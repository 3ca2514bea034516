# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels at an address: an image, a package or another archive. See lib/source.sh for the interface.
#
#   https_check URL[#sha256=SUM]
#       Returns 1 when it is no address. Dies (2) when it needs a checksum and has none.
#   https_begin URL[#sha256=SUM]
#       Answers if it is known. Takes the lock, sets https_url and https_sum (may be empty).
#   https_get URL SUM
#       Downloads it, and sets https_file.

# shellcheck source=host-scripts/lib/source_path.sh
. "$here/lib/source_path.sh"

https_check() {
	case $1 in
		*[[:space:][:cntrl:]]*) return 1 ;;
		http://?*/?* | https://?*/?*) ;;
		*) return 1 ;;
	esac
	case $1 in
		*'#sha256='*)
			https_sum=${1##*'#sha256='}
			[ ${#https_sum} -eq 64 ] || usage_error "$1: a SHA-256 has 64 hexadecimal digits"
			case $https_sum in
				*[!0-9a-f]*) usage_error "$1: a SHA-256 has 64 hexadecimal digits, in lower case" ;;
			esac
			;;
		http:*) usage_error "$1: plain HTTP can be tampered with: add #sha256=... or use https" ;;
		*) https_sum= ;;
	esac
	https_url=${1%%#*}
}

https_begin() {
	https_check "$1"
	kernel_source=$https_url
	folder_key=$source_spec
	folder_known "$folder_key"
	download_begin "$(printf %s "$source_spec" | sha256sum | cut -c 1-16)"
	# Another process may have been faster.
	folder_known "$folder_key"
}

https_get() {
	https_file=${1%%\?*}
	https_file=$download_folder/$(printf %s "${https_file##*/}" | tail -c 150)
	[ -n "$2" ] || set -- "$1" "$(download_sum "$1")"
	download "$1" "$https_file" "$2"
}

source_https_check() {
	https_check "$source_spec"
}

source_https_fetch() {
	https_begin "$source_spec"
	https_get "$https_url" "$https_sum"
	path_deliver download "$https_url" "$https_file"
}
