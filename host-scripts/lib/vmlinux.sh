# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernel images, by way of `bpfcheck image`.
#
# Needs lib/common.sh. Messages name the file, or $image_name where that is set.
#
#   image_check FILE
#       Dies when the file is no kernel image, or ends before what its header promises. Sets image_facts.
#   image_fact KEY
#       Prints one of them.
#   image_extract FILE VMLINUX
#       Writes the kernel within. Sets image_compression, and image_btf: whether it has BTF (yes or no). Dies when the
#       image is damaged; returns 1, after a message, when this host cannot unpack it.
#   vmlinux_config VMLINUX CONFIG
#       Writes the .config that CONFIG_IKCONFIG embeds; returns 1 when there is none.

image_look() {
	[ -x "$BPFCHECK_BUILD/bin/bpfcheck" ] || die 5 "$BPFCHECK_BUILD/bin/bpfcheck: missing; run make"
	"$BPFCHECK_BUILD/bin/bpfcheck" image ${image_name:+--name "$image_name"} "$@"
}

image_fact() {
	printf '%s\n' "$image_facts" | sed -n "s/^$1 //p"
}

image_check() {
	image_facts=$(image_look "$1") || {
		exit_code=$?
		# 1 is no verdict of ours.
		[ "$exit_code" -ne 1 ] || exit_code=5
		exit "$exit_code"
	}
}

image_extract() {
	image_compression=unknown
	image_btf=unknown
	image_facts=$(image_look --unpack "$2" "$1") || {
		exit_code=$?
		[ "$exit_code" -eq 1 ] || exit "$exit_code"
		say "${image_name:-$1}: the image is booted as it is, which is slower"
		return 1
	}
	image_compression=$(image_fact compression)
	image_btf=$(image_fact btf)
}

vmlinux_config() {
	image_look --config "$2" "$1" >/dev/null && [ -s "$2" ]
}
