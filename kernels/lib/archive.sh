# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Unpacks archives that nobody vouches for: .deb, .rpm and .tar, however compressed. Nothing in them is executed.
#
# bsdtar refuses ".." and paths through links, and makes absolute paths relative. Root runs it as nobody, without any
# capability. Limits: BPFCHECK_ARCHIVE_MB of unpacked data, 200,000 files, 2 GB of memory, ten minutes of CPU time.
#
# Reads: BPFCHECK_ARCHIVE_MB (8192). archive_name: messages call the archive by it, if set. Sets: archive_mb.
#
#   archive_like FILE
#       Whether it is an archive, by its name or its first bytes.
#   archive_unpack FILE FOLDER [PATTERN...]
#       Unpacks the members of FILE that match a PATTERN (* matches slashes; without PATTERN: all) into FOLDER. They belong
#       to the caller and are readable. Dies (5) when FILE is damaged or too large, or when one of them is a device, a pipe
#       or a socket, has an absolute path or ".." in it, or is a link that leads out of FOLDER.
#   archive_out ARCHIVE FILE OPTION...
#       Writes to FILE, alone in its folder, what bsdtar prints with OPTION: -t for all names, -xOq MEMBER for one member.

archive_name=
archive_mb=${BPFCHECK_ARCHIVE_MB:-8192}
need_number BPFCHECK_ARCHIVE_MB "$archive_mb" 1

# archive_magic FILE OFFSET COUNT: in hexadecimal.
archive_magic() {
	od -An -v -tx1 -j "$2" -N "$3" "$1" 2>/dev/null | tr -d ' \n'
}

archive_like() {
	case $1 in
		*.deb | *.rpm | *.tar | *.tar.* | *.tgz | *.txz | *.tzst) return 0 ;;
	esac
	case $(archive_magic "$1" 0 4)$(archive_magic "$1" 257 5) in
		213c6172* | edabeedb* | *7573746172) ;;
		*) return 1 ;;
	esac
}

archive_bad() {
	die 5 "${archive_name:-$archive}: $*"
}

# archive_tool PROGRAM ARGUMENT...: in archive_folder; the archive is standard input.
archive_tool() (
	cd "$archive_folder" || exit
	# With another locale, names in UTF-8 would cause complaints.
	# shellcheck disable=SC2086 # a list of words
	LC_ALL=C.UTF-8 prlimit --fsize=$((archive_mb * 1048576)) --cpu=600 --as=$((2048 * 1048576)) $archive_nobody "$@" ||
		echo "status $?" >&2
)

# archive_stream FILE: the tar or cpio archive in it, up to the limit. A .deb is an ar archive that holds a tar archive.
archive_stream() {
	if [ "$(archive_magic "$1" 0 7)" = 213c617263683e ]; then
		archive_tool bsdtar -f - -xO 'data.tar*' <"$1" | archive_tool bsdcat
	else
		archive_tool bsdcat <"$1"
	fi | {
		head -c $((archive_mb * 1048576))
		[ "$(head -c 1 | wc -c)" -eq 0 ] || echo 'status 153' >&2
	}
}

# archive_why: prints the failure, if the complaints and exit statuses on standard input show one. A pattern that matches
# nothing does not count as a failure. SIGPIPE does not count either: the reader has ended, and its own status counts.
archive_why() {
	awk -v mb="$archive_mb" -v most=200000 '
		/^x / && ++files > most { why = "holds more than " most " files"; exit }
		/^status / { if ($2 != 1 && $2 != 141) status = $2; next }
		/^x / && !/: / || /: Not found in archive$|: Error exit delayed/ { next }
		!said { said = $0; sub(/^(x |bsd(tar|cat): )/, "", said) }
		END {
			if (!why && status == 152) why = "takes longer than ten minutes to unpack"
			if (!why && status == 153) why = "holds more than " mb " MB (BPFCHECK_ARCHIVE_MB)"
			if (!why && (said || status)) why = "cannot be unpacked: " (said ? said : "bsdtar has failed (" status ")")
			if (why) print why
		}'
}

# archive_begin FILE FOLDER: sets archive, archive_folder, and archive_nobody: how to run a program as nobody, if possible.
archive_begin() {
	archive=$1
	archive_folder=$(readlink -f "$2")
	archive_nobody=
	need_tool libarchive-tools bsdtar
	if [ "$(id -u)" -eq 0 ]; then
		archive_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs'
		# Some containers have no such user.
		$archive_nobody true 2>/dev/null || archive_nobody=
	fi
	[ -z "$archive_nobody" ] || chown -R -h 65534:65534 "$archive_folder"
	[ -s "$archive" ] || archive_bad 'is empty'
	# bsdtar would read other formats, too, such as lists (mtree) that name files of the host's for it to copy.
	case $(archive_stream "$archive" 2>/dev/null | head -c 262 | od -An -v -tx1 | tr -d ' \n') in
		# bsdtar says why it cannot be uncompressed.
		'' | 3037303730* | *7573746172) ;;
		*) archive_bad 'cannot be unpacked: Unrecognized archive format' ;;
	esac
}

# archive_end WHY: the files become the caller's.
archive_end() {
	[ -z "$archive_nobody" ] || chown -R -h 0:0 "$archive_folder"
	[ -z "$1" ] || archive_bad "$1"
	chmod -R u=rwX,go=rX "$archive_folder"
	odd=$(find "$archive_folder" ! -type f ! -type d ! -type l -printf '%P\n' -quit)
	[ -z "$odd" ] || archive_bad "holds a device, a pipe or a socket: $odd"
	[ -z "$(find "$archive_folder" -name '*[[:cntrl:]]*')" ] || archive_bad 'holds a name that cannot be printed'
	odd=$(find "$archive_folder" -type l | while IFS= read -r link; do
		case $(realpath -m "$link") in
			"$archive_folder"/*) ;;
			*) echo "${link#"$archive_folder"/} -> $(readlink "$link")" ;;
		esac
	done | head -n 1)
	[ -z "$odd" ] || archive_bad "holds a link that leads out of it: $odd"
}

archive_unpack() {
	mkdir -p "$2"
	archive_begin "$1" "$2"
	shift 2
	count=$#
	while [ "$count" -gt 0 ]; do
		set -- "$@" "--include=$1"
		shift
		count=$((count - 1))
	done
	# Installed modules have links to their sources. The end that bsdtar leaves is read, too, as it may be damaged.
	archive_end "$({ archive_stream "$archive" | {
		archive_tool bsdtar -f - -xv --no-same-owner --no-same-permissions --no-acls --no-xattrs --no-fflags \
			--exclude='*lib/modules/*/build' --exclude='*lib/modules/*/source' "$@"
		cat >/dev/null
	}; } 2>&1 | archive_why)"
}

archive_out() {
	archive_begin "$1" "${2%/*}"
	output=$2
	shift 2
	archive_end "$(archive_tool bsdtar -f - "$@" <"$archive" 2>&1 >"$output" | archive_why)"
}
