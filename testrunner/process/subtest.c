// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The list of a test program's own tests. Its bounds hold whatever the program prints. */
#include "process/subtest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define OUTPUT_KEPT	4096	  /* of each */
#define OUTPUT_KEPT_ALL (4 << 20) /* of all together */
#define REASON_KEPT	500

/* To be freed; of at most `max` bytes. NULL: out of memory. */
static char *text_of(const char *data, size_t len, size_t max)
{
	char *text = text_utf8(data, len > max ? max + 1 : len);

	if (text && strlen(text) > max)
		text_fit(text, strlen(text), max + 1);
	return text;
}

static void set_name(struct subtests *subtests, size_t index, char *name)
{
	if (!name)
		return;
	free(subtests->items[index].name);
	subtests->items[index].name = name;
}

size_t subtest_add(struct subtests *subtests, const char *name, size_t len)
{
	struct subtest *items, *item;
	size_t index = subtests->count;

	if (len == 0) {
		name = "(without a name)";
		len = strlen(name);
	}
	if (index == SUBTESTS_MAX) {
		subtests->left_out++;
		return SUBTEST_NONE;
	}
	if ((index & (index - 1)) == 0) {
		items = reallocarray(subtests->items, index ? index * 2 : 1, sizeof(*items));
		if (!items)
			return SUBTEST_NONE;
		subtests->items = items;
	}
	item = &subtests->items[index];
	*item = (struct subtest){ .name = text_of(name, len, SUBTEST_NAME_MAX), .duration_ms = -1 };
	if (!item->name)
		return SUBTEST_NONE;
	subtests->count++;
	subtests->running++;
	if (!subtests->latest)
		subtests->latest = json_object();
	json_object_set_new(subtests->latest, item->name, json_integer((json_int_t)index));
	return index;
}

size_t subtest_find(const struct subtests *subtests, const char *name, size_t len)
{
	char *text = text_of(name, len, SUBTEST_NAME_MAX);
	const json_t *index = text ? json_object_get(subtests->latest, text) : NULL;

	free(text);
	return index ? (size_t)json_integer_value(index) : SUBTEST_NONE;
}

void subtest_note(struct subtests *subtests, size_t index, const char *line, size_t len)
{
	struct tail *output;

	if (index == SUBTEST_NONE || subtests->items[index].outcome == SUBTEST_PASS)
		return;
	output = &subtests->items[index].output;
	/* Two buffers' worth are allocated, see tail_add(). */
	if (!output->max && subtests->kept + OUTPUT_KEPT * 2 <= OUTPUT_KEPT_ALL) {
		output->max = OUTPUT_KEPT;
		subtests->kept += OUTPUT_KEPT * 2;
	}
	tail_add(output, line, len);
	tail_add(output, "\n", 1);
}

void subtest_decide(struct subtests *subtests, size_t index, enum subtest_outcome outcome)
{
	struct subtest *item;

	if (index == SUBTEST_NONE)
		return;
	item = &subtests->items[index];
	subtests->running -= item->outcome == SUBTEST_RUNNING;
	item->outcome = outcome;
	if (outcome == SUBTEST_PASS && item->output.max) {
		tail_free(&item->output);
		item->output = (struct tail){ 0 };
		subtests->kept -= OUTPUT_KEPT * 2;
	}
}

void subtest_reason(struct subtests *subtests, size_t index, const char *reason, size_t len)
{
	if (index != SUBTEST_NONE && len && !subtests->items[index].reason)
		subtests->items[index].reason = text_of(reason, len, REASON_KEPT);
}

void subtests_prefix(struct subtests *subtests, size_t first, const char *name)
{
	for (size_t i = first; i < subtests->count; i++) {
		char *whole = NULL;

		if (asprintf(&whole, "%s/%s", name, subtests->items[i].name) < 0)
			continue;
		set_name(subtests, i, text_of(whole, strlen(whole), SUBTEST_NAME_MAX));
		free(whole);
	}
}

size_t subtests_abandon(struct subtests *subtests, const char *reason)
{
	size_t count = 0;

	for (size_t i = 0; i < subtests->count; i++) {
		if (subtests->items[i].outcome != SUBTEST_RUNNING)
			continue;
		subtest_decide(subtests, i, SUBTEST_FAIL);
		subtest_reason(subtests, i, reason, strlen(reason));
		count++;
	}
	return count;
}

size_t subtests_count(const struct subtests *subtests, enum subtest_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < subtests->count; i++)
		count += subtests->items[i].outcome == outcome;
	return count;
}

static void say(char *to, size_t size, const char *format, va_list args)
{
	char text[1024];
	char *utf8;

	vsnprintf(text, sizeof(text), format, args);
	utf8 = text_of(text, strlen(text), size - 1);
	strcpy(to, utf8 ? utf8 : "?");
	free(utf8);
}

void subtests_say(char *to, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(to, size, format, args);
	va_end(args);
}

void subtests_problem(struct subtests *subtests, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!subtests->problem[0])
		say(subtests->problem, sizeof(subtests->problem), format, args);
	va_end(args);
}

void subtests_tell_apart(struct subtests *subtests)
{
	json_t *taken = json_object(); /* name -> how often it came */

	for (size_t i = 0; taken && i < subtests->count; i++) {
		const char *name = subtests->items[i].name;
		json_int_t number = json_integer_value(json_object_get(taken, name));
		char *unique = NULL;

		while (number) {
			free(unique);
			if (asprintf(&unique, "%s (%lld)", name, (long long)++number) < 0 ||
			    !json_object_get(taken, unique))
				break;
		}
		json_object_set_new(taken, name, json_integer(number ? number : 1));
		if (number)
			json_object_set_new(taken, unique, json_integer(1));
		set_name(subtests, i, unique);
	}
	json_decref(taken);
}

void subtests_free(struct subtests *subtests)
{
	for (size_t i = 0; i < subtests->count; i++) {
		free(subtests->items[i].name);
		free(subtests->items[i].reason);
		tail_free(&subtests->items[i].output);
	}
	free(subtests->items);
	json_decref(subtests->latest);
	*subtests = (struct subtests){ 0 };
}
