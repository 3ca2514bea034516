# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Where a kernel can come from. A new kind of source is a row in this table and a file, lib/source_NAME.sh, with
#
#   source_NAME_check REST
#       Whether REST, a spec without its prefix, could be one. Nothing is asked or downloaded. The whole is $source_spec.
#   source_NAME_fetch REST
#       Prints the kernel's folder and ends the script; see lib/folder.sh.
#
# Needs lib/common.sh.
#
#   source_find SPEC
#       Loads the file that knows SPEC, and sets source_name and source_rest. Dies (2) when SPEC is nothing that could be
#       fetched.

# What a spec begins with, or all of it; NAME; an example. What is not here is a path.
source_kinds='
debian:   debian   debian:6.1-cloud
ubuntu:   ubuntu   ubuntu:6.8
apt:      apt      apt:linux-image-amd64
mainline: mainline mainline:6.6.31
https:    https    https://HOST/PATH/bzImage
http:     https    http://HOST/PATH/bzImage#sha256=...
rpm:      rpm      rpm:https://HOST/PATH/kernel-core-6.17.1-300.fc43.x86_64.rpm
host      host     host
tree:     tree     tree:FOLDER/fedora/5.14.10__2f1e.tar.gz
member:   member   member:mainline-kernels.tar/mainline-kernels/bzImage-6.6
ci:       ci       ci:6.6
'

source_find() {
	source_spec=$1
	source_name=path
	source_rest=$1
	source_example=debian:6.1-cloud
	while read -r start name example; do
		case $1 in
			'') ;;
			"${start%:}:"* | "$start")
				source_name=$name
				source_example=$example
				source_rest=${1#"$start"}
				;;
		esac
	done <<-END
		$source_kinds
	END
	# shellcheck source=/dev/null # one of the table's
	. "$here/lib/source_$source_name.sh"
	"source_${source_name}_check" "$source_rest" ||
		usage_error "$1: no such file, and not a spec like $source_example"
}
