# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Downloads over HTTP. What has come stays in FILE.part when the server dies or the script is ended, and the next try goes
# on from there, if the server can do that and still has the same file (by its ETag or date, which is in FILE.part.tag).
#
# Needs lib/common.sh and archive_mb of lib/archive.sh, which limits a download, too.
#
#   download URL FILE [SHA256]
#       Makes FILE, unless it is there. The caller has a lock on it. Dies (5) when it cannot be had, or is not the file of
#       that SHA256.
#   download_begin NAME
#       Waits for whoever else downloads for NAME, and sets download_folder to a folder for what is needed until the script
#       ends: download_cleanup, which its cleanup() calls, leaves but what came in part, and that for a week.
#   download_sum URL
#       Prints the SHA-256 that is published beside the file, in URL.sha256, or SHA256SUMS or sha256sums.asc of its folder;
#       nothing when there is none.

# A dead server is tried so many times in a row, one that dies now and then so many times in all.
download_most_dead=3
download_most=20

download_folder=

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

# download_curl URL ARGUMENT...: a server that is slower than a KB/s for half a minute is as good as dead.
download_curl() {
	meter=--silent
	[ ! -t 2 ] || meter=--progress-bar
	# No redirect leads from https to http.
	case $1 in
		https:*) set -- --proto '=https' "$@" ;;
		*) set -- --proto '=http,https' "$@" ;;
	esac
	prlimit --fsize=$((archive_mb * 1048576)) curl --disable "$meter" --fail --globoff --location --max-redirs 10 \
		--connect-timeout 20 --speed-limit 1000 --speed-time 30 "$@"
}

# download_size FILE
download_size() {
	stat -c %s "$1" 2>/dev/null || echo 0
}

# download_tag FILE: of HTTP headers, the ETag or the date. A weak ETag is none, as it stands for several files.
download_tag() {
	[ -f "$1" ] || return 0
	tr -d '\r' <"$1" | awk '
		/^HTTP\// { tag = date = "" }
		tolower($1) == "etag:" && $2 !~ /^W/ { tag = $2 }
		tolower($1) == "last-modified:" { sub(/^[^ ]* /, ""); date = $0 }
		END { if (tag date) print (tag ? tag : date) }'
}

# download_try URL PART: sets download_status and download_error.
download_try() {
	download_ask "$1" --head --output "$2.head"
	case $download_status in
		0 | 22) ;;
		*) return 0 ;;
	esac
	download_tag "$2.head" >"$2.tag.new"
	# What has come is of the same file only if that can be told.
	{ [ -s "$2.tag.new" ] && cmp -s "$2.tag" "$2.tag.new"; } || rm -f "$2"
	mv "$2.tag.new" "$2.tag"
	rm -f "$2.head"
	download_ask "$1" --output "$2" --continue-at -
	case $download_status:$download_code in
		# It cannot go on, or there is nothing left to go on with: from the start.
		33:* | *:416) rm -f "$2" ;;
		22:408 | 22:429 | 22:5??) ;;
		22:*) die 5 "$1: $download_error" ;;
	esac
}

# download_ask URL ARGUMENT...: sets download_status and download_error, and download_code to HTTP's.
download_ask() {
	download_error=$(download_curl "$@" --write-out '%{http_code} %{errormsg}') &&
		download_status=0 || download_status=$?
	download_code=${download_error%% *}
	download_error=${download_error#* }
}

download() {
	[ ! -f "$2" ] || return 0
	mkdir -p "${2%/*}"
	say "downloading $1"
	dead=0
	tries=0
	while :; do
		before=$(download_size "$2.part")
		download_try "$1" "$2.part"
		case $download_status in
			0) break ;;
			23) die 5 "$2: cannot be written, the disk is full or broken: $download_error" ;;
			153) die 5 "$1: larger than $archive_mb MB (BPFCHECK_ARCHIVE_MB)" ;;
			5 | 6 | 7 | 18 | 22 | 28 | 33 | 35 | 52 | 55 | 56 | 92) ;;
			*) die 5 "$1: $download_error" ;;
		esac
		tries=$((tries + 1))
		dead=$((dead + 1))
		[ "$(download_size "$2.part")" -le "$before" ] || dead=0
		[ "$tries" -lt "$download_most" ] || dead=$download_most_dead
		if [ "$dead" -ge "$download_most_dead" ]; then
			[ ! -s "$2.part" ] ||
				download_error="$download_error; the $(download_size "$2.part") bytes that came are kept for the next try"
			die 5 "$1: $download_error"
		fi
		say "$download_error; trying again"
		sleep "$dead"
	done
	if [ -n "${3-}" ]; then
		sum=$(sha256sum <"$2.part")
		[ "${sum%% *}" = "$3" ] || {
			rm -f "$2.part" "$2.part.tag"
			die 5 "$1: wrong checksum: its SHA-256 is ${sum%% *} instead of $3"
		}
	fi
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
		[ -z "$sum" ] || {
			printf '%s\n' "$sum"
			return
		}
	done
}
