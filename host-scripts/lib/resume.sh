# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What --resume need not run again.
#
# Needs lib/common.sh, lib/kvm.sh, lib/suite.sh.
#
#   resume_key SUITE OPTION...
#       Sets run_key, which stands for all that a result depends on but for the kernel: suite, programs, scripts, QEMU, and
#       run-kernel's OPTIONs. A file counts as another one when its time of change, which cannot be set back, differs.
#   resume_has FOLDER KERNEL
#       Whether the results in FOLDER are complete, with this key, and not older than the kernel. Sets resume_verdict to
#       their exit code.

resume_key() {
	suite_now=$1
	shift
	run_key=$({
		printf '%s\n' "$@"
		find -H "$suite_now" "$BPFCHECK_BUILD/bin" "$here" "$(command -v "$QEMU" || echo "$here")" ! -type d \
			-printf '%p %s %T@ %C@ %m %l\n' | sort
	} | sha256sum | cut -c 1-32)
}

resume_has() {
	grep -qsF "\"key\": \"$run_key\"" "$1/run.json" || return 1
	# Kernels of two trees may have the same name.
	grep -qF "\"spec\": $(json_string "$2")" "$1/run.json" || return 1
	[ -z "$(find "$2/meta.json" -newercc "$1/run.json")" ] || return 1
	"$bpfcheck" report --format summary "$1" >/dev/null 2>&1 && resume_verdict=0 || resume_verdict=$?
	case $resume_verdict in
		# As for 5, the run could not be done.
		0 | 1 | 3 | 4) ;;
		*) return 1 ;;
	esac
}
