/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The values of options, which run-tests and run-kernel check by the same rules. */
#ifndef MACHINE_OPTION_H
#define MACHINE_OPTION_H

/* The rule for a value. FLAG: there is none. FILE_NAME: of a file that exists. */
enum option_kind {
	FLAG,
	TEXT,
	NUMBER,
	ACCEL,
	ATTACH,
	KERNEL_ARGS,
	ENV,
	COLLECT,
	ROOT,
	FILE_NAME,
	/* Only run-tests has these. */
	SPECS,
	MAINLINE,
};

/* Dies (2) unless `value` obeys the rule. `name` is the option's, with its dashes. */
void option_check(enum option_kind kind, const char *name, const char *value);
/* Dies (2) unless it is a number from `least` on. */
long option_number(const char *name, const char *text, long least);

#endif
