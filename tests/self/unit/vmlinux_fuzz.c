/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Any bytes as a kernel image, and as the kernel within one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/image/elf.h"
#include "host/image/image.h"

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void as_image(const uint8_t *data, size_t size)
{
	char error[160] = "";
	struct image image;

	if (image_parse(data, size, &image, error, sizeof(error)) < 0) {
		check(error[0] != '\0');
		return;
	}
	check(image.layout);
	check(image.payload <= size && image.payload_len <= size - image.payload);
	check(strlen(image.release) < sizeof(image.release));
}

static void as_kernel(unsigned char *data, size_t size)
{
	char banner[BANNER_SIZE], digits[BUILD_ID_MAX * 2 + 1], *config = NULL;
	struct vmlinux vmlinux;

	if (banner_find(data, size, banner))
		check(strncmp(banner, "Linux version ", 14) == 0 && !strchr(banner, '\n'));
	if (config_find(data, size, &config) == 0)
		free(config);
	if (vmlinux_read(data, size, &vmlinux))
		return;
	check(vmlinux.build_id_len <= BUILD_ID_MAX && vmlinux.btf_len <= size);
	build_id_format(&vmlinux, digits);
	check(strlen(digits) == 2 * vmlinux.build_id_len);
	if (vmlinux.build_id_len)
		build_id_within(&vmlinux, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* libelf may write to what it reads. */
	unsigned char *copy = malloc(size + !size);
	static FILE *null;

	if (!null)
		null = fopen("/dev/null", "w");
	memcpy(copy, data, size);
	as_image(copy, size);
	as_kernel(copy, size);
	vmlinux_symbols(copy, size, null);
	free(copy);
	return 0;
}
