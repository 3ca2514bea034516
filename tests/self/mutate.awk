# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# A C source with one wrong value in an event.
#
# Usage: awk -v wanted=N -f mutate.awk FILE
#
# Prints FILE, where the Nth place that puts something into an event puts something else there; exits with 1 when there
# are fewer. The place is named on standard error. What is an event is told by the variable's name: event, task, cred, ...

function named(name) {
	print FILENAME ":" first ": " name >"/dev/stderr"
	return name
}

# Each of the places in the statement; with the Nth of all, it is changed.
function places(statement) {
	if (match(statement, /^\t+[a-z]+(->|\.)[a-z_0-9.]+ =/) && ++found == wanted) {
		name = substr(statement, 1, RLENGTH - 2)
		value = substr(statement, RLENGTH + 1)
		gsub(/^\t+/, "", name)
		sub(/;$/, "", value)
		# A time is half of it: of single nanoseconds nobody but the kernel knows. A length is less: a NUL more is
		# only the end of a text.
		return named(name) (name ~ /_ns$/ ? " = 1ULL * (" value ") / 2;" :
			name ~ /len$/ ? " = (" value ") - 1;" : " = 1 + (" value ");")
	}
	# A field of varying length: its last byte is lost, or there is one more.
	if (statement ~ /_append/ && match(statement, /&event->[a-z_]+/) && ++found == wanted)
		return statement " " named(substr(statement, RSTART + 1, RLENGTH - 1)) ".len ^= 1;"
	if (statement ~ /READ_INTO/ && match(statement, /&[a-z]+->[a-z_0-9.]+/) && ++found == wanted)
		return statement " ++*(char *)&" named(substr(statement, RSTART + 1, RLENGTH - 1)) ";"
	return statement
}

open == "" && /^\t+((event|to|task|cred|namespaces|tty|flags|header)(->|\.)[a-z_0-9.]+ =( |$)|BPF_CORE_READ_INTO\(&[a-z]+->|record_append[a-z_]*\(record, &event->)/ {
	open = $0
	first = FNR
	if ($0 !~ /;$/)
		next
}
open != "" {
	if (first != FNR)
		open = open "\n" $0
	if ($0 ~ /;$/) {
		print places(open)
		open = ""
	}
	next
}
{ print }

END { exit found < wanted }
