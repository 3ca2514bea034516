# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Which modules go into the guest, and in which order. run-kernel packs modules.cpio again when this file is newer.
#
#   modules_closure FOLDER
#       Prints the paths of the wanted modules and of all that they depend on, in load order, for a kernel's folder.
#       What is built in, or does not exist, is left out.
#   modules_unpack FILE OUTPUT

# Each with the reason. The channel comes first, so that a module that fails later can be reported.
modules_wanted='
	virtio_pci       every device
	virtio_console   records
	9pnet_virtio     the shared folder
	9p               the shared folder
	overlay          tests of mounts, and of files on stacked file systems
	configfs         its mount
'

modules_closure() {
	[ -d "$1/modules/lib/modules" ] || return 0
	names=$(printf '%s' "$modules_wanted" | awk 'NF { print $1 }')
	release=$(cd "$1/modules/lib/modules" && echo *)
	# An empty configuration: the host's own aliases and install lines are not for the guest. One word a module, and
	# a complaint on stderr for each that the kernel lacks.
	# shellcheck disable=SC2086
	modprobe -C /dev/null -a --show-depends -d "$1/modules" -S "$release" $names 2>/dev/null |
		awk '$1 == "insmod" { sub(/^insmod /, ""); sub(/ *$/, ""); if (!seen[$0]++) print }'
}

modules_unpack() {
	case $1 in
		*.ko) cp "$1" "$2" ;;
		*.ko.xz) xz -dc "$1" >"$2" ;;
		*.ko.gz) gzip -dc "$1" >"$2" ;;
		*.ko.zst) zstd -dcq "$1" >"$2" ;;
		*) die 5 "$1: compressed in an unknown way" ;;
	esac
}
