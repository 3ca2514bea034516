# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# RPM packages at an address, with those beside it that have the modules. See lib/source.sh for the interface.

# shellcheck source=host-scripts/lib/source_https.sh
. "$here/lib/source_https.sh"

source_rpm_check() {
	https_check "$1"
}

source_rpm_fetch() {
	https_begin "$1"
	https_get "$https_url" "$https_sum"
	set -- "$https_file"
	for url in $(path_beside "$https_url"); do
		case $url in
			http:*)
				say "$url: not taken, as there is no checksum for it"
				continue
				;;
		esac
		download_ask "$url" --head --output "$download_folder/head"
		if [ "$download_status" -eq 0 ]; then
			https_get "$url" ''
			set -- "$@" "$https_file"
		fi
	done
	path_deliver download "$https_url" "$@"
}
