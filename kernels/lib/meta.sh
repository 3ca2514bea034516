# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Writes a kernel's meta.json, and says which features that runs use the kernel lacks.
#
# Needs kernel.sh. Reads: kernel_scratch, kernel_release, kernel_arch, kernel_boot (fill.sh), image_btf, image_compression
# (image.sh). kernel_source: where the kernel comes from.
#
#   kernel_meta DISTRO VERSION KEY JSON...
#       Prints meta.json for kernel_scratch/folder.

kernel_source=
: "${image_btf?}" "${image_compression?}" "${kernel_scratch?}"

# Features that runs use: name, module, option. Without one of the first three there is nothing to be tested; for others
# there is a fallback, or tests that need the feature are skipped.
kernel_features='
initramfs      -              CONFIG_BLK_DEV_INITRD
bpf            -              CONFIG_BPF_SYSCALL
btf            -              CONFIG_DEBUG_INFO_BTF
virtio_pci     virtio_pci     CONFIG_VIRTIO_PCI
virtio_console virtio_console CONFIG_VIRTIO_CONSOLE
9p             9pnet_virtio   CONFIG_NET_9P_VIRTIO
overlay        overlay        CONFIG_OVERLAY_FS
'

# kernel_flavour RELEASE: the last word before the architecture (cloud, rt, aws), or generic.
kernel_flavour() {
	printf '%s\n' "$1" | sed -E 's/[-.](amd64|x86_64|arm64|aarch64)$//; s/.*-//; /^[a-z]*$/!s/.*/generic/'
}

kernel_meta() {
	meta_distro=$(json_string "$1")
	meta_version=$(json_string "$2")
	shift 2
	features=
	lacks=
	while read -r feature module option; do
		[ -n "$feature" ] || continue
		has=$(kernel_has "$kernel_scratch/folder" "$module" "$option")
		# The image is a better witness than its configuration.
		[ "$feature:$image_btf" = btf:unknown ] || [ "$feature" != btf ] || has=$image_btf
		features="$features${features:+, }\"$feature\": \"$has\""
		[ "$has" != no ] || lacks="$lacks $feature"
	done <<-END
		$kernel_features
	END
	[ -z "$lacks" ] || say "${kernel_release:?}: has no$lacks"
	image=$kernel_scratch/folder/vmlinuz
	[ -f "$image" ] || image=$kernel_scratch/folder/vmlinux
	sha256=$(sha256sum <"$image")
	json_object distro "$meta_distro" version "$meta_version" release "\"$kernel_release\"" \
		flavour "\"$(kernel_flavour "$kernel_release")\"" arch "\"${kernel_arch:?}\"" source "$(json_string "$kernel_source")" \
		sha256 "\"${sha256%% *}\"" boot "\"${kernel_boot:?}\"" compression "\"$image_compression\"" features "{$features}" "$@"
}
