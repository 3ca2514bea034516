#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run-tests --hosts: what a host sends back is not to be trusted.

# shellcheck source=tests/self/host/machines.sh
. "$(dirname "$0")/machines.sh"
# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

machines_up 1
hosts 1
run_tests 1
folder=$(echo "$results"/local/1.2.1-????????)
mkdir "$work/good"
cp "$folder"/*.* "$work/good"

# Its programs are the owner's to choose.
lying_tar() {
	program 1 tar <<-END
		#!/bin/sh
		case "\$*" in
			*-cf*) cat "$work/evil.tar" ;;
			*) exec tar.was "\$@" ;;
		esac
	END
	run_tests 1
	program_back 1 tar
}

# evil NAME REASON: instead of the results it sends $work/evil.tar.
evil() {
	lying_tar
	match "a host sends $1: INFRA, and why" "$status $out" "5 *INFRA*no host is left: root@192.0.2.1 $2*"
	kept=$(find "$results"/local/1.2.1-*/ -type f ! -name '.*' -printf '%f\n' | sort | xargs)
	is "a host sends $1: none of it is kept" "$(find "$work" -name escaped)$kept" 'junit.xml run.json'
}

sed -i 's/"kernel": "[^"]*"/"kernel": "another-kernel"/' "$work/good/run.json"
tar -C "$work/good" -cf "$work/evil.tar" .
lying_tar
match 'results of another kernel count for the one that was run' "$status $out" '0 *\[PASS\] local/1.2.1-*1 of 1*'
is 'results of another kernel: no trace of that' "$(find "$results" -name '*another-kernel*')$(grep -l another-kernel "$results"/local/*/*)" ''

BPFCHECK_RESULT_MB=1
export BPFCHECK_RESULT_MB
ln -s /etc/passwd "$work/good/serial.ndjson"
tar -C "$work/good" -cf "$work/evil.tar" .
evil 'a link' 'sends something else than results'
rm "$work/good/serial.ndjson"
tar -C "$work/good" -P --transform 's,^\./console.log,../escaped,' -cf "$work/evil.tar" .
evil 'a path out of the folder' 'sends something else than results'
tar -C "$work/good" -czf "$work/evil.tar" .
evil 'what unpacks to more' 'sends something else than results'
truncate -s 1G "$work/good/console.log"
tar -C "$work/good" -S -cf "$work/evil.tar" .
evil 'a file with holes' 'sends something else than results'
head -c 2M /dev/zero >"$work/good/console.log"
tar -C "$work/good" -cf "$work/evil.tar" .
evil 'too much' 'sends more than 1 MB'
unset BPFCHECK_RESULT_MB

printf '#!/bin/sh\nprintf "\\033[31mboo\\n" >&2\nexit 1\n' | program 1 mkdir
run_tests 1
program_back 1 mkdir
match 'what a host says is made printable' "$err" '*root@192.0.2.1: ?31mboo; this host*'

tap_done
