# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches kernels that are published for CI as images in a container registry. A tag is a version (6.6.31), a series (6.6,
# 6.6-main) or a channel (stable). lib/source.sh describes the interface.
#
# An image has boot/vmlinuz, and modules in usr/lib/modules (before 2024: lib/modules); with a tag that ends in -debug also
# boot/vmlinux.
#
# Needs lib/archive.sh, lib/folder.sh. Reads: kernels, kernel_scratch, kernel_release, source_spec, and BPFCHECK_CI_IMAGE:
# the image without its tag. Sets: archive_name, folder_key, kernel_from.

ci_image=${BPFCHECK_CI_IMAGE:-ghcr.io/cilium/ci-kernels}

source_ci_check() {
	case $1 in
		'' | [!A-Za-z0-9_]* | *[!A-Za-z0-9._-]*) return 1 ;;
	esac
}

# ci_skopeo COMMAND ARGUMENT...: returns 1 when it fails; the reason is in ci_said.
ci_skopeo() {
	verify=--tls-verify=true
	# A registry on this host has no certificate.
	case $ci_image in
		localhost[:/]* | 127.*) verify=--tls-verify=false ;;
	esac
	command=$1
	shift
	[ "$command" != copy ] || verify=--src-${verify#--}
	setpriv --pdeathsig TERM skopeo --override-os linux --override-arch amd64 --tmpdir "$kernel_scratch" \
		--command-timeout 1h "$command" "$verify" --retry-times 2 "$@" 2>"${kernel_scratch:?}/said" && return
	ci_said=$(sed -n '/level=fatal/ { s/.* msg="\(.*\)"$/\1/; s/\\"/"/g; s/^Error parsing image name "[^"]*": //; p; q; }' \
		"$kernel_scratch/said")
	: "${ci_said:=$(tail -n 1 "$kernel_scratch/said")}"
	return 1
}

# ci_unpack DIGEST: skopeo verifies the image and puts it into a folder.
ci_unpack() {
	say "${source_spec:?}: downloading from $ci_image"
	quiet=--quiet
	[ ! -t 2 ] || quiet=
	ci_skopeo copy $quiet "docker://$ci_image@$1" "dir:$kernel_scratch/image" >&2 ||
		die 5 "$source_spec: cannot be downloaded: $ci_said"
	ci_skopeo inspect --format '{{range .Layers}}{{println .}}{{end}}' "dir:$kernel_scratch/image" \
		>"$kernel_scratch/layers" || die 5 "$source_spec: not an image: $ci_said"
	archive_name=$source_spec
	while read -r layer; do
		[ -z "$layer" ] || kernel_unpack "$kernel_scratch/image/${layer#*:}"
	done <"$kernel_scratch/layers"
}

source_ci_fetch() {
	folder_key="${source_spec:?} $ci_image"
	folder_known "$folder_key" 360
	command -v skopeo >/dev/null ||
		die 5 "$source_spec: skopeo is not installed; 'host-scripts/setup ci' or 'apt-get install skopeo'"
	folder_begin "ci-$1" 360
	folder_memory "$folder_key"
	if ! ci_skopeo inspect --raw "docker://$ci_image:$1" >"${kernel_scratch:?}/manifest"; then
		[ ! -f "${folder_file:?}" ] || say "$source_spec: $ci_said; using the kernel that was fetched before"
		folder_recall "$folder_key"
		die 5 "$source_spec: not to be had from $ci_image: $ci_said"
	fi
	digest=sha256:$(sha256sum <"$kernel_scratch/manifest" | cut -d ' ' -f 1)
	if [ -f "$folder_file" ]; then
		read -r known <"$folder_file"
		! grep -qsF "\"$digest\"" "${kernels:?}/$known/meta.json" || folder_answer "$known"
	fi
	ci_unpack "$digest"
	kernel_from=$source_spec
	kernel_fill "$kernel_scratch/tree" "$kernel_scratch/folder"
	# Another tag may have the same release, built otherwise.
	set -- ci "${kernel_release:?}__$1"
	folder_install "$@" image "$(json_string "$ci_image")" digest "\"$digest\""
	folder_answer "$1/$2"
}
