# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Counts the points of TAP files. A file without a plan, or with another number of points than its plan says, is a
# failure of its own: a test that did not run is not a pass.

function close_file() {
	if (file == "")
		return
	if (plan < 0 || plan != points) {
		printf "%s: %s points, plan %s\n", file, points, plan < 0 ? "missing" : plan > "/dev/stderr"
		failed++
	}
}

FNR == 1 {
	close_file()
	file = FILENAME
	plan = -1
	points = 0
}

/^1\.\.[0-9]+/ {
	plan = substr($1, 4) + 0
	if (plan == 0 && tolower($0) ~ /# *skip/)
		skipped++
}

/^Bail out!/ {
	print file ": " $0 > "/dev/stderr"
	failed++
}

# cmocka says "not ok N # SKIP" of a test that it skips.
/^(not )?ok/ {
	points++
	if (tolower($0) ~ /# *skip/) {
		skipped++
	} else if ($1 == "ok") {
		passed++
	} else {
		failed++
		print file ": " $0 > "/dev/stderr"
	}
}

END {
	close_file()
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0 || passed == 0
}
