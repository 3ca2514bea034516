#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run-tests -d and -m with stand-ins for kernels and QEMU: which kernels a tree or an archive has, wherever it is, and
# under which names they are reported; and that names of others' making do no harm.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"
# shellcheck source=tests/self/host/server.sh
. "$(dirname "$0")/server.sh"

QEMU=$work/qemu
export QEMU
fake_qemu "$QEMU"
fake_elf "$work/elf"
results=$work/results
tree="$work/a tree"
ids=935484e5841bc500dea24692ee242c51513b5c8__06f8afb18db65cd79c2f51f767dfe8afb18db65cd79c2f51f767dfe06f8afb18db65cd79c2f5

# kernel DISTRO VERSION__IDENTIFIERS [RELEASE]: an archive in the tree.
kernel() {
	mkdir -p "$tree/$1" "$work/pack"
	fake_image "$work/pack/vmlinuz" "${3:-${2%%__*}}" gzip "$work/elf"
	tar -C "$work/pack" -czf "$tree/$1/$2.tar.gz" vmlinuz
}

run_tests() {
	: >"$work/started"
	rm -rf "$results"
	run "$scripts/run-tests" --accel tcg --results "$results" "$@"
}

# summary: the lines of the summary file, without what comes after the names.
summary() {
	sed -n '3,$s/^\([^ ]* [^ ]*\).*/\1/p' "$results/bpf-check-summary.txt" | grep . | tr '\n' ';'
}

kernel fedora "5.14.10-300.fc35.x86_64__0$ids"
kernel fedora "5.14__1$ids"
kernel fedora "5.14.3__1$ids"
kernel fedora '5.8.15-301.fc33.x86_64__8a'
kernel amazonlinux2 '5.10.29-27.amzn2.x86_64__2'
kernel amazonlinux2 '5.10.102-99.amzn2.x86_64__1'
kernel fedora '5.14.10-300.fc35.aarch64__1'
echo 'not a kernel' >"$tree/README"
echo 'not a kernel' >"$tree/fedora/README"
all="amazonlinux2 (2;[PASS] 5.10.29-27.amzn2.x86_64__2;[PASS] 5.10.102-99.amzn2.x86_64__1;fedora (4;\
[PASS] 5.8.15-301.fc33.x86_64__8a;[PASS] 5.14__1$ids;[PASS] 5.14.3__1$ids;[PASS] 5.14.10-300.fc35.x86_64__0$ids;"

run_tests -d "$tree" -j2
is 'a tree: exit code' "$status" 0
is 'a tree: the summary, groups and order' "$(summary)" "$all"
match 'a tree: on the terminal, in full' "$out" "*\\[PASS\\] fedora/5.14.10-300.fc35.x86_64__0$ids *"
ok 'a tree: a folder for each' test -f "$results/fedora/5.14__1$ids/run.json"
ok 'a tree: a console for each' test -f "$results/fedora/5.14__1$ids.txt"
match 'a tree: what is left out is said' "$err" '*left out: 1 for other processors*'
run "$scripts/fetch-kernel" "tree:$tree/fedora/5.8.15-301.fc33.x86_64__8a.tar.gz"
is 'one of it: its names' "$(sed -n 's/^.*"\(distro\|version\|release\)": //p' "$out/meta.json" | tr '\n' ' ')" \
	'"fedora", "5.8.15-301.fc33.x86_64__8a", "5.8.15-301.fc33.x86_64", '
is 'one of it: remembered' "$err" ''

# As one of several sources.
fake_image "$work/own" 9.9.9 gzip "$work/elf"
run_tests "--tree" "$tree" "$work/own" --shard 3/3
is 'a shard of a tree and another kernel' "$(grep -c '^\[PASS\]' "$results/bpf-check-summary.txt")" 2
cp "$results/bpf-check-summary.txt" "$work/before"
run "$scripts/run-tests" --accel tcg --results "$results" --resume "--tree" "$tree" "$work/own" --shard 3/3
match 'resumed: nothing to do' "$err" '*2 of 2 kernels have complete results*'
kernel fedora '5.8.15-301.fc33.x86_64__8a' 5.8.15
run "$scripts/fetch-kernel" "tree:$tree/fedora/5.8.15-301.fc33.x86_64__8a.tar.gz"
ok 'a file that has changed is another kernel' grep -q '"release": "5.8.15"' "$out/meta.json"
mkdir -p "$work/other/fedora"
cp "$tree/fedora/5.8.15-301.fc33.x86_64__8a.tar.gz" "$work/other/fedora/"
run "$scripts/run-tests" --accel tcg --results "$results" -d "$work/other"
kernel fedora '5.8.15-301.fc33.x86_64__8a'
cp "$tree/fedora/5.8.15-301.fc33.x86_64__8a.tar.gz" "$work/other/fedora/again"
mkdir -p "$work/third/fedora"
mv "$work/other/fedora/again" "$work/third/fedora/5.8.15-301.fc33.x86_64__8a.tar.gz"
run "$scripts/fetch-kernel" "tree:$work/third/fedora/5.8.15-301.fc33.x86_64__8a.tar.gz"
run "$scripts/run-tests" --accel tcg --results "$results" -d "$work/other"
run "$scripts/run-tests" --accel tcg --results "$results" --resume -d "$work/third"
match 'resumed: the same name of another tree is run' "$err" '*running 1 kernels*'
run_tests -d "$work/other" -d "$work/third"
is 'two of one name: exit code' "$status" 2
match 'two of one name: said' "$err" '*fedora/5.8.15-301.fc33.x86_64__8a: *'

# A web server's.
server_start "$work/www"
mkdir -p "$work/www/kernels/fedora" "$work/www/kernels/amazonlinux2"
cp "$tree"/fedora/5.14.3__* "$tree"/fedora/5.14__* "$work/www/kernels/fedora/"
cp "$tree"/amazonlinux2/5.10.29* "$work/www/kernels/amazonlinux2/"
web="amazonlinux2 (1;[PASS] 5.10.29-27.amzn2.x86_64__2;fedora (2;[PASS] 5.14__1$ids;[PASS] 5.14.3__1$ids;"
(cd "$work/www/kernels" && find . -name '*.gz') >"$work/www/kernels/list.txt"
run_tests -d "$server/kernels/list.txt"
is 'a list of paths: exit code' "$status" 0
is 'a list of paths: the summary' "$(summary)" "$web"
{
	echo '<html><body><h1>Index of /kernels</h1><a href="?C=N;O=D">Name</a> <a href="/">Parent Directory</a>'
	echo '<a href="fedora/">fedora/</a> <A class="x" HREF="/kernels/amazonlinux2/">amazonlinux2/</a> <a href="list.txt">list</a>'
} >"$work/www/kernels/index.html"
for distro in fedora amazonlinux2; do
	(cd "$work/www/kernels/$distro" && printf '<a href="%s">x</a>\n' ../ README ./*.gz ./*.gz | sed 's/__1/%5F%5f1/') >"$work/index.html"
	mv "$work/index.html" "$work/www/kernels/$distro/"
done
rm -rf "$BPFCHECK_BUILD/kernels"
run_tests -d "$server/kernels"
is 'pages with links: exit code' "$status" 0
is 'pages with links: the summary' "$(summary)" "$web"
printf '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>fedora/</Key></Contents>%s</ListBucketResult>' \
	"<Contents><Key>fedora/5.14__1$ids.tar.gz</Key><Size>1</Size></Contents>" >"$work/www/kernels/bucket.xml"
run_tests -d "$server/kernels/bucket.xml"
is 'a bucket: the summary' "$(summary)" "fedora (1;[PASS] 5.14__1$ids;"
sed -i 's/false/true/' "$work/www/kernels/bucket.xml"
run_tests -d "$server/kernels/bucket.xml"
is 'a bucket whose list is cut off: exit code' "$status" 5
rm -r "$BPFCHECK_BUILD/kernels" "$work/www/kernels/fedora/5.14.3__1$ids.tar.gz"
run_tests -d "$server/kernels/list.txt"
is 'listed and not there: exit code' "$status" 5
is 'listed and not there: the others are run' "$(summary)" "${web%PASS*}INFRA] 5.14.3__1$ids;"
run_tests -d "$server/nowhere"
is 'no such page: exit code' "$status" 5
run_tests -d "http://127.0.0.1:1/"
is 'no such server: exit code' "$status" 5
server_end

# listed: the kernels of $work/names, a list of paths from the web.
server_start "$work/www"
listed() {
	cp "$work/names" "$work/www/kernels/names.txt"
	run "$scripts/run-tests" --list -d "$server/kernels/names.txt"
	err=$(printf '%s\n' "$err" | sed /downloading/d)
}

# Names of others' making.
for line in 'fedora/../../5.8__1.tar.gz' '../5.8__1.tar.gz' '/etc/5.8__1.tar.gz' 'fedora/5.8 1__1.tar.gz' 'fedora/5.8;1__1.tar.gz' \
	'.fedora/5.8__1.tar.gz' 'fedora/.5.8__1.tar.gz' 'fedora/5.8%2f..__1.tar.gz' 'https://elsewhere.example/a/5.8__1.tar.gz' \
	'fedora/%2e%2e/5.8__1.tar.gz' "fedora/5.8$(printf '\033')[2J__1.tar.gz" "fedora/$(printf %0250d 1).tar.gz" \
	"fedora/5.8__1.tar.gz
fedora/5.8__1.tgz"; do
	echo "$line" >"$work/names"
	listed
	shown=$(printf %.30s "$line" | tr '\033\n' '??')
	is "a list with $shown: exit code" "$status" 5
	is "a list with $shown: one line" "$(printf '%s\n' "$err" | grep -c .)" 1
done
for name in 'fed ora/5.8__1' 'fedora/5.8 __1' "fedora/5.8
__1" "fedora/5.8$(printf '\001')__1" 'fedora/-5.8__1'; do
	rm -rf "$work/odd"
	mkdir -p "$work/odd/${name%%/*}"
	cp "$tree/fedora/5.8.15-301.fc33.x86_64__8a.tar.gz" "$work/odd/$name.tar.gz"
	run_tests -d "$work/odd"
	is "a tree with '$(printf %s "$name" | tr '\n\001' '??')': exit code" "$status" 5
done
mkdir "$work/empty"
for arguments in '-d empty' '-d nowhere' '-d' '-m' '-m nowhere.tar' '-m empty.tar'; do
	tar -C "$work/empty" -cf "$work/empty.tar" .
	# shellcheck disable=SC2086 # a list of words
	(cd "$work" && exec "$scripts/run-tests" $arguments >/dev/null 2>"$work/said" </dev/null) && status=0 || status=$?
	is "usage: run-tests $arguments" "$status" 2
	is "usage: run-tests $arguments: one line" "$(wc -l <"$work/said")" 1
done
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "distro%d/5.%d.%d__%x.tar.gz\n", i % 7, i / 100, i % 100, i * 7919 }' \
	>"$work/names"
start=$(date +%s)
listed
is '10,000 kernels are listed' "$(printf '%s\n' "$out" | wc -l)" 10000
ok '10,000 kernels are listed within 3 s' test $(($(date +%s) - start)) -le 3
server_end

# Mainline kernels, in the layouts that there are.
mkdir "$work/mainline-kernels"
cd "$work"
for version in 5.8 5.10.16 5.10 6.6-rc1 6.6; do
	fake_image "mainline-kernels/bzImage-v$version" "$version.0" gzip "$work/elf"
done
cp mainline-kernels/bzImage-v5.8 mainline-kernels/linux-x86_64-5.9
echo 'not a kernel' >mainline-kernels/config-5.9
echo 'not for here' >mainline-kernels/linux-aarch64-5.9
tar -cf mainline-kernels.tar mainline-kernels
run_tests -m -j2
is 'mainline kernels: exit code' "$status" 0
is 'mainline kernels: the summary' "$(summary)" \
	'mainline (6;[PASS] 5.8;[PASS] 5.9;[PASS] 5.10;[PASS] 5.10.16;[PASS] 6.6-rc1;[PASS] 6.6;'
tar -C mainline-kernels -cJf 'some more.tar.xz' ./bzImage-v5.8
run_tests -m 'some more.tar.xz' "$work/own" -d "$work/third"
is 'with others: the summary' "$(summary | sed 's/local (1;.*;m/m/')" \
	'fedora (1;[PASS] 5.8.15-301.fc33.x86_64__8a;mainline (1;[PASS] 5.8;'
run_tests -m "$work/own"
is 'without a file, a kernel after it' "$(summary | grep -o '(.')" '(1
(6'
printf '%s\n' "member:$work/mainline-kernels.tar/mainline-kernels/bzImage-v5.10 # one" >"$work/matrix"
run_tests --matrix "$work/matrix"
is 'one of them, in a matrix' "$(summary)" 'mainline (1;[PASS] 5.10;'
head -c 60000 mainline-kernels/bzImage-v5.8 >mainline-kernels/bzImage-5.7
tar -cf mainline-kernels.tar mainline-kernels/bzImage-5.7 mainline-kernels/bzImage-v6.6
run_tests -m
is 'a damaged member: exit code' "$status" 5
is 'a damaged member: the other is run' "$(summary)" 'mainline (2;[INFRA] 5.7;[PASS] 6.6;'
cp mainline-kernels/bzImage-v5.8 mainline-kernels/bzImage-5.8
tar -cf mainline-kernels.tar mainline-kernels/bzImage-v5.8 mainline-kernels/bzImage-5.8
run_tests -m
is 'a version twice: exit code' "$status" 5
tar -cf mainline-kernels.tar mainline-kernels/bzImage-v5.8
tar -rf mainline-kernels.tar mainline-kernels/bzImage-v5.8
run_tests -m
is 'a member twice: exit code' "$status" 5
tar -P --transform 's,^,../,' -cf mainline-kernels.tar mainline-kernels/bzImage-v5.8
run_tests -m
is 'a member above: exit code' "$status" 5
ln -s /etc/passwd mainline-kernels/bzImage-5.6
tar -cf mainline-kernels.tar mainline-kernels/bzImage-5.6
run_tests -m
is 'a link: exit code' "$status" 5
head -c 100000 'some more.tar.xz' >mainline-kernels.tar
run_tests -m
is 'a truncated archive: exit code' "$status" 5
is 'no scratch is left' "$(ls "$TMPDIR")" ''
is 'nothing half-made is left' "$(find "$BPFCHECK_BUILD/kernels" -maxdepth 1 -name '.new-*')" ''
tap_done
