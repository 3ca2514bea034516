# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Makes a kernel's configuration: defconfig, with fragments from kernels/config and the user's files on top.
#
# Needs build.sh. Reads: repo, scratch; linux_root, linux_tree, linux_id, linux_version (source.sh). Sets: linux_extra, the
# fragments for all kernels; linux_wanted, linux_suffix, linux_objects and linux_log, as below.
#
#   linux_fragment_add NAME|FILE
#       Adds a fragment for all kernels.
#   linux_fragments VERSION[-NAME...]
#       Sets linux_wanted to a file with all options of its fragments, of which the last one counts, and linux_suffix to the
#       end of the kernel's name. Dies (2) when a fragment does not exist.
#   linux_configure NAME
#       Sets linux_objects and linux_log, and configures the kernel. Dies when an option has not the value that was asked for.
#       All configurations of a version share their objects: the next one compiles only what its options change.

linux_extra=

# The user's files are copied to one folder, where they are found by name.
linux_fragment_add() {
	case $1 in
		*/* | *.config)
			[ -f "$1" ] || usage_error "--config $1: no such file"
			fragment=$(basename "$1" .config)
			mkdir -p "${scratch:?}/fragments"
			cp "$1" "$scratch/fragments/$fragment.config"
			;;
		*) fragment=$1 ;;
	esac
	linux_extra="$linux_extra $fragment"
}

# linux_fragment_file NAME: sets file.
linux_fragment_file() {
	case $1 in
		'' | *[!0-9A-Za-z_]*) usage_error "$1: a fragment's name has letters, digits and _ only" ;;
	esac
	for file in "$scratch/fragments/$1.config" "${repo:?}/kernels/config/$1.config"; do
		[ ! -f "$file" ] || return 0
	done
	usage_error "$1: no such fragment; there are $(cd "$repo/kernels/config" && echo *.config)"
}

linux_fragments() {
	linux_suffix=
	linux_wanted=$scratch/wanted.config
	: >"$linux_wanted"
	for fragment in bpf guest $(printf %s "$1" | sed 's/^[0-9.]*//' | tr - ' ') $linux_extra; do
		linux_fragment_file "$fragment"
		{
			cat "$file"
			echo
		} >>"$linux_wanted"
		case $fragment in
			bpf | guest) ;;
			*) linux_suffix=$linux_suffix-$fragment ;;
		esac
	done
}

# linux_not_taken WANTED CONFIG: prints the options whose value is not the wanted one. Options between "# since 5.18" and
# the next empty line do not count for earlier versions.
linux_not_taken() {
	awk -v version="${linux_version:?}" '
		function number(text, part) { split(text, part, "."); return part[1] * 1000 + part[2] }
		/^$/ { since = 0 }
		/^# since [0-9]/ { since = number($3) }
		/^CONFIG_[A-Za-z0-9_]*=/ { name = substr($0, 1, index($0, "=") - 1); value = substr($0, index($0, "=") + 1) }
		/^# CONFIG_[A-Za-z0-9_]* is not set$/ { name = $2; value = "n" }
		NR == FNR && !name && !/^(#|$)/ { print "\"" $0 "\" (not understood)" }
		name && NR == FNR && since <= number(version) { wanted[name] = value }
		name && NR != FNR { have[name] = value }
		{ name = "" }
		END {
			for (name in wanted) {
				is = name in have ? have[name] : "n"
				if (is != wanted[name]) print name "=" wanted[name] " (is " is ")"
			}
		}' "$1" "$2" | sort
}

linux_configure() {
	linux_objects=${linux_root:?}/objects/${linux_id:?}
	linux_log=$linux_root/logs/$1.log
	mkdir -p "$linux_objects" "$linux_root/logs"
	need_space "$linux_objects" 2500
	# Not through 'make defconfig', which would keep an option that was selected only by options that are off now.
	cat "${linux_tree:?}/arch/x86/configs/x86_64_defconfig" "$linux_wanted" >"$linux_objects/.config"
	linux_make olddefconfig
	linux_wait "$1: olddefconfig"
	linux_left=$(linux_not_taken "$linux_wanted" "$linux_objects/.config" | sed ':a; N; $!ba; s/\n/, /g')
	[ -z "$linux_left" ] || die 5 "$1: did not take: $linux_left; they need other options, or Linux $linux_version does not have them"
}
