# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetches a package of the host's own distribution by its name, and the parts of a kernel that it depends on:
# apt:linux-image-amd64, apt:linux-image-generic=6.8.0-45.45. lib/source.sh describes the interface.
#
# Reads: repo, source_spec, kernel_scratch. Sets: folder_key, kernel_from.

# shellcheck source=kernels/lib/packages.sh
. "${repo:?}/kernels/lib/packages.sh"
# shellcheck source=kernels/source/path.sh
. "$repo/kernels/source/path.sh"

# apt_closure PACKAGE[=VERSION]: prints it and the packages it depends on, with versions, one per line.
apt_closure() {
	awk -F '\t' -v wanted="$1" '
		# The newest version of each comes first.
		!($1 in newest) { newest[$1] = $2 }
		{ depends[$1 "=" $2] = $6 }
		function walk(package, count, items, i, name) {
			if (!(package in depends) || package in seen)
				return
			seen[package]
			print package
			count = split(depends[package], items, / *[,|] */)
			for (i = 1; i <= count; i++) {
				name = items[i]
				sub(/ .*/, "", name)
				if (name !~ /^linux-(image|binary|modules|base)-/)
					continue
				if (sub(/^[^(]*\(= */, "", items[i]) && sub(/\).*/, "", items[i]))
					walk(name "=" items[i])
				else
					walk(name "=" newest[name])
			}
		}
		END { walk(wanted ~ /=/ ? wanted : wanted "=" newest[wanted]) }' "${apt_root:?}/packages/index.tsv"
}

source_apt_check() {
	case $1 in
		'' | -* | =* | *[!0-9A-Za-z.+~:=-]*) return 1 ;;
	esac
}

source_apt_fetch() {
	folder_known "$source_spec" 360
	distro=debian
	! sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' /etc/os-release 2>/dev/null | grep -q ubuntu || distro=ubuntu
	packages_apt "$distro" || die 5 "$source_spec: it is not known what the mirror has"
	parts=$(apt_closure "$1")
	[ -n "$parts" ] || die 5 "$source_spec: no such package on the mirror, or no kernel's"
	folder_key=$source_spec
	folder_begin "apt-$1" 360
	# shellcheck disable=SC2086 # a list of words
	packages_unpack $parts || die 5 "$source_spec: cannot be downloaded"
	version=$(printf '%s\n' "$parts" | sed 's/^[^=]*=//; s/[^0-9A-Za-z.+-]/_/g; q')
	kernel_from=$source_spec
	kernel_find_image "$kernel_scratch/tree"
	path_install apt "$version" "$kernel_image" packages "$(json_string "$(printf %s "$parts" | tr '\n' ' ')")"
}
