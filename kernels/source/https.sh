# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches kernels at an address: an image, a package or another archive; with rpm: also the packages beside it that have
# the modules. lib/source.sh describes the interface.
#
# Needs lib/download.sh. Reads: source_spec. Sets: kernel_source, folder_key.

# shellcheck source=kernels/source/path.sh
. "${repo:?}/kernels/source/path.sh"

# https_check URL[#sha256=SUM]: sets https_url and https_sum (may be empty). Returns 1 when it is not an address. Dies (2)
# when it needs a checksum and has none.
https_check() {
	case $1 in
		*[[:space:][:cntrl:]]*) return 1 ;;
		http://?*/?* | https://?*/?*) ;;
		*) return 1 ;;
	esac
	https_url=${1%%#*}
	https_sum=
	case $1 in
		*'#sha256='*) https_sum=${1##*'#sha256='} ;;
		http:*) usage_error "$1: plain HTTP can be tampered with: add #sha256=... or use https" ;;
		*) return 0 ;;
	esac
	case ${#https_sum}:$https_sum in
		64:*[!0-9a-f]*) ;;
		64:*) return 0 ;;
	esac
	usage_error "$1: a SHA-256 has 64 hexadecimal digits, in lower case"
}

# https_get URL SUM: downloads it; sets https_file.
https_get() {
	https_file=${1%%\?*}
	https_file=${download_folder:?}/$(printf %s "${https_file##*/}" | tail -c 150)
	[ -n "$2" ] || set -- "$1" "$(download_sum "$1")"
	download "$1" "$https_file" "$2"
}

# https_begin URL[#sha256=SUM]: answers if it is known; otherwise takes the lock and downloads it.
https_begin() {
	https_check "$1"
	kernel_source=$https_url
	folder_key=${source_spec:?}
	folder_known "$folder_key"
	download_begin "$(printf %s "$source_spec" | sha256sum | cut -c 1-16)"
	# Another process may have been faster.
	folder_known "$folder_key"
	https_get "$https_url" "$https_sum"
}

source_https_check() {
	https_check "$source_spec"
}

source_https_fetch() {
	https_begin "$source_spec"
	path_deliver download "$https_url" "$https_file"
}

source_rpm_check() {
	https_check "$1"
}

source_rpm_fetch() {
	https_begin "$1"
	set -- "$https_file"
	for url in $(path_beside "$https_url"); do
		case $url in
			http:*) say "$url: refused: plain HTTP needs a checksum (#sha256=...)" ;;
			*)
				download_there "$url" || continue
				https_get "$url" ''
				set -- "$@" "$https_file"
				;;
		esac
	done
	path_deliver download "$https_url" "$@"
}
