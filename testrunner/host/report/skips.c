// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Gathers skipped tests by reason and by the set of kernels that skipped them. */
#include "host/report/skips.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NO_REASON "no reason given"

/*
 * Two steps. First (reason, test) -> the kernels, in a JSON object so that a guest that skips
 * 100,000 tests costs no quadratic search; then reasons and kernels that are the same -> their
 * tests.
 */
static json_t *key_make(const char *reason, const char *test)
{
	return json_pack("[s, s]", reason, test);
}

/* `skips`: key text -> { "key", "item": of the first run, "runs": [index, ...] } */
static int skip_note(json_t *skips, const struct records *records, size_t item, size_t run_index)
{
	const struct test_line *test = &records->items[item];
	const char *reason = test->reason ? test->reason : NO_REASON;
	json_t *key = key_make(reason, test->name), *skip, *runs;
	char *text = key ? json_dumps(key, JSON_COMPACT) : NULL;
	int err = -ENOMEM;

	if (!text)
		goto out;
	skip = json_object_get(skips, text);
	if (!skip) {
		skip = json_pack("{s:O, s:I, s:[]}", "key", key, "item", (json_int_t)item, "runs");
		if (json_object_set_new(skips, text, skip))
			goto out;
	}
	runs = json_object_get(skip, "runs");
	if (!json_array_append_new(runs, json_integer((json_int_t)run_index)))
		err = 0;
out:
	json_decref(key);
	free(text);
	return err;
}

static int group_init(struct skip_group *group, const struct report *report, const char *reason,
		      const json_t *runs)
{
	const json_t *index;
	size_t i;

	group->reason = reason;
	group->runs = calloc(json_array_size(runs), sizeof(*group->runs));
	if (!group->runs)
		return -ENOMEM;
	json_array_foreach(runs, i, index)
		group->runs[group->run_count++] = &report->runs[json_integer_value(index)];
	return 0;
}

static int group_add_test(struct skip_group *group, const char *test)
{
	const char **grown;

	if ((group->test_count & (group->test_count - 1)) == 0) {
		grown = reallocarray(group->tests, group->test_count ? group->test_count * 2 : 1,
				     sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		group->tests = grown;
	}
	group->tests[group->test_count++] = test;
	return 0;
}

/* The strings that the records own, not those of the keys, which go away. */
static const struct test_line *skip_origin(const struct report *report, const json_t *skip)
{
	size_t run = (size_t)json_integer_value(json_array_get(json_object_get(skip, "runs"), 0));

	return &report->runs[run].records.items[json_integer_value(json_object_get(skip, "item"))];
}

static int groups_add(const struct report *report, json_t *index, const json_t *skip,
		      struct skip_group *groups, size_t *count)
{
	const struct test_line *test = skip_origin(report, skip);
	const char *reason = test->reason ? test->reason : NO_REASON;
	json_t *key = json_pack("[s, O]", reason, json_object_get(skip, "runs")), *at;
	char *text = key ? json_dumps(key, JSON_COMPACT) : NULL;
	int err = -ENOMEM;

	json_decref(key);
	if (!text)
		return err;
	at = json_object_get(index, text);
	if (!at) {
		at = json_integer((json_int_t)*count);
		if (json_object_set_new(index, text, at) ||
		    group_init(&groups[(*count)++], report, reason, json_object_get(skip, "runs")))
			goto out;
	}
	err = group_add_test(&groups[json_integer_value(at)], test->name);
out:
	free(text);
	return err;
}

int skips_group(const struct report *report, struct skip_group **groups, size_t *count)
{
	json_t *skips = json_object(), *index = json_object(), *skip;
	int err = skips && index ? 0 : -ENOMEM;
	const char *key;

	*groups = NULL;
	*count = 0;
	for (size_t r = 0; r < report->count && !err; r++) {
		const struct records *records = &report->runs[r].records;

		for (size_t t = 0; t < records->item_count && !err; t++)
			if (records->items[t].outcome == TEST_SKIP)
				err = skip_note(skips, records, t, r);
	}
	if (err || !json_object_size(skips))
		goto out;
	*groups = calloc(json_object_size(skips), sizeof(**groups));
	if (!*groups)
		err = -ENOMEM;
	json_object_foreach(skips, key, skip)
		if (!err)
			err = groups_add(report, index, skip, *groups, count);
out:
	if (err) {
		skips_free(*groups, *count);
		*groups = NULL;
		*count = 0;
	}
	json_decref(skips);
	json_decref(index);
	return err;
}

void skips_free(struct skip_group *groups, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(groups[i].tests);
		free(groups[i].runs);
	}
	free(groups);
}
