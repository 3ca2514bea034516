#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels at an address: servers that die, forget and lie; checksums; what is kept for the next try, and what is not.
#
# In a network of its own, where only this test's servers are.

[ "$(id -u)" -eq 0 ] && option=-n || option=-rn
if [ -z "${own_network-}" ] && unshare "$option" true 2>/dev/null; then
	exec env own_network=1 unshare "$option" sh "$0"
fi
# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"
if [ -z "${own_network-}" ]; then
	skip 'downloads' 'no network of its own to be had (unshare)'
	tap_done
	exit
fi
ip link set lo up

kernels=$BPFCHECK_BUILD/kernels
downloads=$BPFCHECK_BUILD/downloads
busybox=$BPFCHECK_BUILD/bin/busybox
site=$work/site
release=1.2.3-test
mkdir "$site"
fake_elf "$work/elf"
mkdir -p "$work/tree/boot" "$work/tree/lib/modules/$release/kernel/fs" "$work/modules/lib/modules/$release/kernel/fs"
fake_image "$work/tree/boot/vmlinuz-$release" "$release" gzip "$work/elf"
tar -C "$work/tree" -cf "$site/kernel.tar" .
sum=$(sha256sum <"$site/kernel.tar" | cut -d ' ' -f 1)
size=$(stat -c %s "$site/kernel.tar")

# One request. The folder in its path says how the server behaves; `log` has each request and where it begins.
cat >"$work/serve" <<'END'
#!/bin/sh
cd "${0%/*}/site"
read -r method path _
from=0
while read -r line && [ ${#line} -gt 1 ]; do
	case $line in
		[Rr]ange:*)
			from=${line##*=}
			from=${from%-*}
			;;
	esac
done
echo "$method $path $from" >>../log
file=${path##*/}
how=${path#/}
how=${how%%/*}
tag='"1"'
most=100000000
case $how in
	piecemeal) most=100000 ;;
	dies) [ "$from" -gt 0 ] && most=0 || most=100000 ;;
	forgets)
		from=0
		[ -e ../forgot ] || most=100000
		[ "$method" = HEAD ] || : >../forgot
		;;
	changes)
		if [ -e ../changed ]; then
			tag='"2"'
		else
			file=old.tar most=100000
			[ "$method" = HEAD ] || : >../changed
		fi
		;;
	waits) most=100000 ;;
	broken)
		printf 'HTTP/1.1 500 Not My Day\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
		exit
		;;
	down)
		printf 'HTTP/1.1 302 There\r\nLocation: http://localhost/good/%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$file"
		exit
		;;
esac
if [ ! -f "$file" ]; then
	printf 'HTTP/1.1 404 No Such Thing\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
	exit
fi
size=$(stat -c %s "$file")
if [ "$from" -gt 0 ]; then
	printf 'HTTP/1.1 206 Partial\r\nContent-Range: bytes %s-%s/%s\r\n' "$from" $((size - 1)) "$size"
else
	printf 'HTTP/1.1 200 OK\r\n'
fi
[ "$how" = endless ] || printf 'Content-Length: %s\r\n' $((size - from))
printf 'ETag: %s\r\nConnection: close\r\n\r\n' "$tag"
[ "$method" != HEAD ] || exit 0
[ "$how" != endless ] || exec cat /dev/zero
tail -c +$((from + 1)) "$file" | head -c "$most"
# Until the test has seen enough.
[ "$how" != waits ] || [ -e ../enough ] || timeout 30 cat ../gate >../gate.out
END
chmod +x "$work/serve"
mkfifo "$work/gate"
"$busybox" nc -ll -p 80 -e "$work/serve" &
plain=$!
secure=
tap_cleanup() {
	kill "$plain" ${secure:+"$secure"} 2>/dev/null || :
}

# up PORT: a server answers there.
up() {
	deadline=$(($(date +%s) + 10))
	until "$busybox" nc -w 1 localhost "$1" </dev/null >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$deadline" ] || exit 1
	done
}

# fetch URL: from an empty cache, but for what came in part.
fetch() {
	rm -rf "$kernels" "$work/forgot" "$work/changed"
	: >"$work/log"
	again "$@"
}

again() {
	run timeout 60 "$scripts/fetch-kernel" "$@"
	last=$(printf '%s\n' "$err" | tail -n 1)
}

# requested: the GETs of the kernel, and where they began.
requested() {
	sed -n 's/^GET .*kernel.tar \([0-9]*\)/\1/p' "$work/log" | tr '\n' ' '
}

# left_over: what there is besides kernels, and what came in part.
left_over() {
	find "$kernels" -maxdepth 1 -name '.new-*' 2>/dev/null || :
	find "$downloads" -type f ! -path '*/.locks/*' 2>/dev/null || :
	ls "$TMPDIR"
}

whole() {
	is "$1: exit code" "$status" 0
	match "$1: the folder" "$out" "$kernels/download/$release-????????"
	ok "$1: the image" cmp "$out/vmlinuz" "$work/tree/boot/vmlinuz-$release"
	is "$1: nothing else" "$(left_over)" ''
}

up 80
url=http://localhost/good/kernel.tar#sha256=$sum
fetch "$url"
whole 'a good server'
is 'a good server: once' "$(requested)" '0 '
ok 'its meta.json has the address' grep -q '"source": "http://localhost/good/kernel.tar"' "$out/meta.json"
: >"$work/log"
again "$url"
is 'a second time: nothing is asked' "$status:$(cat "$work/log")" 0:
again --update "$url"
is '--update: asked again' "$status:$(requested)" '0:0 '

fetch "http://localhost/piecemeal/kernel.tar#sha256=$sum"
whole 'dies time and again'
is 'dies time and again: it goes on' "$(requested | cut -d ' ' -f 1-2)" '0 100000'

fetch "http://localhost/forgets/kernel.tar#sha256=$sum"
whole 'cannot go on: from the start'

head -c "$size" /dev/urandom >"$site/old.tar"
fetch "http://localhost/changes/kernel.tar#sha256=$sum"
whole 'another file in the meantime: from the start'

fetch "http://localhost/dies/kernel.tar#sha256=$sum"
is 'dies for good: exit code' "$status" 5
match 'dies for good: the reason' "$last" 'fetch-kernel: http://localhost/dies/kernel.tar: *; the 100000 bytes that came are kept for the next try'
match 'dies for good: what is kept' "$(left_over)" '*/kernel.tar.part*'
# It comes back.
sed -i 's/^	dies) .*/	dies) ;;/' "$work/serve"
fetch "http://localhost/dies/kernel.tar#sha256=$sum"
whole 'it comes back'
is 'it comes back: it goes on' "$(requested)" '100000 '

# Faults of a file, and their messages.
echo 'this is no archive' >"$site/no.deb"
tar -C "$site" -cf "$site/empty.tar" no.deb
head -c "$((size / 2))" "$site/kernel.tar" >"$site/short.tar"
some() {
	sha256sum <"$site/$1" | cut -d ' ' -f 1
}
while read -r address said; do
	fetch "$address" </dev/null
	is "$address: exit code" "$status" 5
	match "$address: the reason" "$last" "fetch-kernel: $said"
	is "$address: nothing left" "$(left_over)" ''
done <<-END
	http://localhost/good/kernel.tar#sha256=$(some no.deb)   http://localhost/good/kernel.tar: wrong checksum: its SHA-256 is $sum instead of $(some no.deb)
	http://localhost/good/none.tar#sha256=$sum               http://localhost/good/none.tar: The requested URL returned error: 404*
	http://localhost/good/no.deb#sha256=$(some no.deb)       http://localhost/good/no.deb: cannot be unpacked: *
	http://localhost/good/empty.tar#sha256=$(some empty.tar) http://localhost/good/empty.tar: no kernel in it*
	http://localhost/good/short.tar#sha256=$(some short.tar) http://localhost/good/short.tar: cannot be unpacked: *
END
fetch "http://localhost/broken/kernel.tar#sha256=$sum"
match 'a server with an error' "$status $last" '5 fetch-kernel: http://localhost/broken/kernel.tar: The requested URL returned error: 500*'
fetch "http://localhost:81/kernel.tar#sha256=$sum"
match 'no server' "$status $last" "5 fetch-kernel: http://localhost:81/kernel.tar: Failed to connect *"
BPFCHECK_ARCHIVE_MB=1 fetch "http://localhost/endless/kernel.tar#sha256=$sum"
match 'a file without end' "$status $last" '5 fetch-kernel: http://localhost/endless/kernel.tar: larger than 1 MB (BPFCHECK_ARCHIVE_MB)'
for spec in http://localhost/good/kernel.tar http://localhost/x#sha256=12 https:// https://localhost rpm: rpm:kernel.rpm \
	"http://localhost/x#sha256=$(printf %064d 0 | tr 0 g)" 'https://localhost/a b'; do
	run "$scripts/fetch-kernel" "$spec"
	is "usage: $spec" "$status" 2
done

# Ctrl-C in the middle.
rm -rf "$kernels" "$downloads"
url=http://localhost/waits/kernel.tar#sha256=$sum
setsid env --default-signal=INT "$scripts/fetch-kernel" "$url" >/dev/null 2>&1 &
fetcher=$!
deadline=$(($(date +%s) + 10))
until [ -s "$(echo "$downloads"/*/kernel.tar.part)" ] || [ "$(date +%s)" -ge "$deadline" ]; do :; done
# As a terminal does: all that belong together.
kill -INT "-$fetcher"
wait "$fetcher" && status=0 || status=$?
is 'Ctrl-C: exit code' "$status" 130
: >"$work/enough"
# shellcheck disable=SC2016 # for that shell
timeout 10 sh -c 'echo >"$1"' sh "$work/gate" || :
sed -i 's/^	waits) .*/	waits) ;;/' "$work/serve"
fetch "$url"
whole 'after Ctrl-C'
ok 'after Ctrl-C: it goes on' test "$(requested)" -gt 0

# Two at once download it once.
rm -rf "$kernels" "$downloads"
: >"$work/log"
url=http://localhost/good/kernel.tar#sha256=$sum
"$scripts/fetch-kernel" "$url" >"$work/one" 2>/dev/null &
one=$!
"$scripts/fetch-kernel" "$url" >"$work/two" 2>/dev/null &
wait "$one" $!
is 'two at once: the same folder' "$(cat "$work/one")" "$(cat "$work/two")"
is 'two at once: once' "$(requested)" '0 '

if mkdir -p "$work/small/downloads" && mount -t tmpfs -o size=150k small "$work/small/downloads" 2>/dev/null; then
	cp -r "$BPFCHECK_BUILD/bin" "$work/small/"
	BPFCHECK_BUILD=$work/small again "$url"
	is 'a full disk: exit code' "$status" 5
	match 'a full disk: the reason' "$last" 'fetch-kernel: */kernel.tar: cannot be written, the disk is full or broken*'
	umount "$work/small/downloads"
else
	skip 'a full disk' 'it takes root to mount one'
fi

# TLS: what is published beside a file is believed.
if ! openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost \
	-addext 'subjectAltName=DNS:localhost' 2>/dev/null; then
	skip https 'no openssl'
	tap_done
	exit
fi
cat "$work/key.pem" "$work/cert.pem" >"$work/both.pem"
printf '#!/bin/sh\nexec "%s" ssl_server -f "%s" "%s"\n' "$busybox" "$work/both.pem" "$work/serve" >"$work/serve-tls"
chmod +x "$work/serve-tls"
"$busybox" nc -ll -p 443 -e "$work/serve-tls" &
secure=$!
up 443
url=https://localhost/good/kernel.tar
fetch "$url"
match 'a certificate of nobody' "$status $last" "5 fetch-kernel: $url: ?*"
CURL_CA_BUNDLE=$work/cert.pem
export CURL_CA_BUNDLE
fetch "$url"
whole 'https, no checksum'
echo "$sum" >"$site/kernel.tar.sha256"
fetch "$url"
whole 'https, URL.sha256'
rm "$site/kernel.tar.sha256"
printf '%064d  other.tar\n%s *kernel.tar\n' 0 "$sum" >"$site/SHA256SUMS"
fetch "$url"
whole 'https, SHA256SUMS'
printf '%064d  kernel.tar\n' 0 >"$site/SHA256SUMS"
fetch "$url"
match 'https, SHA256SUMS of another file' "$status $last" "5 fetch-kernel: $url: wrong checksum: *"
fetch "$url#sha256=$sum"
whole 'https, the checksum of the spec counts'
fetch https://localhost/down/kernel.tar
match 'https, a redirect to http' "$status $last" '5 fetch-kernel: https://localhost/down/kernel.tar: *'

# An .rpm is a lead, two headers, here without entries, and a cpio archive.
rpm() {
	{
		printf '\355\253\356\333\003\000'
		head -c 90 /dev/zero
		printf '\216\255\350\001\000\000\000\000\000\000\000\000\000\000\000\000'
		printf '\216\255\350\001\000\000\000\000\000\000\000\000\000\000\000\000'
		(cd "$1" && find . | cpio -o -H newc --quiet | xz)
	} >"$site/$2.rpm"
}
rm "$site/SHA256SUMS"
rpm "$work/tree" kernel-core-1.2.3-1.fc43.x86_64
: >"$work/modules/lib/modules/$release/modules.builtin"
: >"$work/modules/lib/modules/$release/modules.order"
: >"$work/modules/lib/modules/$release/kernel/fs/here"
rpm "$work/modules" kernel-modules-core-1.2.3-1.fc43.x86_64
fetch rpm:https://localhost/good/kernel-core-1.2.3-1.fc43.x86_64.rpm
whole rpm
ok 'rpm: modules, from the package beside it' test -f "$out/modules/lib/modules/$release/kernel/fs/here"
run "$scripts/fetch-kernel" "$site/kernel-core-1.2.3-1.fc43.x86_64.rpm"
ok 'a path: likewise' test -f "$out/modules/lib/modules/$release/kernel/fs/here"
tap_done
