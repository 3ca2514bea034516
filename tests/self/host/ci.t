#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels from a container registry, as skopeo gets them. The registry is the reference one, on loopback.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"
# shellcheck source=tests/self/host/server.sh
. "$(dirname "$0")/server.sh"

kernels=$BPFCHECK_BUILD/kernels
fake_elf "$work/elf"
layout=$work/layout
mkdir -p "$layout/blobs/sha256"
echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"

# blob FILE TYPE [JSON]: moves it into the layout, and prints what a manifest says of it.
blob() {
	digest=$(sha256sum <"$1")
	digest=${digest%% *}
	printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%d%s}' "$2" "$digest" \
		"$(stat -c %s "$1")" "${3-}"
	mv "$1" "$layout/blobs/sha256/$digest"
}

# manifest ARCHITECTURE LAYER...: of an image with these folders as layers.
manifest() {
	architecture=$1
	shift
	layers=
	ids=
	for layer; do
		tar -C "$layer" -cf "$work/layer" .
		ids="$ids${ids:+,}\"sha256:$(sha256sum <"$work/layer" | cut -d ' ' -f 1)\""
		gzip -nf "$work/layer"
		layers="$layers${layers:+,}$(blob "$work/layer.gz" layer.v1.tar+gzip)"
	done
	printf '{"architecture":"%s","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[%s]}}' "$architecture" "$ids" \
		>"$work/config"
	printf '{"schemaVersion":2,"config":%s,"layers":[%s]}' "$(blob "$work/config" config.v1+json)" "$layers" >"$work/manifest"
	blob "$work/manifest" manifest.v1+json ",\"platform\":{\"architecture\":\"$architecture\",\"os\":\"linux\"}"
}

# tag NAME MANIFEST...: pushes an image for several architectures.
tag() {
	name=$1
	shift
	printf '{"schemaVersion":2,"manifests":[%s]}' "$(
		IFS=,
		printf %s "$*"
	)" >"$work/index"
	printf '{"schemaVersion":2,"manifests":[%s]}' "$(blob "$work/index" index.v1+json)" >"$layout/index.json"
	skopeo copy --quiet --all --dest-tls-verify=false "oci:$layout" "docker://$BPFCHECK_CI_IMAGE:$name"
}

# kernel RELEASE: a layer with it.
kernel() {
	rm -rf "$work/kernel"
	mkdir -p "$work/kernel/boot" "$work/kernel/usr/lib/modules/$1/kernel/fs"
	ln -s usr/lib "$work/kernel/lib"
	fake_image "$work/kernel/boot/vmlinuz" "$1" gzip "$work/elf"
	touch "$work/kernel/usr/lib/modules/$1/modules.order" "$work/kernel/usr/lib/modules/$1/modules.builtin"
}

fetch() {
	run "$scripts/fetch-kernel" "$@"
	out=${out#"$kernels/"}
}

cp -rs /usr/bin "$work/bin"
rm -f "$work/bin/skopeo"
run env PATH="$work/bin" "$scripts/fetch-kernel" ci:6.6
is 'without skopeo: exit code' "$status" 5
match 'without skopeo: what is to be done' "$err" "*skopeo is not installed; 'host-scripts/setup ci'*"
registry=$(unpacked docker-registry)/usr/bin/docker-registry
if ! command -v skopeo >/dev/null || ! [ -x "$registry" ]; then
	skip 'kernels from a registry' 'needs skopeo, and docker-registry from the mirror'
	tap_done
	exit
fi

cat >"$work/registry.yml" <<-EOF
	version: 0.1
	log: { level: error }
	storage: { filesystem: { rootdirectory: "$work/registry" } }
	http: { addr: "127.0.0.1:0" }
EOF
# shellcheck disable=SC2016 # for server_run
server_run v2/ 'env REGISTRY_HTTP_ADDR="127.0.0.1:$port" "$registry" serve "$work/registry.yml"'
BPFCHECK_CI_IMAGE=${server#http://}/cilium/ci-kernels
export BPFCHECK_CI_IMAGE
kernel 6.6.157
amd64=$(manifest amd64 "$work/kernel")
mkdir "$work/other"
arm64=$(manifest arm64 "$work/other")
tag 6.6 "$arm64" "$amd64"
fetch ci:6.6
is 'an image of two architectures: exit code' "$status" 0
is 'an image of two architectures: the kernel' "$out" ci/6.6.157__6.6
for file in vmlinuz vmlinux modules/lib/modules/6.6.157/modules.dep modules.cpio; do
	ok "its folder has $file" test -f "$kernels/ci/6.6.157__6.6/$file"
done
match 'its names' "$(tr -d '\n\t' <"$kernels/$out/meta.json")" \
	"{\"distro\": \"ci\",\"version\": \"6.6.157__6.6\",\"release\": \"6.6.157\",*\"source\": \"ci:6.6\",*"
fetch ci:6.6
is 'a second time: at once' "$out:$err" ci/6.6.157__6.6:
before=$(stat -c %z "$kernels/ci/6.6.157__6.6/meta.json")
fetch --update ci:6.6
is 'the tag has not moved: not downloaded again' "$(stat -c %z "$kernels/$out/meta.json")" "$before"

# Two layers, and a moved tag.
kernel 6.6.158
mv "$work/kernel/usr" "$work/other/usr"
tag 6.6 "$(manifest amd64 "$work/kernel" "$work/other")"
fetch ci:6.6
is 'a tag that has moved: not before it is asked for' "$out" ci/6.6.157__6.6
fetch --update ci:6.6
is 'a tag that has moved: the new one' "$status:$out" 0:ci/6.6.158__6.6
ok 'two layers: both are unpacked' test -f "$kernels/$out/modules/lib/modules/6.6.158/modules.dep"

# Six hours later it is asked for: again and again used does not make it younger.
known=$(grep -lFx ci/6.6.158__6.6 "$kernels"/.known/*)
touch -d '5 hours ago' "$known"
fetch ci:6.6
is 'five hours later: at once' "$out:$err" ci/6.6.158__6.6:
is 'five hours later: that is when it was asked' "$(find "$known" -mmin +299)" "$known"
kernel 6.6.159
tag 6.6 "$(manifest amd64 "$work/kernel")"
touch -d '7 hours ago' "$known"
fetch ci:6.6
is 'seven hours later: the new one' "$status:$out" 0:ci/6.6.159__6.6

fetch ci:6.7
is 'no such tag: exit code' "$status" 5
match 'no such tag: said in one line' "$err" 'fetch-kernel: ci:6.7: not to be had from *6.7*'
tag 6.8 "$arm64"
fetch ci:6.8
is 'not for this architecture: exit code' "$status" 5
tag 6.9 "$(manifest amd64 "$work/other")"
fetch ci:6.9
is 'no kernel in it: exit code' "$status" 5
kernel 6.10.1
tag 6.10 "$(manifest amd64 "$work/kernel")"
find "$work/registry" -name data -size +50k -exec sh -c 'for file; do printf x >>"$file"; done' sh {} +
fetch ci:6.10
is 'damaged: exit code' "$status" 5
server_end
fetch --update ci:6.6
is 'no registry: the one from before' "$status:$out" 0:ci/6.6.159__6.6
fetch ci:6.10
is 'no registry: exit code' "$status" 5
for spec in ci: ci:6.6/x 'ci:6.6 ' ci:-6 ci:..; do
	fetch "$spec"
	is "$spec: usage" "$status" 2
done
is 'nothing half-made is left' "$(find "$kernels" -maxdepth 1 -name '.new-*')" ''
tap_done
