// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Escaping: what a guest says can do no harm where it is shown. */
#include "report_guest.h"

#include "base/text.h"

struct text_case {
	const char *about, *text, *line, *xml, *html, *tap, *quoted;
};

#define BAD "\xef\xbf\xbd"

static const struct text_case cases[] = {
	{ "plain", "a b", "a b", "a b", "a b", "a b", "\"a b\"" },
	{ "other scripts", "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x90\x9d",
	  "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x90\x9d", "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x90\x9d",
	  "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x90\x9d", "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x90\x9d",
	  "\"\\u00e9\\u65e5\\ud83d\\udc1d\"" },
	{ "terminal escape", "\x1b[31mred", "\\x1b[31mred", BAD "[31mred", BAD "[31mred",
	  "\\\\x1b[31mred", "\"\\u001b[31mred\"" },
	{ "C1 control",
	  "\xc2\x9b"
	  "31m",
	  "\\u{9b}31m", BAD "31m", BAD "31m", "\\\\u{9b}31m", "\"\\u009b31m\"" },
	{ "newlines", "a\nb\r\nc", "a\\nb\\r\\nc", "a\nb\nc", "a\nb\nc", "a\\\\nb\\\\r\\\\nc",
	  "\"a\\nb\\u000d\\nc\"" },
	{ "tab", "a\tb", "a b", "a b", "a b", "a b", "\"a\\u0009b\"" },
	{ "markup", "<b a=\"1\">&'", "<b a=\"1\">&'", "&lt;b a=&quot;1&quot;&gt;&amp;&#39;",
	  "&lt;b a=&quot;1&quot;&gt;&amp;&#39;", "<b a=\"1\">&'", "\"<b a=\\\"1\\\">&'\"" },
	{ "end of CDATA", "]]>", "]]>", "]]&gt;", "]]&gt;", "]]>", "\"]]>\"" },
	{ "a directive of its own", "x # SKIP y \\", "x # SKIP y \\", "x # SKIP y \\",
	  "x # SKIP y \\", "x \\# SKIP y \\\\", "\"x # SKIP y \\\\\"" },
	{ "right to left",
	  "a\xe2\x80\xae"
	  "b",
	  "a\\u{202e}b",
	  "a\xe2\x80\xae"
	  "b",
	  "a" BAD "b", "a\\\\u{202e}b", "\"a\\u202eb\"" },
	{ "no UTF-8",
	  "a\xff"
	  "b",
	  "a\\xffb", "a" BAD "b", "a" BAD "b", "a\\\\xffb", "\"a\\ufffdb\"" },
	{ "overlong", "\xc0\xaf", "\\xc0\\xaf", BAD BAD, BAD BAD, "\\\\xc0\\\\xaf",
	  "\"\\ufffd\\ufffd\"" },
	{ "surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", BAD BAD BAD, BAD BAD BAD,
	  "\\\\xed\\\\xa0\\\\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "beyond Unicode", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", BAD BAD BAD BAD,
	  BAD BAD BAD BAD, "\\\\xf4\\\\x90\\\\x80\\\\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
	{ "cut short", "\xe6\x97", "\\xe6\\x97", BAD BAD, BAD BAD, "\\\\xe6\\\\x97",
	  "\"\\ufffd\\ufffd\"" },
	{ "no character", "\xef\xbf\xbf", "\\u{ffff}", BAD, BAD, "\\\\u{ffff}", "\"\\uffff\"" },
	{ "nothing", "", "", "", "", "", "\"\"" },
};

static void line(FILE *out, const char *text)
{
	text_line(out, text, 1000);
}

static void xml(FILE *out, const char *text)
{
	text_xml(out, text, strlen(text));
}

static void html(FILE *out, const char *text)
{
	text_html(out, text, strlen(text));
}

/* `text` in a block of its very own size. */
static void assert_writes(const char *about, void (*write)(FILE *out, const char *text),
			  const char *text, const char *want)
{
	char *got = NULL, *exact = strdup(text);
	size_t size = 0;
	FILE *out = open_memstream(&got, &size);

	write(out, exact);
	fclose(out);
	if (strcmp(got, want))
		fail_msg("%s: got \"%s\", want \"%s\"", about, got, want);
	free(exact);
	free(got);
}

static void escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct text_case *row = &cases[i];

		assert_writes(row->about, line, row->text, row->line);
		assert_writes(row->about, text_tap, row->text, row->tap);
		assert_writes(row->about, xml, row->text, row->xml);
		assert_writes(row->about, html, row->text, row->html);
		assert_writes(row->about, text_quoted, row->text, row->quoted);
	}
}

static void attributes(void **state)
{
	(void)state;
	assert_writes("attribute", text_attribute, "a\n\"<b>\" \x1b\t'",
		      "a&#10;&quot;&lt;b&gt;&quot; " BAD " &#39;");
}

static void short_line(FILE *out, const char *text)
{
	text_line(out, text, 3);
}

static void cutting(void **state)
{
	char text[] = "ab\xc3\xa9\xc3\xa9\xc3\xa9";

	(void)state;
	assert_writes("as long as may be", short_line, "abc", "abc");
	assert_writes("longer", short_line, "abcd", "abc...");
	assert_writes("by characters", short_line, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
		      "\xc3\xa9\xc3\xa9\xc3\xa9...");
	assert_int_equal(text_width("abcd", 3), 6);
	text_fit(text, strlen(text), 9);
	assert_string_equal(text, "ab\xc3\xa9\xc3\xa9\xc3\xa9");
	text_fit(text, strlen(text), 8);
	assert_string_equal(text, "ab\xc3\xa9...");
	text_fit(text, 100, 4);
	assert_string_equal(text, "...");
}

static void utf8_for_json(void **state)
{
	static const char bytes[] = { 'a', 0, (char)0xff, (char)0xc3, (char)0xa9, (char)0xe6 };
	char *text = text_utf8(bytes, sizeof(bytes));
	json_t *json = json_string(text);

	(void)state;
	assert_string_equal(text, "a" BAD BAD "\xc3\xa9" BAD);
	assert_non_null(json);
	json_decref(json);
	free(text);
}

/* No byte, alone or before a letter, may reach a terminal as a control. */
static void every_byte(void **state)
{
	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		char text[] = { (char)byte, 'x', '\0' }, *got = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&got, &size);

		text_line(out, text, 100);
		fclose(out);
		for (size_t i = 0; i < size; i++)
			if (got[i] < 0x20 || got[i] > 0x7e)
				fail_msg("byte %d: got 0x%02x", byte, (unsigned char)got[i]);
		assert_int_equal(size, text_width(text, 100));
		free(got);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),    cmocka_unit_test(attributes),
		cmocka_unit_test(cutting),    cmocka_unit_test(utf8_for_json),
		cmocka_unit_test(every_byte),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
