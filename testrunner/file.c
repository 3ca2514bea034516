// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads whole files. */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int file_read(const char *path, size_t max, char **data, size_t *len)
{
	FILE *file = fopen(path, "re");
	size_t room = 4096, have = 0;
	char *text = NULL;
	int err = 0;

	if (!file)
		return -errno;
	while (!err) {
		char *more = realloc(text, room + 1);
		size_t n;

		if (!more) {
			err = -ENOMEM;
			break;
		}
		text = more;
		n = fread(text + have, 1, room - have, file);
		have += n;
		if (have < room) {
			err = ferror(file) ? -EIO : 0;
			break;
		}
		if (have > max)
			err = -EFBIG;
		room *= 2;
	}
	fclose(file);
	if (!err && have > max)
		err = -EFBIG;
	if (err) {
		free(text);
		return err;
	}
	text[have] = '\0';
	*data = text;
	*len = have;
	return 0;
}

long file_read_number(const char *path, long fallback)
{
	FILE *file = fopen(path, "re");
	long number;

	if (!file)
		return fallback;
	if (fscanf(file, "%ld", &number) != 1)
		number = fallback;
	fclose(file);
	return number;
}
