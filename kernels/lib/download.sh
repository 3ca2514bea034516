# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Downloads over HTTP. When the server dies or the script ends, the bytes that came stay in FILE.part, and the next try
# continues there, if the server can, and if its ETag or date (in FILE.part.tag) says that the file is still the same.
#
# Reads: BPFCHECK_BUILD, archive_mb (archive.sh), which also limits a download. Sets: download_folder. The script's
# cleanup() calls download_cleanup.
#
#   download URL FILE [SHA256]
#       Makes FILE, unless it is there. The caller has a lock on it. Dies (5) on failure, and when the checksum is another.
#   download_there URL
#       Whether the server has it.
#   download_begin NAME
#       Waits for other processes that download for NAME. Sets download_folder, for files that are needed until the script
#       ends. download_cleanup leaves only incomplete downloads in it, for a week.
#   download_sum URL
#       Prints the SHA-256 that is published beside the file, in URL.sha256, or SHA256SUMS or sha256sums.asc of its folder;
#       nothing if there is none.

download_folder=
: "${archive_mb:?}"

download_cleanup() {
	[ -n "$download_folder" ] || return 0
	find "$download_folder" -type f ! -name '*.part' ! -name '*.part.tag' -delete
	for tag in "$download_folder"/*.part.tag; do
		[ -s "${tag%.tag}" ] || rm -f "$tag" "${tag%.tag}"
	done
	rmdir "$download_folder" 2>/dev/null || :
}

download_begin() {
	lock 8 "$BPFCHECK_BUILD/downloads/.locks/$1" "$1"
	download_folder=$BPFCHECK_BUILD/downloads/$1
	mkdir -p "$download_folder"
	find "$BPFCHECK_BUILD/downloads" -name '*.part*' -mtime +7 -delete
}

# download_curl URL ARGUMENT...: a server that is slower than 1 KB/s for half a minute is dead.
download_curl() {
	meter=--silent
	[ ! -t 2 ] || meter=--progress-bar
	# No redirect may lead from https to http.
	protocols='=http,https'
	[ "${1#https:}" = "$1" ] || protocols='=https'
	prlimit --fsize=$((archive_mb * 1048576)) curl --disable "$meter" --fail --globoff --location --max-redirs 10 \
		--proto "$protocols" --connect-timeout 20 --speed-limit 1000 --speed-time 30 "$@"
}

# download_ask URL ARGUMENT...: sets download_status, download_error, and download_code, HTTP's status.
download_ask() {
	download_status=0
	download_error=$(download_curl "$@" --write-out '%{http_code} %{errormsg}') || download_status=$?
	download_code=${download_error%% *}
	download_error=${download_error#* }
}

download_there() {
	download_ask "$1" --head --silent --output /dev/null
	[ "$download_status" -eq 0 ]
}

# download_size FILE
download_size() {
	stat -c %s "$1" 2>/dev/null || echo 0
}

# download_tag FILE: of HTTP headers, the ETag or the date. A weak ETag can stand for several files.
download_tag() {
	awk '
		{ sub(/\r$/, "") }
		/^HTTP\// { tag = date = "" }
		tolower($1) == "etag:" && $2 !~ /^W/ { tag = $2 }
		tolower($1) == "last-modified:" { sub(/^[^ ]* /, ""); date = $0 }
		END { if (tag date) print (tag ? tag : date) }' "$1" 2>/dev/null || :
}

# download_try URL PART: sets download_status and download_error.
download_try() {
	download_ask "$1" --head --output "$2.head"
	[ "$download_status" -eq 0 ] || [ "$download_status" -eq 22 ] || return 0
	download_tag "$2.head" >"$2.tag.new"
	# Without a tag, nobody knows whether the file has changed.
	{ [ -s "$2.tag.new" ] && cmp -s "$2.tag" "$2.tag.new"; } || rm -f "$2"
	mv "$2.tag.new" "$2.tag"
	rm -f "$2.head"
	download_ask "$1" --output "$2" --continue-at -
	case $download_status:$download_code in
		# The server cannot continue, or there is nothing left: from the start.
		33:* | *:416) rm -f "$2" ;;
		22:408 | 22:429 | 22:5??) ;;
		22:*) die 5 "$1: $download_error" ;;
	esac
}

# download_get URL PART: the whole file, in 20 tries at most. Three in a row that bring nothing are the end.
download_get() {
	dead=0
	tries=0
	while :; do
		before=$(download_size "$2")
		download_try "$1" "$2"
		case $download_status in
			0) return 0 ;;
			23) die 5 "${2%.part}: cannot be written, the disk is full or broken: $download_error" ;;
			153) die 5 "$1: larger than $archive_mb MB (BPFCHECK_ARCHIVE_MB)" ;;
			5 | 6 | 7 | 18 | 22 | 28 | 33 | 35 | 52 | 55 | 56 | 92) ;;
			*) die 5 "$1: $download_error" ;;
		esac
		tries=$((tries + 1))
		dead=$((dead + 1))
		[ "$(download_size "$2")" -le "$before" ] || dead=0
		if [ "$dead" -ge 3 ] || [ "$tries" -ge 20 ]; then
			[ ! -s "$2" ] || download_error="$download_error; the $(download_size "$2") bytes that came are kept for the next try"
			die 5 "$1: $download_error"
		fi
		say "$download_error; trying again"
		sleep "$dead"
	done
}

download() {
	[ ! -f "$2" ] || return 0
	mkdir -p "${2%/*}"
	say "downloading $1"
	download_get "$1" "$2.part"
	sum=$(sha256sum <"$2.part")
	[ "${3:-${sum%% *}}" = "${sum%% *}" ] || {
		rm -f "$2.part" "$2.part.tag"
		die 5 "$1: wrong checksum: its SHA-256 is ${sum%% *} instead of $3"
	}
	mv "$2.part" "$2"
	rm -f "$2.part.tag"
}

download_sum() {
	plain=${1%%[?#]*}
	for list in "$plain.sha256" "${plain%/*}/SHA256SUMS" "${plain%/*}/sha256sums.asc"; do
		sum=$(download_curl "$list" --silent --max-time 60 | head -c 10000000 | awk -v name="${plain##*/}" '
			# As sha256sum writes it, bare, or as BSD does.
			$1 == "SHA256" && $2 == "(" name ")" { $1 = $4; $2 = name }
			length($1) == 64 && $1 !~ /[^0-9a-f]/ && ($2 == name || $2 == "*" name || (NF == 1 && NR == 1)) {
				print $1
				exit
			}')
		[ -z "$sum" ] || break
	done
	printf '%s\n' "$sum"
}
