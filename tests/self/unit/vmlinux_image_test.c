/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kernel images: each layout, and what is wrong with one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "host/image/image.h"

#define SIZE 8192

static unsigned char bytes[SIZE];
static struct image image;
static char error[160];

static void put(size_t at, uint64_t number, unsigned int size)
{
	for (; size--; number >>= 8)
		bytes[at++] = (unsigned char)number;
}

/* On a copy of exactly that size, so that the sanitizer sees a read past its end. */
static int parse(size_t len)
{
	unsigned char *copy = malloc(len + !len);
	int err;

	memcpy(copy, bytes, len);
	memset(error, 0, sizeof(error));
	err = image_parse(copy, len, &image, error, sizeof(error));
	free(copy);
	return err;
}

/* Setup code of a boot sector and two more, 16 bytes of loader, 1000 of payload. */
static void make_bzimage(const char *magic, size_t magic_len)
{
	memset(bytes, 0, sizeof(bytes));
	put(497, 2, 1);
	memcpy(bytes + 514, "HdrS", 4);
	put(518, 0x20f, 2);
	put(526, 600 - 512, 2);
	memcpy(bytes + 600, "6.1.0-1-amd64 (who@where) #1 SMP", 32);
	put(566, 1, 2);
	put(584, 16, 4);
	put(588, 1000, 4);
	memcpy(bytes + 3 * 512 + 16, magic, magic_len);
	put(3 * 512 + 16 + 1000 - 4, 123456, 4);
}

static void a_bzimage(void **state)
{
	static const struct {
		const char *name, *magic;
		size_t magic_len, len;
		uint64_t unpacked_len;
	} rows[] = {
		{ "gzip", "\x1f\x8b", 2, 1000, 123456 },
		{ "xz",
		  "\xfd"
		  "7zXZ",
		  6, 996, 123456 },
		{ "lz4", "\x02\x21\x4c\x18", 4, 996, 123456 },
		{ "zstd", "\x28\xb5\x2f\xfd", 4, 996, 123456 },
		{ "lzo", "\x89LZO", 4, 996, 123456 },
		{ "bzip2", "BZh", 3, 996, 123456 },
		{ "lzma", "\x5d\0\0", 3, 996, 123456 },
		{ "none", "\177ELF", 4, 1000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_bzimage(rows[i].magic, rows[i].magic_len);
		assert_int_equal(parse(SIZE), 0);
		assert_string_equal(image.layout, "bzImage");
		assert_string_equal(image.arch, "x86_64");
		assert_string_equal(image.release, "6.1.0-1-amd64");
		assert_string_equal(image.compression->name, rows[i].name);
		assert_int_equal(image.payload, 3 * 512 + 16);
		assert_int_equal(image.payload_len, rows[i].len);
		assert_int_equal(image.unpacked_len, rows[i].unpacked_len);
	}
}

static void a_bzimage_that_is_unusual(void **state)
{
	(void)state;
	make_bzimage("????", 4);
	put(566, 0, 2);
	put(526, 0, 2);
	assert_int_equal(parse(SIZE), 0);
	assert_null(image.compression);
	assert_string_equal(image.arch, "i686");
	assert_string_equal(image.release, "");
	/* A release that would be past the end. */
	put(526, 0xffff, 2);
	assert_int_equal(parse(SIZE), 0);
	assert_string_equal(image.release, "");
	/* No sectors means four of them. */
	put(497, 0, 1);
	assert_int_equal(parse(SIZE), 0);
	assert_int_equal(image.payload, 5 * 512 + 16);
}

static void a_bzimage_that_is_wrong(void **state)
{
	(void)state;
	make_bzimage("\x1f\x8b", 2);
	assert_int_equal(parse(2551), -EINVAL);
	assert_string_equal(error, "truncated: has 2551 bytes, its header promises 2552 or more");
	assert_int_equal(parse(2552), 0);
	put(588, 4, 4);
	assert_int_equal(parse(SIZE), -EINVAL);
	assert_string_equal(error, "a bzImage without a payload");
	put(584, 0xffffffff, 4);
	put(588, 0xffffffff, 4);
	assert_int_equal(parse(SIZE), -EINVAL);
	assert_string_equal(error,
			    "truncated: has 8192 bytes, its header promises 8589936126 or more");
	/* A protocol without these fields. */
	put(518, 0x207, 2);
	assert_int_equal(parse(SIZE), -EINVAL);
	assert_non_null(strstr(error, "not a bzImage"));
}

static void make_zboot(void)
{
	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, "MZ\0\0zimg", 8);
	put(8, 4096, 4);
	put(12, 2000, 4);
	memcpy(bytes + 24, "zstd22", 7);
	put(60, 64, 4);
	memcpy(bytes + 64, "PE\0\0", 4);
	put(68, 0xaa64, 2);
	memcpy(bytes + 4096, "\x28\xb5\x2f\xfd", 4);
	put(4096 + 2000, 7654321, 4);
}

static void a_zboot_image(void **state)
{
	(void)state;
	make_zboot();
	assert_int_equal(parse(SIZE), 0);
	assert_string_equal(image.layout, "zboot");
	assert_string_equal(image.arch, "aarch64");
	assert_string_equal(image.compression->name, "zstd");
	assert_int_equal(image.payload, 4096);
	assert_int_equal(image.payload_len, 2000);
	assert_int_equal(image.unpacked_len, 7654321);
	/* gzip ends in the size, which is a part of it. */
	memcpy(bytes + 4096, "\x1f\x8b", 2);
	put(4096 + 2000 - 4, 1234567, 4);
	assert_int_equal(parse(SIZE), 0);
	assert_int_equal(image.unpacked_len, 1234567);
	assert_int_equal(parse(6095), -EINVAL);
	assert_string_equal(error, "truncated: has 6095 bytes, its header promises 6096 or more");
	/* A PE header that is not there. */
	put(60, 0xffffffff, 4);
	assert_int_equal(parse(SIZE), 0);
	assert_null(image.arch);
}

static void others(void **state)
{
	(void)state;
	memset(bytes, 0, sizeof(bytes));
	/* With an EFI stub it begins as a PE file does. */
	memcpy(bytes, "MZ", 2);
	memcpy(bytes + 56, "ARM\x64", 4);
	assert_int_equal(parse(SIZE), 0);
	assert_string_equal(image.layout, "Image");
	assert_string_equal(image.arch, "aarch64");
	assert_string_equal(image.compression->name, "none");
	assert_int_equal(image.payload_len, SIZE);
	memcpy(bytes, "\x1f\x8b", 2);
	bytes[56] = 0;
	assert_int_equal(parse(SIZE), 0);
	assert_string_equal(image.layout, "packed");
	assert_string_equal(image.compression->name, "gzip");
	assert_int_equal(image.unpacked_len, 0);
	memcpy(bytes, "\177ELF", 4);
	put(18, 183, 2);
	assert_int_equal(parse(SIZE), 0);
	assert_string_equal(image.layout, "vmlinux");
	assert_string_equal(image.arch, "aarch64");
	for (size_t len = 0; len < 4; len++)
		assert_int_equal(parse(len), -EINVAL);
	assert_non_null(strstr(error, "not a bzImage"));
}

static bool banner(const char *text, char found[BANNER_SIZE])
{
	return banner_find((const unsigned char *)text, strlen(text), found);
}

static void banners(void **state)
{
	char found[BANNER_SIZE], long_text[BANNER_SIZE + 64];

	(void)state;
	assert_true(
		banner("x%s Linux version %s (%s)\nLinux version 6.1.0 (a@b) #1 SMP\nmore", found));
	assert_string_equal(found, "Linux version 6.1.0 (a@b) #1 SMP");
	/* Its end is missing. */
	assert_false(banner("Linux version 6.1.0 (a@b) #1 SMP", found));
	assert_false(banner("Linux version ", found));
	assert_false(banner("", found));
	assert_false(banner("Linux version 6.1.0 \033[2J\n", found));
	memset(long_text, '1', sizeof(long_text));
	memcpy(long_text, "Linux version ", 14);
	memcpy(long_text + sizeof(long_text) - 2, "\n", 2);
	assert_false(banner(long_text, found));
}

static void releases(void **state)
{
	char release[RELEASE_SIZE], long_text[100];

	(void)state;
	release_copy("6.1.0 (a@b)", release);
	assert_string_equal(release, "6.1.0");
	release_copy("6.1.0-rc1\n", release);
	assert_string_equal(release, "6.1.0-rc1");
	release_copy("6.1\033[2J", release);
	assert_string_equal(release, "6.1");
	memset(long_text, 'x', sizeof(long_text));
	long_text[99] = '\0';
	release_copy(long_text, release);
	assert_int_equal(strlen(release), RELEASE_SIZE - 1);
}

static void configurations(void **state)
{
	static const char text[] = "CONFIG_A=y\n";
	z_stream stream = { .next_in = (unsigned char *)text, .avail_in = sizeof(text) - 1 };
	char *config = NULL;
	size_t len;

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(config_find(bytes, SIZE, &config), -ENOENT);
	memcpy(bytes + 100, "IKCFG_ST", 8);
	stream.next_out = bytes + 108;
	stream.avail_out = 1000;
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	len = 108 + stream.total_out;
	deflateEnd(&stream);
	memcpy(bytes + len, "IKCFG_ED", 8);
	assert_int_equal(config_find(bytes, SIZE, &config), 0);
	assert_string_equal(config, text);
	free(config);
	assert_int_equal(config_find(bytes, len - 1, &config), -EINVAL);
	bytes[120] ^= 0xff;
	assert_int_equal(config_find(bytes, SIZE, &config), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bzimage),
		cmocka_unit_test(a_bzimage_that_is_unusual),
		cmocka_unit_test(a_bzimage_that_is_wrong),
		cmocka_unit_test(a_zboot_image),
		cmocka_unit_test(others),
		cmocka_unit_test(banners),
		cmocka_unit_test(releases),
		cmocka_unit_test(configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
