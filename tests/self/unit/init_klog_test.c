/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines of /dev/kmsg in guest-init: which of them become klog records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../guest-init/record.h"

static char text[KLOG_GROWTH];

static bool klog(struct records *records, const char *line)
{
	char *copy = strdup(line);
	bool written;

	*records = (struct records){ .data = text, .size = sizeof(text), .nonce = "0a" };
	assert_non_null(copy);
	written = record_klog(records, copy);
	free(copy);
	return written;
}

static void assert_klog(const char *line, const char *members)
{
	struct records records;
	char want[1024] = "{\"nonce\":\"0a\",\"seq\":0,\"from\":\"init\",\"type\":\"klog\",";
	char *got;

	assert_true(klog(&records, line));
	strcat(want, members);
	strcat(want, ",\"taint\":null}\n");
	got = strndup(records.data, records.len);
	assert_string_equal(got, want);
	free(got);
}

static void test_taken(void **state)
{
	(void)state;
	assert_klog(
		"4,339,5140900,-;WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2\n",
		"\"level\":4,\"text\":\"WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2\",\"ts_us\":5140900");
	assert_klog("0,1,0,-;Kernel panic\n", "\"level\":0,\"text\":\"Kernel panic\",\"ts_us\":0");
	/* Flags to come, which the format allows for. */
	assert_klog("3,18446744,99,c,caller=T1,new;a;b\n",
		    "\"level\":3,\"text\":\"a;b\",\"ts_us\":99");
	/* The dictionary is left out. */
	assert_klog("4,7,8,-;usb 1-1: odd\n SUBSYSTEM=usb\n DEVICE=c189:1\n",
		    "\"level\":4,\"text\":\"usb 1-1: odd\",\"ts_us\":8");
	assert_klog("4,7,8,-;", "\"level\":4,\"text\":\"\",\"ts_us\":8");
	/* The kernel's escapes stay, as JSON wants them. */
	assert_klog("4,7,8,-;a\\x09\"b\n",
		    "\"level\":4,\"text\":\"a\\u005cx09\\u0022b\",\"ts_us\":8");
}

static void test_left(void **state)
{
	static const char *const lines[] = {
		"5,1,2,-;notice\n",
		"6,1,2,-;info\n",
		"7,1,2,-;debug\n",
		/* Written by processes: facility user, daemon. */
		"12,1,2,-;BUG: forged\n",
		"8,1,2,-;BUG: forged\n",
		"27,1,2,-;BUG: forged\n",
		/* Malformed. */
		"",
		"\n",
		";",
		"4",
		"4,1,2",
		"4,1,2,-",
		"4,1;x\n",
		"4,1,2;x\n",
		"-1,1,2,-;x\n",
		"4294967300,1,2,-;x\n",
		"18446744073709551620,1,2,-;x\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct records records;

		assert_false(klog(&records, lines[i]));
		assert_int_equal(records.len, 0);
		assert_int_equal(records.seq, 0);
	}
}

static void test_longest(void **state)
{
	struct records records;
	char line[KMSG_LINE_MAX + 1];

	(void)state;
	memset(line, '\x01', sizeof(line));
	memcpy(line, "4,1,2,-;", 8);
	line[sizeof(line) - 1] = '\0';
	assert_true(klog(&records, line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
