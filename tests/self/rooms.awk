# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Are the rooms of testrunner/ kept apart? Reads the sources below testrunner/, run there; prints each include that goes
# elsewhere than the table allows, and each circle. x.c and x.h are one part here: what x.c needs, x.h's users need.
#
# Exit codes: 0 they are kept apart, 1 they are not.

function room(file) {
	sub(/\/[^\/]*$/, "", file)
	return file
}

function part(file) {
	sub(/(\.bpf)?\.[ch]$/, "", file)
	return file
}

function complain(text) {
	print "rooms: " text
	wrong = 1
}

# Follows the includes of `from`; `path` is the way there, each part after a blank.
function follow(from, path,    parts, count, i) {
	if (index(path " ", " " from " ")) {
		complain("a circle:" substr(path, index(path " ", " " from " ")) " " from)
		return
	}
	if (done[from])
		return
	count = split(includes[from], parts, " ")
	for (i = 1; i <= count; i++)
		follow(parts[i], path " " from)
	done[from] = 1
}

BEGIN {
	# A room may include itself, and these.
	below["run"] = " process load match event suite record base "
	below["process"] = " match event suite record base "
	below["load"] = " match event suite record base "
	below["match"] = " event suite base "
	below["event"] = " suite base "
	below["suite"] = " base "
	below["record"] = " base "
	below["base"] = " "
	below["host"] = " host/report host/image host/machine" below["run"] "run "
	below["host/report"] = " record base "
	below["host/image"] = " suite base "
	below["host/machine"] = " record base "
}

FNR == 1 {
	files++
	if (!(room(FILENAME) in below))
		complain(FILENAME ": is in no room")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	to = quoted[2]
	if (room(to) != room(FILENAME) && index(below[room(FILENAME)], " " room(to) " ") == 0)
		complain(FILENAME ":" FNR ": " room(FILENAME) "/ may not include " to)
	if (part(to) != part(FILENAME))
		includes[part(FILENAME)] = includes[part(FILENAME)] part(to) " "
}

END {
	for (from in includes)
		follow(from, "")
	if (!files)
		complain("no files to look at")
	exit wrong
}
