// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Writes the settings of a run. */
#include "host/machine/settings.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/machine/child.h"
#include "host/machine/message.h"

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

/* A module's name ends in `suffix`; `program -dc` unpacks it, unless that is NULL. */
static const struct packing {
	const char *suffix, *program;
} packings[] = {
	{ ".ko", NULL },
	{ ".ko.xz", "xz" },
	{ ".ko.gz", "gzip" },
	{ ".ko.zst", "zstd" },
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

void module_write(FILE *out, const char *path, unsigned int index)
{
	const struct packing *packing = packing_find(path);
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char entry[NAME_MAX + 64], *bytes = NULL;
	size_t len;
	int err = 0;

	if (!packing)
		die(EXIT_INFRA, "%s: compressed in an unknown way", path);
	if (!packing->program)
		err = file_read(path, MODULE_MAX, &bytes, &len);
	else if (child_capture((const char *const[]){ packing->program, "-dc", path, NULL }, 0,
			       &bytes, &len))
		die(EXIT_INFRA, "%s: %s cannot unpack it", path, packing->program);
	if (err)
		die(EXIT_INFRA, "%s: %s", path, strerror(-err));
	snprintf(entry, sizeof(entry), "bpfcheck/modules-run/%03u-%.*s.ko", index,
		 (int)(strlen(name) - strlen(packing->suffix)), name);
	cpio_write(out, entry, S_IFREG | 0644, bytes, len);
	free(bytes);
}
