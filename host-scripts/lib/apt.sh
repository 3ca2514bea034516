# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Packages and source tarballs through apt, with an apt root of our own: the user's sources, lists and
# installed packages are neither changed nor looked at, suites other than the host's can be used, and no root rights
# are needed. Which mirror (and proxy) to use comes from the host's apt set-up; apt checks the archive's signature on
# every index, and the index's SHA-256 is checked on every file.
#
# Usage: set apt_root to an absolute path (build/apt, another one for each distribution), and apt_distro to debian (the
# default) or ubuntu, then source this file.
#
#   apt_update
#       Makes the package index, or refreshes it when it is older than apt_max_age minutes. When no mirror can be
#       reached an older index is kept, with a warning. Fails when there is no index at all.
#   apt_list ERE
#       Prints the packages whose whole name matches the extended regular expression, newest version of a name first,
#       one a line: PACKAGE VERSION SIZE SHA256 URI DEPENDS, separated by tabs (DEPENDS may be empty). The same
#       version may come more than once, from different suites. Only packages that apt_wanted matches are indexed.
#   apt_download PACKAGE[=VERSION] DIRECTORY
#       Downloads the .deb (without =VERSION: the newest that there is) unless it is there already, and prints its path.
#   apt_source PACKAGE UPSTREAM_VERSION DIRECTORY
#       Downloads the .orig tarball of a source package and prints its path. UPSTREAM_VERSION is without epoch and
#       Debian revision, and may be a shell pattern.
#
# apt_list, apt_download and apt_source update their index by themselves when it is missing. A file that the index
# names can be gone from the mirror: the function then fails, and the caller takes the next best. All functions may be
# used from several processes at once. They return 0, or 1 after a message on stderr; apt_list finding nothing is 1
# as well, without a message. Progress goes to stderr.
# shellcheck shell=sh
# shellcheck disable=SC2016 # $(REPO_URI) and the like are for apt to fill in

: "${apt_root:?}"
# Kernels in all their packagings, and what goes into the guest as it is.
apt_wanted='(linux-(image|binary|modules|base)(-.*)?|linux-source-[0-9.]+|busybox-static)'
apt_source_suites='trixie'
: "${apt_max_age:=360}"

case ${apt_distro:=debian} in
	debian)
		apt_origin=Debian
		apt_components=main
		apt_suites='bullseye bookworm trixie forky sid experimental'
		apt_aliases=' (old)*stable testing unstable'
		apt_pockets='-updates -backports'
		apt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg
		;;
	ubuntu)
		apt_origin=Ubuntu
		apt_components='main universe'
		apt_suites='focal jammy noble questing resolute'
		apt_aliases=
		apt_pockets='-updates -security'
		apt_keyring=${BPFCHECK_UBUNTU_KEYRING:-/usr/share/keyrings/ubuntu-archive-keyring.gpg}
		;;
esac
apt_helper=/usr/lib/apt/apt-helper

apt_say() {
	echo "apt: $*" >&2
}

# apt_mirror archive|security: the mirror that the host's apt uses for the distribution, or the user names.
apt_mirror() (
	case $apt_distro:$1:${BPFCHECK_UBUNTU_MIRROR:+named} in
		ubuntu:archive:named) printf '%s\n' "${BPFCHECK_UBUNTU_MIRROR%/}/" ;;
		# All of Ubuntu's mirrors have its security updates.
		ubuntu:security:*) ;;
		*) apt_host_mirror "$1" ;;
	esac
)

apt_host_mirror() {
	# The origin is known once the host has fetched its own lists. Before that (a fresh chroot, a container image)
	# go by the name of the suite; a wrong guess does not get past the signature check.
	{
		apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(COMPONENT)' 2>/dev/null |
			sed -n "s/|$apt_origin|main\$//p"
		apt-get indextargets --no-release-info --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 2>/dev/null |
			sed -n 's/|main$//p' |
			grep -E "\|($(echo "$apt_suites$apt_aliases" | tr ' ' '|'))([-/].*)?\$"
	} | grep -v '^cdrom:' | awk -F '|' -v want="$1" '
		($2 ~ /[-\/](security|updates)$/ && $2 !~ /-updates$/) == (want == "security") { print $1; exit }'
}

# apt_lines deb|deb-src SUITE...: lines of a sources.list for the suites and their updates.
apt_lines() (
	kind=$1
	shift
	archive=$(apt_mirror archive)
	security=$(apt_mirror security)
	if [ -z "$archive" ]; then
		apt_say "the host's apt names no $apt_origin mirror"
		return 1
	fi
	# One kind of index, one architecture: translations, component metadata and pdiffs are only a loss of time.
	case $kind in
		deb) options="target=Packages arch=$(dpkg --print-architecture)" ;;
		deb-src) options='target=Sources' ;;
	esac
	options="$options lang=none pdiffs=no"
	for suite; do
		echo "$kind [$options] $archive $suite $apt_components"
		case $suite in
			sid | experimental) continue ;;
		esac
		for pocket in $apt_pockets; do
			echo "$kind [$options] $archive $suite$pocket $apt_components"
		done
		[ -z "$security" ] || echo "$kind [$options] $security $suite-security $apt_components"
	done | sed 's/] file:/] copy:/'
)

# apt_configure DIRECTORY: an apt.conf that keeps apt inside that directory.
apt_configure() (
	cd "$1" || return
	mkdir -p state/lists/partial cache/archives/partial || return
	# In a folder of their own: apt takes a path with a comma for several.
	rm -rf keys && mkdir keys && cp "$apt_keyring" keys/ || return
	: >status
	cat >apt.conf <<-EOF
		Dir::State "$1/state";
		Dir::State::status "$1/status";
		Dir::Cache "$1/cache";
		Dir::Etc::sourcelist "$1/sources.list";
		Dir::Etc::sourceparts "-";
		Dir::Etc::trusted "/dev/null";
		Dir::Etc::trustedparts "$1/keys";
		Dir::Etc::preferences "-";
		Dir::Etc::preferencesparts "-";
		// Lists stay compressed: unpacked they are 1 GB.
		Acquire::GzipIndexes "true";
		// The user that apt would become may not be able to enter the checkout.
		APT::Sandbox::User "";
		// Hooks of the host's are not for us.
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	EOF
)

# apt_read_packages URI ERE: index lines from a Packages file on stdin.
apt_read_packages() {
	awk -v uri="$1" -v wanted="^$2\$" '
		/^Package: / { want = $2 ~ wanted; name = $2; depends = ""; next }
		!want { next }
		/^Version: / { version = $2 }
		/^Size: / { size = $2 }
		/^SHA256: / { sha256 = $2 }
		/^Filename: / { file = $2 }
		/^Depends: / { depends = substr($0, 10) }
		/^$/ { print name "\t" version "\t" size "\t" sha256 "\t" uri file "\t" depends }'
}

# apt_read_sources URI: the same from a Sources file, for the .orig tarballs.
apt_read_sources() {
	awk -v uri="$1" '
		/^[^ ]/ { sums = 0 }
		/^Package: / { name = $2; sha256 = "" }
		/^Version: / { version = $2 }
		/^Directory: / { folder = $2 }
		/^Checksums-Sha256:/ { sums = 1 }
		/^ / && sums && $3 ~ /\.orig\.tar\.[a-z0-9]+$/ { sha256 = $1; size = $2; file = $3 }
		/^$/ && sha256 { print name "\t" version "\t" size "\t" sha256 "\t" uri folder "/" file "\t" }'
}

# apt_fetch_lists DIRECTORY: 0 when the mirror was heard, even if it lacks some of the suites.
apt_fetch_lists() (
	cd "$1" || return
	LC_ALL=C apt-get -c "$1/apt.conf" -q update >update.log 2>&1 && status=0 || status=$?
	! grep -q '^W: Some index files failed to download' update.log || return 1
	# A suite that is not there is an error to apt, but it stores the others.
	[ "$status" -eq 0 ] || grep -q '^E: .*does not have a Release file' update.log
)

# apt_make_index DIRECTORY KIND: index.tsv from the lists that are there.
apt_make_index() (
	cd "$1" || return
	apt-get -c "$1/apt.conf" indextargets --format '$(CREATED_BY)|$(REPO_URI)|$(FILENAME)' |
		while IFS='|' read -r kind uri file; do
			case $kind in
				Packages) "$apt_helper" -c "$1/apt.conf" cat-file "$file" | apt_read_packages "$uri" "$apt_wanted" ;;
				Sources) "$apt_helper" -c "$1/apt.conf" cat-file "$file" | apt_read_sources "$uri" ;;
			esac
		done | sort -t "$(printf '\t')" -k1,1 -k2,2Vr -u >index.new
	[ -s index.new ] || return
	mv index.new index.tsv
	echo "$apt_wanted" >wanted
)

# apt_complaints DIRECTORY: but for those about suites that are not there.
apt_complaints() {
	grep '^[EW]: ' "$1/update.log" | grep -v 'does not have a Release file' | head -n 5 >&2
}

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
		packages)
			apt_say "reading the package lists of all $apt_origin suites"
			# shellcheck disable=SC2086 # a list of words
			apt_lines deb $apt_suites >"$dir/sources.list" || return
			;;
		sources)
			apt_say 'reading the list of source packages'
			# shellcheck disable=SC2086
			apt_lines deb-src $apt_source_suites >"$dir/sources.list" || return
			;;
	esac
	if apt_fetch_lists "$dir"; then
		age=0
	else
		# Ask again soon, but not at once: without a network each try takes its time.
		age=$((apt_max_age - 5))
		apt_say 'the mirror cannot be read:'
		apt_complaints "$dir"
	fi
	if ! apt_make_index "$dir"; then
		[ -s "$dir/index.tsv" ] || {
			apt_say "there is no list of $1"
			[ "$age" -ne 0 ] || apt_complaints "$dir"
			return 1
		}
	fi
	[ "$age" -eq 0 ] || apt_say "going by the list of $1 as it was"
	touch -d "$age minutes ago" "$dir/stamp"
)

apt_update_index() {
	mkdir -p "$apt_root/$1" || return 1
	(flock 9 && apt_refresh "$1") 9>"$apt_root/$1/lock"
}

# apt_get_file URI SHA256 DIRECTORY: prints the file's path.
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

# apt_get_first NAME DIRECTORY: the first of the index lines on stdin that the mirror really has.
apt_get_first() (
	while IFS="$(printf '\t')" read -r _ _ _ sha256 uri _; do
		apt_get_file "$uri" "$sha256" "$2" </dev/null && return
	done
	apt_say "$1: not to be had from the mirror"
	return 1
)

apt_update() {
	apt_update_index packages
}

apt_list() (
	[ -s "$apt_root/packages/index.tsv" ] || apt_update || return
	grep -E "^($1)	" "$apt_root/packages/index.tsv"
)

apt_download() (
	[ -s "$apt_root/packages/index.tsv" ] || apt_update || return
	awk -F '\t' -v name="${1%%=*}" -v spec="$1" '
		$1 != name { next }
		spec == name || spec == name "=" $2' "$apt_root/packages/index.tsv" |
		apt_get_first "$1" "$2"
)

apt_source() (
	[ -s "$apt_root/sources/index.tsv" ] || apt_update_index sources || return
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
