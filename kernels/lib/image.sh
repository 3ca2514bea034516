# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Looks into kernel images, through `testrunner image`.
#
# Reads: BPFCHECK_BUILD. image_name: messages call the image by it, if set.
# Sets: image_facts; image_compression and image_btf (yes, no or unknown: does it have BTF?).
#
#   image_check FILE
#       Sets image_facts. Dies when the file is not a kernel image, or is shorter than its header says.
#   image_fact KEY
#       Prints one of them.
#   image_extract FILE VMLINUX
#       Writes the ELF file within. Sets image_compression and image_btf. Dies when the image is damaged; returns 1 after a
#       message when this host cannot unpack it.

image_name=
image_facts=
image_compression=unknown
image_btf=unknown
image_tool=$BPFCHECK_BUILD/bin/bpfcheck

image_look() {
	[ -x "$image_tool" ] || die 5 "$image_tool: missing; run make"
	"$image_tool" image ${image_name:+--name "$image_name"} "$@"
}

image_fact() {
	printf '%s\n' "$image_facts" | sed -n "s/^$1 //p"
}

image_check() {
	# 1 is for a host that cannot unpack an image.
	image_facts=$(image_look "$1") || finish $(($? == 1 ? 5 : $?))
}

image_extract() {
	image_facts=$(image_look --unpack "$2" "$1") || {
		exit_code=$?
		[ "$exit_code" -eq 1 ] || exit "$exit_code"
		say "${image_name:-$1}: the packed image is booted, which is slower"
		return 1
	}
	image_compression=$(image_fact compression)
	image_btf=$(image_fact btf)
}
