# shellcheck shell=sh disable=SC2154 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Unpacks archives that nobody vouches for: .deb, .rpm, .tar, however compressed. Nothing in them is executed. bsdtar
# writes neither to absolute paths, nor above its folder, nor through links; root has it run as nobody, without any
# capability. It may use BPFCHECK_ARCHIVE_MB (8192) for what comes out, 2 GB of memory, and ten minutes of a processor.
#
# Needs lib/common.sh.
#
#   archive_like FILE
#       Whether it is an archive, by its name or its first bytes.
#   archive_unpack FILE FOLDER [PATTERN...]
#       Unpacks FILE, or of it what a PATTERN matches (* matches slashes, too), into FOLDER, which need not be there. All is
#       the caller's then, and readable. Dies (5) when FILE is damaged, too large, or holds what it should not: an absolute
#       path or "..", anything but files, folders and links, or, among what is unpacked, a link that leads out of FOLDER.
#       $archive_name is what messages call it, if set. Where $archive_vouched is set, somebody has signed it: that all is
#       looked at before anything is written, which takes as long again, is left out.
#   archive_out ARCHIVE FILE OPTION...
#       Has bsdtar write to FILE, which is alone in its folder: -t, the names of all that there is; -xOq MEMBER, one file, and
#       it reads no further than that.

archive_mb=${BPFCHECK_ARCHIVE_MB:-8192}
need_number BPFCHECK_ARCHIVE_MB "$archive_mb" 1
archive_entries=500000

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

# archive_bad REASON
archive_bad() {
	die 5 "${archive_name:-$archive}: $*"
}

# archive_tool PROGRAM ARGUMENT...: in $archive_folder, reading the archive from standard input.
archive_tool() (
	cd "$archive_folder" || exit
	# Names in UTF-8 are no reason to complain.
	LC_ALL=C.UTF-8
	set -- prlimit --fsize=$((archive_mb * 1048576)) --cpu=600 --as=$((2048 * 1048576)) "$@"
	# shellcheck disable=SC2086 # a list of words
	exec $archive_nobody "$@"
)

# archive_said STATUS COMPLAINTS: dies when bsdtar has failed. That a pattern matches nothing is no failure.
archive_said() {
	said=$(printf '%s\n' "$2" | sed '/: Not found in archive$/d; /: Error exit delayed/d; s/^bsdtar: //; q')
	case $1:$2:$said in
		152:*) archive_bad 'takes longer than ten minutes to unpack' ;;
		153:*) archive_bad "holds more than $archive_mb MB (BPFCHECK_ARCHIVE_MB)" ;;
		0::) ;;
		1:?*:) ;;
		*) archive_bad "cannot be unpacked: ${said:-bsdtar has failed ($1)}" ;;
	esac
}

# archive_kind FILE: dies unless there is a tar archive in it, or the cpio archive of an rpm. bsdtar would read much else,
# such as lists (mtree) that name files of the host's for it to copy.
archive_kind() {
	head=$(archive_tool bsdcat <"$1" 2>/dev/null | head -c 262 | od -An -v -tx1 | tr -d ' \n')
	case $head in
		# Of what cannot even be uncompressed bsdtar says what is wrong.
		'' | 3037303730* | *7573746172) ;;
		*) archive_bad 'cannot be unpacked: Unrecognized archive format' ;;
	esac
}

# archive_look FILE: all of what is in it, before anything is written.
archive_look() {
	verdict=$({
		archive_tool bsdtar -f - --numeric-owner -tv <"$1" 2>&1 || echo "broken $?"
	} | awk -v most="$archive_entries" -v mb="$archive_mb" '
		$1 == "broken" {
			print "broken", $2, said
			done = 1
			exit
		}
		# Mode, links, user, group, size, three words for the date.
		$1 !~ /^[-a-z][-rwxsStT]+\+*$/ || $2 !~ /^[0-9]+$/ {
			said = said ? said : $0
			next
		}
		{
			name = $0
			for (i = 0; i < 7; i++)
				sub(/^ *[^ ]+ +/, "", name)
			sub(/^[^ ]+ /, "", name)
			bytes += $5
		}
		/^h/ && name ~ / link to (\/|(.*\/)?\.\.(\/|$))/ { why = "holds a link that leads out of it: " name }
		/^l/ { sub(/ -> .*/, "", name) }
		/^h/ { sub(/ link to .*/, "", name) }
		/^[^-dlh]/ { why = "holds a device, a pipe or a socket: " name }
		name ~ /^\// { why = "holds an absolute path: " name }
		name ~ /(^|\/)\.\.(\/|$)/ { why = "holds a path that leads out of it: " name }
		bytes > mb * 1048576 { why = "holds more than " mb " MB (BPFCHECK_ARCHIVE_MB)" }
		NR > most { why = "holds more than " most " files" }
		why { print "bad " why; done = 1; exit }
		END { if (!done) print (said ? "broken 0 " said : NR ? "good" : "bad is empty") }')
	case $verdict in
		good) ;;
		bad*) archive_bad "${verdict#bad }" ;;
		*)
			verdict=${verdict#broken }
			archive_said "${verdict%% *}" "${verdict#* }"
			;;
	esac
}

# archive_drop: how to be nobody; not at all where there is no such user, as in some containers.
archive_drop() {
	archive_nobody=
	[ "$(id -u)" -eq 0 ] || return 0
	archive_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs'
	if $archive_nobody true 2>/dev/null; then
		chown -R -h 65534:65534 "$archive_folder"
	else
		archive_nobody=
	fi
}

# archive_settle: what was unpacked becomes ours, and is looked at.
archive_settle() {
	[ -z "$archive_nobody" ] || chown -R -h 0:0 "$archive_folder"
	chmod -R u=rwX,go=rX "$archive_folder"
	[ -z "$(find "$archive_folder" -name '*[[:cntrl:]]*')" ] || archive_bad 'holds a name that cannot be printed'
	find "$archive_folder" -type l >"$archive_folder.links"
	while IFS= read -r link; do
		case $(realpath -m "$link") in
			"$archive_folder"/*) ;;
			*) archive_bad "holds a link that leads out of it: ${link#"$archive_folder"/} -> $(readlink "$link")" ;;
		esac
	done <"$archive_folder.links"
	rm -f "$archive_folder.links" "$archive_folder.data"
}

archive_unpack() {
	archive=$1
	mkdir -p "$2"
	archive_folder=$(readlink -f "$2")
	shift 2
	need_tool libarchive-tools bsdtar
	archive_drop
	data=$archive
	# A .deb is an ar archive with a tar archive in it.
	if [ "$(archive_magic "$archive" 0 7)" = 213c617263683e ]; then
		data=$archive_folder.data
		said=$(archive_tool bsdtar -f - -xO 'data.tar*' <"$archive" 2>&1 >"$data") && status=0 || status=$?
		archive_said "$status" "$said"
	fi
	[ -n "${archive_vouched-}" ] || {
		archive_kind "$data"
		archive_look "$data"
	}
	count=$#
	while [ "$count" -gt 0 ]; do
		set -- "$@" "--include=$1"
		shift
		count=$((count - 1))
	done
	# An installed kernel's modules have links to where it was built.
	said=$(archive_tool bsdtar -f - -x --no-same-owner --no-same-permissions --no-acls --no-xattrs --no-fflags \
		--exclude='*lib/modules/*/build' --exclude='*lib/modules/*/source' "$@" <"$data" 2>&1) && status=0 || status=$?
	archive_said "$status" "$said"
	archive_settle
}

archive_out() {
	archive=$1
	output=$2
	archive_folder=${2%/*}
	shift 2
	need_tool libarchive-tools bsdtar
	archive_drop
	archive_kind "$archive"
	said=$(archive_tool bsdtar -f - "$@" <"$archive" 2>&1 >"$output") && status=0 || status=$?
	archive_said "$status" "$said"
	archive_settle
}
