# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Installs a kernel that was compiled, and tries whether it boots.
#
# Needs lib/folder.sh. Reads: repo, BPFCHECK_BUILD, scratch, kernel_scratch, kernel_release; linux_root, linux_origin,
# linux_objects. Sets: kernel_from, kernel_source.
#
#   linux_install NAME KEY JSON
#       Makes the kernel's folder, mainline/NAME, with this KEY in its meta.json.
#   linux_boots NAME FOLDER
#       Says whether it boots, and returns run-kernel's exit code.

linux_install() {
	mkdir "${kernel_scratch:?}/tree"
	cp "${linux_objects:?}/.config" "$kernel_scratch/tree/config"
	kernel_from=$1
	kernel_source=${linux_origin:?}
	# The image's own path, as the vmlinux beside it may have BTF.
	kernel_fill "$kernel_scratch/tree" "$kernel_scratch/folder" "$linux_objects/arch/x86/boot/bzImage"
	[ "${kernel_release:?}" = "$1" ] || say "$1: calls itself $kernel_release"
	# The ELF file in the image has no symbols and no types.
	cp "$linux_objects/vmlinux" "$kernel_scratch/folder/vmlinux"
	folder_install mainline "$@"
}

linux_boots() {
	if [ ! -x "$BPFCHECK_BUILD/bin/busybox" ]; then
		say "$1: not booted: run make first, which builds the guest's programs"
		return 0
	fi
	mkdir -p "${scratch:?}/suite"
	cp "$BPFCHECK_BUILD/bin/busybox" "$scratch/suite/true"
	printf 'about It boots.\nrun true\n' >"$scratch/suite/boots.test"
	status=0
	# Debug kernels are large and slow.
	"${repo:?}/host-scripts/run-kernel" --cold --brief --memory 1024 --boot-timeout 300 --suite "$scratch/suite" \
		--results "$scratch/results" "$2" >"$scratch/verdict" || status=$?
	if [ "$status" -eq 0 ]; then
		say "$1: boots"
	else
		console=${linux_root:?}/logs/$1.console
		cp "$scratch/results/mainline/$1/console.log" "$console" 2>/dev/null || :
		say "$1: $(cat "$scratch/verdict"); its console is in $console"
	fi
	return "$status"
}
