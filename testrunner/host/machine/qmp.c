// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads what QEMU says. */
#include "host/machine/qmp.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The registers of hundreds of processors fit. */
#define LINE_MAX_BYTES (4u * 1024 * 1024)

static enum qmp_news event_news(const char *event, json_t *data)
{
	const char *id = json_string_value(json_object_get(data, "id"));
	const char *status = json_string_value(json_object_get(data, "status"));

	if (!strcmp(event, "VSERPORT_CHANGE") && id && !strcmp(id, "control") &&
	    json_is_true(json_object_get(data, "open")))
		return QMP_PORT_OPENED;
	if (strcmp(event, "MIGRATION") || !status)
		return QMP_OTHER;
	if (!strcmp(status, "completed"))
		return QMP_SAVED;
	return strcmp(status, "failed") ? QMP_OTHER : QMP_SAVE_FAILED;
}

enum qmp_news qmp_parse(const char *line, size_t len, char *text, size_t size)
{
	json_t *message = json_loadb(line, len, 0, NULL);
	const char *event = json_string_value(json_object_get(message, "event"));
	const char *returned = json_string_value(json_object_get(message, "return"));
	json_t *error = json_object_get(message, "error");
	enum qmp_news news = QMP_OTHER;

	*text = '\0';
	if (event) {
		news = event_news(event, json_object_get(message, "data"));
	} else if (returned) {
		news = QMP_REGISTERS;
		snprintf(text, size, "%s", returned);
	} else if (json_is_object(error)) {
		const char *words = json_string_value(json_object_get(error, "desc"));

		news = QMP_ERROR;
		snprintf(text, size, "%s", words ? words : "no reason");
	}
	json_decref(message);
	return news;
}

void qmp_register(const char *registers, const char *name, char *value, size_t size)
{
	const char *at = strstr(registers, name);
	size_t len = 0;

	if (at)
		for (at += strlen(name); isxdigit((unsigned char)at[len]);)
			len++;
	snprintf(value, size, "%.*s", (int)len, at ? at : "");
}

static bool line_keep(struct qmp_lines *lines, const char *bytes, size_t len)
{
	if (lines->len + len > LINE_MAX_BYTES)
		lines->too_long = true;
	if (lines->too_long)
		return false;
	if (lines->len + len > lines->size) {
		size_t size = (lines->len + len) * 2;
		char *text = realloc(lines->text, size);

		if (!text)
			return false;
		lines->text = text;
		lines->size = size;
	}
	memcpy(lines->text + lines->len, bytes, len);
	lines->len += len;
	return true;
}

void qmp_lines_add(struct qmp_lines *lines, const char *bytes, size_t len)
{
	while (len) {
		const char *newline = memchr(bytes, '\n', len);
		size_t part = newline ? (size_t)(newline - bytes) : len;

		if (part)
			line_keep(lines, bytes, part);
		if (!newline)
			return;
		if (lines->len && !lines->too_long)
			lines->take(lines->context, lines->text, lines->len);
		lines->len = 0;
		lines->too_long = false;
		bytes += part + 1;
		len -= part + 1;
	}
}

void qmp_lines_free(struct qmp_lines *lines)
{
	free(lines->text);
	lines->text = NULL;
	lines->len = lines->size = 0;
}
