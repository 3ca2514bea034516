# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Runs the makefiles of a kernel, outside its source tree.
#
# Reads: BPFCHECK_BUILD, CC; linux_tree (source.sh); linux_objects, a folder whose objects are reused; linux_log, a file for
# make's output; linux_suffix, added to the kernel's release (config.sh); linux_jobs, how many compilers run at a time.
#
#   linux_make ARGUMENT...
#       Starts make.
#   linux_wait WHAT
#       Waits for it. Dies when WHAT failed.
#   linux_compile NAME
#       Makes vmlinux and arch/x86/boot/bzImage in linux_objects.
#   linux_build_cleanup
#       Ends the compilers.

linux_pid=

# make has a process group of its own, so that all of it can be ended. Variables for other builds, from the user or from a
# make that has started this script, do not count. The same source and configuration make the same kernel.
linux_make() {
	linux_cc=${CC:-gcc}
	if command -v ccache >/dev/null; then
		linux_cc="ccache $linux_cc"
		export CCACHE_DIR="$BPFCHECK_BUILD/ccache" CCACHE_MAXSIZE="${CCACHE_MAXSIZE:-2G}"
	fi
	set -- -C "${linux_tree:?}" O="${linux_objects:?}" ARCH=x86 CC="$linux_cc" HOSTCC="$linux_cc" \
		LOCALVERSION="${linux_suffix?}" \
		KBUILD_BUILD_USER=bpfcheck KBUILD_BUILD_HOST=bpfcheck KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_TIMESTAMP="$(date -u -r "$linux_tree/Makefile")" "$@"
	(
		unset MAKEFLAGS MFLAGS MAKELEVEL GNUMAKEFLAGS KBUILD_OUTPUT KCONFIG_CONFIG CROSS_COMPILE KCFLAGS KCPPFLAGS V
		exec setsid setpriv --pdeathsig TERM make "$@"
	) >"${linux_log:?}" 2>&1 &
	linux_pid=$!
}

linux_wait() {
	wait "$linux_pid" && linux_status=0 || linux_status=$?
	linux_pid=
	# linux_show may have a last line of progress to print, which belongs before the error.
	wait
	[ "$linux_status" -ne 0 ] || return 0
	linux_error=$(
		grep -m 1 -E '(error|Error|ERROR):|undefined reference|No rule to make|not found|FAILED' "$linux_log" ||
			grep -m 1 -F '***' "$linux_log" || tail -n 1 "$linux_log"
	)
	die 5 "$1: $linux_error; all of it is in $linux_log"
}

# linux_show NAME: prints a line of progress every ten seconds, until make ends.
linux_show() {
	tail -n +1 -s 0.2 --pid="$linux_pid" -f "$linux_log" 2>/dev/null |
		awk -v name="${script:?}: $1" '
			BEGIN { start = shown = systime() }
			/^  (CC|AS) / { files++ }
			/^  [A-Z]/ && systime() >= shown + 10 {
				shown = systime()
				printf "%s: %d files compiled, %d s, at %s\n", name, files, shown - start, $NF
				fflush()
			}' >&2
}

linux_compile() {
	linux_make -j "${linux_jobs:?}" bzImage
	linux_show "$1" &
	linux_wait "$1: cannot be built"
}

# make ends its children, and removes their incomplete files.
linux_build_cleanup() {
	[ -n "$linux_pid" ] || return 0
	kill -s TERM -- "-$linux_pid" 2>/dev/null || kill -TERM "$linux_pid" 2>/dev/null || :
	wait "$linux_pid" || :
	linux_pid=
}
