# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels built for CI, as images in a container registry; a tag is a version (6.6.31), a series (6.6, 6.6-main) or a
# channel (stable). Such an image has boot/vmlinuz, modules in usr/lib/modules, before 2024 in lib/modules, and those of
# tags that end in -debug boot/vmlinux. See lib/source.sh for the interface.
#
# Environment: BPFCHECK_CI_IMAGE  without the tag (default: ghcr.io/cilium/ci-kernels)

ci_image=${BPFCHECK_CI_IMAGE:-ghcr.io/cilium/ci-kernels}

source_ci_check() {
	case $1 in
		'' | [!A-Za-z0-9_]* | *[!A-Za-z0-9._-]*) return 1 ;;
	esac
}

# ci_skopeo COMMAND ARGUMENT...: returns 1 when it fails, with the reason in $ci_said.
ci_skopeo() {
	# A registry on this host has no certificate.
	verify=true
	case $ci_image in
		localhost[:/]* | 127.*) verify=false ;;
	esac
	command=$1
	shift
	case $command in
		copy) set -- copy --src-tls-verify="$verify" --retry-times 2 "$@" ;;
		inspect) set -- inspect --tls-verify="$verify" --retry-times 2 "$@" ;;
	esac
	setpriv --pdeathsig TERM skopeo --override-os linux --override-arch amd64 --tmpdir "$kernel_scratch" \
		--command-timeout 1h "$@" 2>"$kernel_scratch/said" && return
	ci_said=$(sed -n '/level=fatal/ { s/.* msg="\(.*\)"$/\1/; s/\\"/"/g; s/^Error parsing image name "[^"]*": //; p; q; }' \
		"$kernel_scratch/said")
	: "${ci_said:=$(tail -n 1 "$kernel_scratch/said")}"
	return 1
}

# ci_unpack DIGEST: of the image that skopeo has put into a folder, which it has verified.
ci_unpack() {
	say "$source_spec: downloading from $ci_image"
	# On a terminal it shows how far it is.
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
	folder_key="$source_spec $ci_image"
	folder_known "$folder_key" 360
	command -v skopeo >/dev/null ||
		die 5 "$source_spec: skopeo is not installed; 'host-scripts/setup ci' or 'apt-get install skopeo'"
	folder_begin "ci-$1" 360
	if ! ci_skopeo inspect --raw "docker://$ci_image:$1" >"$kernel_scratch/manifest"; then
		folder_memory "$folder_key"
		[ ! -f "$folder_file" ] || say "$source_spec: $ci_said; going by what was fetched before"
		folder_recall "$folder_key"
		die 5 "$source_spec: not to be had from $ci_image: $ci_said"
	fi
	digest=$(sha256sum <"$kernel_scratch/manifest")
	digest=sha256:${digest%% *}
	folder_memory "$folder_key"
	if [ -f "$folder_file" ]; then
		read -r known <"$folder_file"
		! grep -qsF "\"$digest\"" "$kernels/$known/meta.json" || folder_answer "$known"
	fi
	ci_unpack "$digest"
	kernel_from=$source_spec
	kernel_fill "$kernel_scratch/tree" "$kernel_scratch/folder"
	# Another tag may have the same release, built otherwise.
	folder_install ci "${kernel_release}__$1" image "$(json_string "$ci_image")" digest "\"$digest\""
	folder_answer "ci/${kernel_release}__$1"
}
