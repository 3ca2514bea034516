// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Writes the settings of a run. */
#include "host/machine/settings.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "host/machine/message.h"
#include "vmlinux_tool.h"

#define MODULE_MAX (256 * 1024 * 1024)

void settings_write(FILE *out, const char *key, const char *value)
{
	fprintf(out, "%s=", key);
	for (; *value; value++) {
		if (*value == '\n')
			fputs("\\n", out);
		else if (*value == '\\')
			fputs("\\\\", out);
		else
			fputc(*value, out);
	}
	fputc('\n', out);
}

static void pad(FILE *out, size_t len)
{
	for (; len % 4; len++)
		fputc('\0', out);
}

void cpio_write(FILE *out, const char *name, unsigned int mode, const void *bytes, size_t len)
{
	size_t name_len = strlen(name) + 1;
	unsigned int links = S_ISDIR(mode) ? 2 : 1;

	/* ino mode uid gid nlink mtime filesize dev(2) rdev(2) namesize check */
	fprintf(out, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 0, mode, 0, 0,
		links, 0, len, 0, 0, 0, 0, name_len, 0);
	fwrite(name, 1, name_len, out);
	pad(out, 110 + name_len);
	if (len)
		fwrite(bytes, 1, len, out);
	pad(out, len);
}

void cpio_write_end(FILE *out)
{
	cpio_write(out, "TRAILER!!!", 0, NULL, 0);
}

static const struct packing {
	const char *suffix;
	const char *const argv[4]; /* {NULL}: it is not packed */
} packings[] = {
	{ ".ko", { NULL } },
	{ ".ko.xz", { "xz", "-dc", NULL } },
	{ ".ko.gz", { "gzip", "-dc", NULL } },
	{ ".ko.zst", { "zstd", "-dcq", NULL } },
};

static const struct packing *packing_find(const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		size_t suffix = strlen(packings[i].suffix);

		if (len > suffix && !strcmp(path + len - suffix, packings[i].suffix))
			return &packings[i];
	}
	return NULL;
}

int module_write(FILE *out, const char *path, unsigned int index)
{
	const struct packing *packing = packing_find(path);
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char entry[NAME_MAX + 64], *bytes;
	unsigned char *unpacked = NULL;
	size_t len;
	int err;

	if (!packing)
		return fail(CODE_INFRA, "%s: compressed in an unknown way", path);
	err = file_read(path, MODULE_MAX, &bytes, &len);
	if (err)
		return fail(CODE_INFRA, "%s: %s", path, strerror(-err));
	if (packing->argv[0])
		err = tool_filter(packing->argv, bytes, len, MODULE_MAX, &unpacked, &len);
	snprintf(entry, sizeof(entry), "bpfcheck/modules-run/%03u-%.*s.ko", index,
		 (int)(strlen(name) - strlen(packing->suffix)), name);
	if (!err)
		cpio_write(out, entry, S_IFREG | 0644, unpacked ? (char *)unpacked : bytes, len);
	free(unpacked);
	free(bytes);
	return err ? fail(CODE_INFRA, "%s: %s cannot unpack it: %s", path, packing->argv[0],
			  strerror(-err)) :
		     0;
}
