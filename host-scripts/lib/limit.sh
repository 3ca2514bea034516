#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Tells GNU parallel (--limit) whether memory allows one more kernel.
#
# Usage: limit.sh KB PARALLEL
#
# KB is what a kernel needs; PARALLEL is the process whose children the kernels are. It is asked often, and starts no
# program.
#
# Environment: BPFCHECK_MEMINFO  instead of /proc/meminfo, for tests
#
# Exit codes: 0 there is so much, or none is running; 1 there is not; 2 there is not half as much, and of those that run,
# more than one, one has to go

set -eu
available=0
while read -r name value _; do
	[ "$name" != MemAvailable: ] || available=$value
done <"${BPFCHECK_MEMINFO:-/proc/meminfo}"
[ "$available" -lt "$1" ] || exit 0
# No newline ends it. Without CONFIG_PROC_CHILDREN it is not there, and only the number of jobs is a limit.
children=
{
	read -r children <"/proc/$2/task/$2/children" || :
} 2>/dev/null
running=0
for child in $children; do
	case $child in
		# The shell that parallel has for us.
		"$$" | "$PPID") ;;
		*) running=$((running + 1)) ;;
	esac
done
[ "$running" -gt 0 ] || exit 0
[ "$running" -eq 1 ] || [ "$available" -ge $(($1 / 2)) ] || exit 2
exit 1
