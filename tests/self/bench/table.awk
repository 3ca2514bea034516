# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Medians of samples, held against each other, against goals and against an earlier run.
#
# Usage: awk -v tsv=FILE -f table.awk FS='|' rows FS='\t' samples.tsv [BASELINE]
#
# Prints a table; appends the numbers to FILE, which a later run can take as BASELINE. Exits with 1 when a goal was
# missed. A sample is ROW, ours or peer, VALUE and CPU times of user and system; ROW may end in ":NAME". A VALUE that is no
# number is the reason why there is none.

BEGIN {
	OFS = "\t"
}

FNR == 1 {
	file++
}

/^#/ {
	next
}

file == 1 {
	order[++rows] = $1
	unit[$1] = $2
	goals[$1] = $3
	title[$1] = $6
	against[$1] = $7
}

file == 2 {
	if (!($1 in seen)) {
		seen[$1] = 1
		base = $1
		sub(/:.*/, "", base)
		members[base] = members[base] " " $1
	}
	if ($3 + 0 == 0 && $3 !~ /^[0.]+$/) {
		reason[$1, $2] = $3
		next
	}
	i = ++count[$1, $2]
	value[$1, $2, i] = $3
	if ($4 != "")
		cpu[$1, $2, i] = $4 + $5
}

file == 3 {
	earlier[$1, "ours"] = $3
	earlier[$1, "peer"] = $7
}

# sort(ROW, SIDE): fills sorted[] with the values in order; returns their number.
function sort(from, row, side,    i, j, number) {
	number = count[row, side] + 0
	for (i = 1; i <= number; i++) {
		for (j = i; j > 1 && sorted[j - 1] > from[row, side, i] + 0; j--)
			sorted[j] = sorted[j - 1]
		sorted[j] = from[row, side, i] + 0
	}
	return number
}

function middle(number) {
	return number % 2 ? sorted[(number + 1) / 2] : (sorted[number / 2] + sorted[number / 2 + 1]) / 2
}

# summarize(ROW, SIDE): fills median[], low[], high[], and cpu_median[] where it is known.
function summarize(row, side,    number) {
	if ((row, side) in reason || !(number = sort(value, row, side)))
		return
	median[row, side] = middle(number)
	low[row, side] = sorted[1]
	high[row, side] = sorted[number]
	if ((row, side, 1) in cpu) {
		sort(cpu, row, side)
		cpu_median[row, side] = middle(number)
	}
}

function show(number, unit) {
	return sprintf(number >= 1000 ? "%.0f" : number >= 10 ? "%.1f" : "%.3f", number)
}

function cell(row, side, unit) {
	if ((row, side) in reason)
		return reason[row, side]
	if (!((row, side) in median))
		return ""
	if (count[row, side] == 1)
		return show(median[row, side]) " " unit
	return show(median[row, side]) " " unit " (" show(low[row, side]) ".." show(high[row, side]) ")"
}

# ratio(TABLE, ROW): "" where one of the two is not known.
function ratio(from, row) {
	return (row, "ours") in from && from[row, "peer"] > 0 ? from[row, "ours"] / from[row, "peer"] : ""
}

function change(row, side) {
	return (row, side) in median && earlier[row, side] > 0 ? \
		sprintf("%.2fx", median[row, side] / earlier[row, side]) : ""
}

# judge(ROW, GOALS): yes, no, or ? where one cannot be told.
function judge(row, goals,    list, number, i, limit, got, verdict) {
	verdict = "yes"
	number = split(goals, list, " ")
	for (i = 1; i <= number; i++) {
		limit = substr(list[i], 3) + 0
		got = list[i] ~ /x$/ ? ratio(median, row) : (row, "ours") in median ? median[row, "ours"] : ""
		if (got == "")
			verdict = verdict == "no" ? "no" : "?"
		else if (list[i] ~ /^</ ? got > limit : got < limit)
			verdict = "no"
	}
	return number ? verdict : ""
}

function add(text) {
	table[lines, ++column] = text
	width[column] = length(text) > width[column] ? length(text) : width[column]
}

function begin_line() {
	lines++
	column = 0
}

function factor(number) {
	return number == "" ? "" : sprintf("%.2fx", number)
}

function add_row(row, base,    met) {
	summarize(row, "ours")
	summarize(row, "peer")
	met = judge(row, goals[base])
	tally[met]++
	begin_line()
	add(row)
	add(cell(row, "ours", unit[base]))
	add(cell(row, "peer", unit[base]))
	add(factor(ratio(median, row)))
	add((row, "ours") in cpu_median ? show(cpu_median[row, "ours"]) " s" : "")
	add(factor(ratio(cpu_median, row)))
	add(goals[base])
	add(met)
	if (file == 3) {
		add(earlier[row, "ours"] == "" ? "" : show(earlier[row, "ours"]) " " unit[base])
		add(change(row, "ours"))
		add(change(row, "peer"))
	}
	printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row, unit[base], median[row, "ours"], low[row, "ours"], \
		high[row, "ours"], cpu_median[row, "ours"], median[row, "peer"], low[row, "peer"], high[row, "peer"], \
		cpu_median[row, "peer"] >>tsv
}

END {
	begin_line()
	heads = split("row|ours|limit or peer|ratio|CPU|CPU ratio|goal|met" \
		(file == 3 ? "|before|now/before|peer now/before" : ""), head, "|")
	for (i = 1; i <= heads; i++)
		add(head[i])
	begin_line()
	for (i = 1; i <= heads; i++)
		add("---")
	print "#" "row", "unit", "ours", "low", "high", "cpu", "peer", "low", "high", "cpu" >>tsv
	for (i = 1; i <= rows; i++) {
		number = split(members[order[i]], list, " ")
		for (j = 1; j <= number; j++)
			add_row(list[j], order[i])
		if (number)
			legend = legend sprintf("%-14s %s%s\n", order[i], title[order[i]], \
				against[order[i]] == "" ? "" : "; against: " against[order[i]])
	}
	print ""
	for (i = 1; i <= lines; i++) {
		for (j = 1; j <= heads; j++)
			printf "| %-" width[j] "s ", table[i, j]
		print "|"
	}
	printf "\n%s\ngoals: %d met, %d missed, %d not judged\n", legend, tally["yes"], tally["no"], tally["?"]
	exit tally["no"] > 0
}
