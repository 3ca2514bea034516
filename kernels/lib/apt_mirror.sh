# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2016,SC2034 # apt fills in $(REPO_URI) and the like; variables are for apt.sh
#
# Sets up an apt root of our own. The user's sources, lists and installed packages are neither changed nor looked at, suites
# other than the host's can be used, and no root rights are needed. The mirror (and proxy) is that of the host's apt, unless
# BPFCHECK_DEBIAN_MIRROR and BPFCHECK_DEBIAN_KEYRING (or ..._UBUNTU_...) name another one.
#
# Reads: apt_distro, debian (default) or ubuntu. Sets: apt_origin, apt_suites, apt_keyring and other facts about it.
#
#   apt_mirror archive|security
#       Prints the mirror's address.
#   apt_lines deb|deb-src SUITE...
#       Prints the lines of a sources.list for the suites and their updates.
#   apt_configure FOLDER
#       Writes an apt.conf that keeps apt inside that folder.
#   apt_fetch_lists FOLDER
#       Fetches what its sources.list names. Returns 0 when the mirror answered, even if it lacks some of the suites.

case ${apt_distro:=debian} in
	debian)
		apt_origin=Debian
		apt_components=main
		apt_suites='bullseye bookworm trixie forky sid experimental'
		apt_aliases=' (old)*stable testing unstable'
		apt_pockets='-updates -backports'
		apt_named=${BPFCHECK_DEBIAN_MIRROR-}
		apt_keyring=${BPFCHECK_DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
		;;
	ubuntu)
		apt_origin=Ubuntu
		apt_components='main universe'
		apt_suites='focal jammy noble questing resolute'
		apt_aliases=
		apt_pockets='-updates -security'
		apt_named=${BPFCHECK_UBUNTU_MIRROR-}
		apt_keyring=${BPFCHECK_UBUNTU_KEYRING:-/usr/share/keyrings/ubuntu-archive-keyring.gpg}
		;;
esac

apt_say() {
	echo "apt: $*" >&2
}

apt_mirror() (
	case $apt_distro:$1:${apt_named:+named} in
		*:archive:named) printf '%s\n' "${apt_named%/}/" ;;
		# All of Ubuntu's mirrors have its security updates.
		*:named | ubuntu:security:*) ;;
		*) apt_host_mirror "$1" ;;
	esac
)

apt_host_mirror() {
	# The origin is known once the host has fetched its own lists. Before that (a fresh chroot, a container image), the
	# name of the suite has to do; a wrong guess does not pass the signature check.
	{
		apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(COMPONENT)' 2>/dev/null |
			sed -n "s/|$apt_origin|main\$//p"
		apt-get indextargets --no-release-info --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 2>/dev/null |
			sed -n 's/|main$//p' |
			grep -E "\|($(echo "$apt_suites$apt_aliases" | tr ' ' '|'))([-/].*)?\$"
	} | grep -v '^cdrom:' | awk -F '|' -v want="$1" '
		($2 ~ /[-\/](security|updates)$/ && $2 !~ /-updates$/) == (want == "security") { print $1; exit }'
}

apt_lines() (
	kind=$1
	shift
	archive=$(apt_mirror archive)
	security=$(apt_mirror security)
	if [ -z "$archive" ]; then
		apt_say "the host's apt names no $apt_origin mirror"
		return 1
	fi
	# Translations, other architectures and pdiffs would only take time.
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

apt_fetch_lists() (
	cd "$1" || return
	LC_ALL=C apt-get -c "$1/apt.conf" -q update >update.log 2>&1 && status=0 || status=$?
	! grep -q '^W: Some index files failed to download' update.log || return 1
	# A suite that is not there is an error to apt, but it stores the others.
	[ "$status" -eq 0 ] || grep -q '^E: .*does not have a Release file' update.log
)

# apt_complaints FOLDER: prints apt's messages, except those about suites that the mirror lacks.
apt_complaints() {
	grep '^[EW]: ' "$1/update.log" | grep -v 'does not have a Release file' | head -n 5 >&2
}
