# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The kernel that runs on this machine, with its configuration and modules. See lib/source.sh for the interface.

# shellcheck source=host-scripts/lib/source_path.sh
. "$here/lib/source_path.sh"

source_host_check() {
	[ -z "$1" ]
}

source_host_fetch() {
	release=$(uname -r)
	for file in "/boot/vmlinuz-$release" "/lib/modules/$release/vmlinuz" "/usr/lib/modules/$release/vmlinuz" \
		"/boot/kernel-$release"; do
		[ -e "$file" ] || continue
		[ -r "$file" ] || die 5 "host: $file: cannot be read; make it readable, or be root"
		kernel_source=$file
		image_name=$file
		path_tree host '' "$file"
	done
	die 5 "host: the running kernel, $release, is not to be found: no /boot/vmlinuz-$release, no /lib/modules/$release/vmlinuz"
}
