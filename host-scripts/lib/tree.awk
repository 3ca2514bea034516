# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Finds the kernels in a list of files that somebody else has made, and prints their specs; and the folders of distros,
# where the list has some. A line is a name, a tab, and the same as it was found: in a URL that may be another.
#
#     kind     of spec: tree or member
#     distro   DISTRO/, where the files are all of one
#     AT       in the environment: the folder, page or archive that lists them
#
# What looks like a kernel's and cannot be used ends it, with the reason on stderr.

function bad(why)
{
	gsub(/[^ -~]/, "?", name)
	printf "%s: %s\n", substr(name, 1, 300), why >"/dev/stderr"
	failed = 1
	exit 1
}

# It becomes the name of a folder, and stands in lists. NAME_MAX is 255, and something may be added.
function check(part)
{
	if (part !~ /^[A-Za-z0-9][A-Za-z0-9._+~:@=,^-]*$/ || length(part) > 240)
		bad("not a kernel's name: has other characters than letters, digits and ._+~:@=,^-, or more than 240")
}

function found(distro, version, spec)
{
	check(distro)
	check(version)
	if (version ~ /(^|[._-])(aarch64|arm64|armhf|armv7h?l|i[3-6]86|ppc64(le|el)?|s390x|riscv64|loong64)([._-]|$)/) {
		foreign++
		return
	}
	# A page may have more than one link to a file; an archive has no two of one name.
	if ((distro, version) in specs && (kind == "member" || specs[distro, version] != spec))
		bad("its name is also that of " specs[distro, version])
	if (!((distro, version) in specs))
		print spec
	specs[distro, version] = spec
}

BEGIN {
	FS = "\t"
	at = ENVIRON["AT"]
	if (match(at, /^[a-z]+:\/\/[^\/]*/))
		origin = substr(at, 1, RLENGTH)
	base = substr(at, length(origin) + 1)
}

{
	name = $1
	reference = $2
	if (origin) {
		# A link may repeat where we are, and have more behind it.
		if (index(name, origin "/") == 1) {
			name = substr(name, length(origin) + 1)
			reference = substr(reference, length(origin) + 1)
		}
		if (index(name, base) == 1) {
			name = substr(name, length(base) + 1)
			reference = substr(reference, length(base) + 1)
		}
		sub(/[?#].*/, "", name)
	}
	# In an archive it is a part of the name.
	while (kind == "tree" && name ~ /^\.\//) {
		name = substr(name, 3)
		reference = substr(reference, 3)
	}
	count = split(distro name, part, "/")
	image = kind == "tree" ? name ~ /\.(tar\.(gz|xz|zst|bz2)|tgz)$/ : part[count] ~ /^(bzImage|vmlinuz|linux-(x86_64|aarch64))-./
	if (name ~ /^\// || ("/" name "/") ~ /\/\.\.\// || name ~ /^[a-z]+:\/\//) {
		if (image)
			bad("leads out of " at)
	} else if (image && kind == "member") {
		version = part[count]
		sub(/^(bzImage|vmlinuz|linux-x86_64|linux)-v?/, "", version)
		if (name !~ /^[A-Za-z0-9._+~:@=,^\/-]*$/)
			check(name)
		found("mainline", version, "member:" at reference)
	} else if (image && count == 2) {
		version = part[2]
		sub(/\.(tar\.[a-z0-9]*|tgz)$/, "", version)
		found(part[1], version, "tree:" at reference)
	} else if (kind == "tree" && count == 2 && part[2] == "" && !distro) {
		print reference
	}
}

END {
	if (!failed && foreign)
		printf "left out: %d for other processors than x86-64\n", foreign >"/dev/stderr"
}
