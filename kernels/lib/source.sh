# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Knows where a kernel can come from. A new kind of source is a row in this table, and two functions in source/FILE.sh:
#
#   source_NAME_check REST
#       Whether REST, a spec without its prefix, is valid. Asks nothing, downloads nothing.
#   source_NAME_fetch REST
#       Prints the kernel's folder and ends the script; see folder.sh.
#
# Reads: repo. Sets: source_spec, source_name, source_rest, and kernel_source, which source_NAME_fetch may replace.
#
#   source_find SPEC
#       Loads the file that knows SPEC; sets source_name and source_rest. Dies (2) when SPEC is not valid.

# The prefix, or the whole spec; NAME; FILE; an example. A spec that is not here is a path.
source_kinds='
debian:   debian   debian   debian:6.1-cloud
ubuntu:   ubuntu   ubuntu   ubuntu:6.8
apt:      apt      apt      apt:linux-image-amd64
mainline: mainline mainline mainline:6.6.31
https:    https    https    https://HOST/PATH/bzImage
http:     https    https    http://HOST/PATH/bzImage#sha256=...
rpm:      rpm      https    rpm:https://HOST/PATH/kernel-core-6.17.1-300.fc43.x86_64.rpm
host      host     path     host
tree:     tree     tree     tree:FOLDER/fedora/5.14.10__2f1e.tar.gz
member:   member   tree     member:mainline-kernels.tar/mainline-kernels/bzImage-6.6
ci:       ci       ci       ci:6.6
'

source_find() {
	source_spec=$1
	kernel_source=$1
	source_rest=$1
	source_name=path
	source_file=path
	source_example=debian:6.1-cloud
	while read -r start name file example; do
		case $1 in
			'') ;;
			"${start%:}:"* | "$start")
				source_rest=${1#"$start"}
				source_name=$name
				source_file=$file
				source_example=$example
				;;
		esac
	done <<-END
		$source_kinds
	END
	# shellcheck source=/dev/null # one of the table's
	. "${repo:?}/kernels/source/$source_file.sh"
	"source_${source_name}_check" "$source_rest" ||
		usage_error "$1: no such file, and not a spec like $source_example"
}
