# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2016 # apt fills in $(REPO_URI) and the like
#
# Downloads packages and source tarballs from a mirror. apt checks the signature on every index, and the SHA-256 in the
# index is checked on every file.
#
# Needs apt_mirror.sh. Reads: apt_root, an absolute path (build/apt; another one per distribution), and apt_max_age, in
# minutes (360). Functions may run in several processes at once; they return 0, or 1 after a message. When a file is gone
# from the mirror though the index names it, the caller takes the next best.
#
#   apt_update
#       Makes the package index, or a new one when it is older than apt_max_age. When the mirror cannot be reached, an older
#       index stays, with a warning. Fails when there is none at all.
#   apt_list ERE
#       Prints the packages whose whole name matches, one per line: PACKAGE VERSION SIZE SHA256 URI DEPENDS, separated by
#       tabs, the newest version of a name first. A version may come from several suites. Returns 1 when none matches.
#   apt_download PACKAGE[=VERSION] FOLDER
#       Downloads the .deb (default: the newest), unless it is there, and prints its path.
#   apt_source PACKAGE UPSTREAM_VERSION FOLDER
#       Downloads the .orig tarball of a source package and prints its path. UPSTREAM_VERSION has no epoch and no Debian
#       revision, and may be a shell pattern.

# The index has only these packages: kernels, however they are packed, and busybox for the guest.
apt_wanted='(linux-(image|binary|modules|base)(-.*)?|linux-source-[0-9.]+|busybox-static)'
apt_source_suites='trixie'
apt_helper=/usr/lib/apt/apt-helper
: "${apt_root:?}" "${apt_max_age:=360}" "${apt_origin:?}" "${apt_suites:?}" "${apt_keyring:?}"

# apt_read URI ERE: index lines from a Packages file on standard input; from a Sources file, those of .orig tarballs.
apt_read() {
	awk -v uri="$1" -v wanted="^$2\$" '
		/^Package: / { want = $2 ~ wanted; name = $2; folder = sha256 = depends = ""; next }
		!want { next }
		/^[^ ]/ { sums = /^Checksums-Sha256:/ }
		/^Version: / { version = $2 }
		/^Size: / { size = $2 }
		/^SHA256: / { sha256 = $2 }
		/^Filename: / { file = $2 }
		/^Directory: / { folder = $2 "/" }
		/^Depends: / { depends = substr($0, 10) }
		sums && $3 ~ /\.orig\.tar\.[a-z0-9]+$/ { sha256 = $1; size = $2; file = $3 }
		/^$/ && sha256 { print name "\t" version "\t" size "\t" sha256 "\t" uri folder file "\t" depends }'
}

# apt_make_index FOLDER: index.tsv from the lists that are there.
apt_make_index() (
	cd "$1" || return
	apt-get -c "$1/apt.conf" indextargets --format '$(CREATED_BY)|$(REPO_URI)|$(FILENAME)' |
		while IFS='|' read -r kind uri file; do
			wanted=$apt_wanted
			[ "$kind" != Sources ] || wanted='.*'
			"$apt_helper" -c "$1/apt.conf" cat-file "$file" | apt_read "$uri" "$wanted"
		done | sort -t "$(printf '\t')" -k1,1 -k2,2Vr -u >index.new
	[ -s index.new ] || return
	mv index.new index.tsv
	echo "$apt_wanted" >wanted
)

# apt_refresh packages|sources: under the lock.
apt_refresh() (
	dir=$apt_root/$1
	if [ -n "$(find "$dir/stamp" -mmin "-$apt_max_age" 2>/dev/null)" ] && [ -s "$dir/index.tsv" ]; then
		[ "$(cat "$dir/wanted")" != "$apt_wanted" ] || return 0
		apt_make_index "$dir" && return
	fi
	for file in /usr/bin/apt-get /usr/bin/dpkg "$apt_helper" "$apt_keyring"; do
		[ -e "$file" ] || {
			apt_say "no $file on this host"
			return 1
		}
	done
	apt_configure "$dir" || return
	case $1 in
		packages) set -- "$1" deb "$apt_suites" ;;
		sources) set -- "$1" deb-src "$apt_source_suites" ;;
	esac
	apt_say "reading the list of $1 of $apt_origin"
	# shellcheck disable=SC2086 # a list of words
	apt_lines "$2" $3 >"$dir/sources.list" || return
	age=0
	apt_fetch_lists "$dir" || {
		# Ask again soon, but not at once: without a network, each try takes its time.
		age=$((apt_max_age - 5))
		apt_say 'the mirror cannot be read:'
		apt_complaints "$dir"
	}
	if ! apt_make_index "$dir" && [ ! -s "$dir/index.tsv" ]; then
		apt_say "the package list of $1 is missing"
		[ "$age" -ne 0 ] || apt_complaints "$dir"
		return 1
	fi
	[ "$age" -eq 0 ] || apt_say "using the older list of $1"
	touch -d "$age minutes ago" "$dir/stamp"
)

apt_update() {
	set -- "${1:-packages}"
	mkdir -p "$apt_root/$1" || return
	(flock 9 && apt_refresh "$1") 9>"$apt_root/$1/lock"
}

# apt_get_file URI SHA256 FOLDER: prints the file's path.
apt_get_file() (
	file=$3/${1##*/}
	if ! echo "$2  $file" | sha256sum -c --status 2>/dev/null; then
		mkdir -p "$3" || return
		partial=$3/.${1##*/}.$$
		trap 'rm -f "$partial"' EXIT
		apt_say "downloading ${1##*/}"
		if ! message=$("$apt_helper" -o APT::Sandbox::User= -q -q download-file "$1" "$partial" "SHA256:$2" 2>&1); then
			apt_say "${1##*/}: $(printf '%s\n' "$message" | sed -n 's/^E: \(Failed to fetch [^ ]*\)\{0,1\} *//p' | head -n 1)"
			return 1
		fi
		mv "$partial" "$file" || return
	fi
	echo "$file"
)

# apt_get_first NAME FOLDER: the first file of the index lines on standard input that the mirror really has.
apt_get_first() (
	while IFS="$(printf '\t')" read -r _ _ _ sha256 uri _; do
		apt_get_file "$uri" "$sha256" "$2" </dev/null && return
	done
	apt_say "$1: not to be had from the mirror"
	return 1
)

apt_list() (
	[ -s "$apt_root/packages/index.tsv" ] || apt_update || return
	grep -E "^($1)	" "$apt_root/packages/index.tsv"
)

apt_download() (
	[ -s "$apt_root/packages/index.tsv" ] || apt_update || return
	awk -F '\t' -v spec="$1" 'spec == $1 || spec == $1 "=" $2' "$apt_root/packages/index.tsv" | apt_get_first "$1" "$2"
)

apt_source() (
	[ -s "$apt_root/sources/index.tsv" ] || apt_update sources || return
	awk -F '\t' -v name="$1" '$1 == name' "$apt_root/sources/index.tsv" |
		while IFS="$(printf '\t')" read -r name version rest; do
			upstream=${version#*:}
			# shellcheck disable=SC2254 # a pattern
			case ${upstream%-*} in
				$2) printf '%s\t%s\t%s\n' "$name" "$version" "$rest" ;;
			esac
		done |
		apt_get_first "$1 $2" "$3"
)
