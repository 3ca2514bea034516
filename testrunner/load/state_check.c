// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Values out of maps, globals and iterators, and whether they are what a test wants. */
#include "load/state_check.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "event/btf_path.h"
#include "event/btf_reader.h"
#include "event/schema.h"
#include "event/variable.h"
#include "load/global.h"
#include "match/explanation.h"
#include "match/matcher.h"

#define ITER_TEXT_MAX (1024 * 1024)
#define KEY_MAX	      512
#define PROBLEM_SIZE  200

/* A line tied to an object. */
struct bound_check {
	const struct state_check *source;
	const struct btf *btf;
	const struct bpf_map *map;	   /* STATE_MAP, STATE_GLOBAL */
	const struct bpf_program *program; /* STATE_ITER */
	struct field key;
	bool per_cpu;
	struct bound_condition condition;
};

static const struct map_row {
	enum bpf_map_type type;
	bool per_cpu;
} map_rows[] = {
	{ BPF_MAP_TYPE_HASH, false },	     { BPF_MAP_TYPE_LRU_HASH, false },
	{ BPF_MAP_TYPE_ARRAY, false },	     { BPF_MAP_TYPE_PERCPU_HASH, true },
	{ BPF_MAP_TYPE_PERCPU_ARRAY, true }, { BPF_MAP_TYPE_LRU_PERCPU_HASH, true },
};

/* The number that fills `size` bytes, for maps of which no more is known. */
static bool plain_number(uint32_t size, struct field *field)
{
	*field = (struct field){ .kind = FIELD_INT, .bit_size = size * 8 };
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* A struct with nothing but one member is that member. */
static struct place unwrap(const struct btf *btf, uint32_t type_id)
{
	struct place place = { .type_id = type_skip(btf, type_id) };

	for (int depth = 0; depth < NESTING_MAX; depth++) {
		const struct btf_type *type = type_get(btf, place.type_id);

		if (!btf_is_struct(type) || btf_vlen(type) != 1 || type_is_address(btf, type))
			break;
		place = member_place(btf, &place, 0);
	}
	return place;
}

static int bind_key(struct bound_check *bound, struct parse_error *error)
{
	const struct state_check *check = bound->source;
	uint32_t size = bpf_map__key_size(bound->map), id = bpf_map__btf_key_type_id(bound->map);
	struct place place = unwrap(bound->btf, id);
	char problem[PROBLEM_SIZE], key[KEY_MAX] = "";
	bool known = id ? !field_at(bound->btf, &place, &bound->key, problem, sizeof(problem)) :
			  plain_number(size, &bound->key);

	if (!known || size > KEY_MAX ||
	    (bound->key.kind != FIELD_INT && bound->key.kind != FIELD_STRING &&
	     bound->key.kind != FIELD_ADDRESS))
		return parse_error_set(
			error, check->line, check->column,
			"the key of map '%.60s' is neither number nor text nor address",
			check->name);
	if (check->key.kind != OPERAND_LITERAL ||
	    !field_write(bound->btf, &bound->key, "the key", &check->key.value, key, size, problem,
			 sizeof(problem)))
		return 0;
	return parse_error_set(error, check->line, check->key.column, "map '%.40s': %s",
			       check->name, problem);
}

static int bind_value(struct bound_check *bound, struct parse_error *error)
{
	const struct state_check *check = bound->source;
	const char *path = check->condition.field;
	uint32_t id = bpf_map__btf_value_type_id(bound->map);
	struct place place = { .type_id = type_skip(bound->btf, id) };
	struct field *field = &bound->condition.field;
	char problem[PROBLEM_SIZE];

	if (!id) {
		if (path[0] != '\0' || !plain_number(bpf_map__value_size(bound->map), field))
			return parse_error_set(
				error, check->line, check->column,
				"the object's BTF does not say what map '%.60s' holds",
				check->name);
		return 0;
	}
	if (field_resolve_from(bound->btf, &place, path, field, problem, sizeof(problem))) {
		return parse_error_set(error, check->line, check->condition.column,
				       "map '%.40s': %s", check->name, problem);
	}
	if (bound->per_cpu && field->kind != FIELD_INT)
		return parse_error_set(error, check->line, check->column,
				       "map '%.60s' has a value for each CPU: only numbers add up",
				       check->name);
	return 0;
}

static int bind_map(struct bound_check *bound, struct bpf_object *const *objects, size_t count,
		    struct parse_error *error)
{
	const struct state_check *check = bound->source;
	struct suggestion suggestion = { .wanted = check->name };
	const struct map_row *row = NULL;
	const struct bpf_map *map;
	int err;

	for (size_t i = 0; !bound->map && i < count; i++) {
		bpf_object__for_each_map(map, objects[i])
		{
			suggestion_offer(&suggestion, bpf_map__name(map));
			if (strcmp(bpf_map__name(map), check->name) != 0)
				continue;
			bound->map = map;
			bound->btf = bpf_object__btf(objects[i]);
			break;
		}
	}
	if (!bound->map)
		return parse_error_set(error, check->line, check->column, "no map '%.60s'%s%.60s%s",
				       check->name,
				       suggestion.nearest ? ": did you mean '" :
							    " in the test's objects",
				       suggestion.nearest ? suggestion.nearest : "",
				       suggestion.nearest ? "'?" : "");
	for (size_t i = 0; i < sizeof(map_rows) / sizeof(map_rows[0]); i++) {
		if (map_rows[i].type == bpf_map__type(bound->map))
			row = &map_rows[i];
	}
	if (!row)
		return parse_error_set(
			error, check->line, check->column,
			"map '%.60s' is neither a hash nor an array: it has no values by key",
			check->name);
	bound->per_cpu = row->per_cpu;
	err = bind_key(bound, error);
	return err ? err : bind_value(bound, error);
}

static int bind_global(struct bound_check *bound, struct bpf_object *const *objects, size_t count,
		       struct parse_error *error)
{
	const struct state_check *check = bound->source;
	char problem[PROBLEM_SIZE] = "no object has globals";
	const char *section;

	for (size_t i = 0; i < count; i++) {
		bound->btf = bpf_object__btf(objects[i]);
		if (global_find(bound->btf, NULL, check->name, &section, &bound->condition.field,
				problem, sizeof(problem)))
			continue;
		bound->map = bpf_object__find_map_by_name(objects[i], section);
		if (bound->map)
			return 0;
	}
	return parse_error_set(error, check->line, check->column, "%s", problem);
}

static int bind_iter(struct bound_check *bound, struct bpf_object *const *objects, size_t count,
		     struct parse_error *error)
{
	const struct state_check *check = bound->source;
	const struct bpf_program *program = NULL;

	for (size_t i = 0; !program && i < count; i++) {
		program = bpf_object__find_program_by_name(objects[i], check->name);
		bound->btf = bpf_object__btf(objects[i]);
	}
	if (!program)
		return parse_error_set(error, check->line, check->column,
				       "no program '%.60s' in the test's objects", check->name);
	if (bpf_program__expected_attach_type(program) != BPF_TRACE_ITER)
		return parse_error_set(error, check->line, check->column,
				       "program '%.60s' is not an iterator (%s)", check->name,
				       bpf_program__section_name(program));
	bound->program = program;
	/* All of its text. */
	bound->condition.field = (struct field){ .kind = FIELD_STRING };
	return 0;
}

static int bind(const struct state_check *check, struct bpf_object *const *objects, size_t count,
		struct bound_check *bound, struct parse_error *error)
{
	static int (*const binders[])(struct bound_check * bound, struct bpf_object *const *objects,
				      size_t count, struct parse_error *error) = {
		[STATE_MAP] = bind_map,
		[STATE_GLOBAL] = bind_global,
		[STATE_ITER] = bind_iter,
	};
	int err;

	*bound = (struct bound_check){
		.source = check,
		.condition = { .source = &check->condition, .op = check->condition.op },
	};
	bound->condition.values =
		calloc(check->condition.operand_count + 1, sizeof(*bound->condition.values));
	if (!bound->condition.values)
		return -ENOMEM;
	err = binders[check->kind](bound, objects, count, error);
	return err ? err : field_check(&bound->condition, error);
}

/* The operands' values; variables only `variables` has. */
static int take_operands(struct bound_check *bound, bool with_variables, json_t *variables,
			 unsigned int *column, char *problem, size_t size)
{
	const struct schema schema = { .reader = &btf_reader, .btf = bound->btf };
	const struct condition *source = bound->condition.source;
	int err = 0;

	for (size_t i = 0; !err && i < source->operand_count; i++) {
		const struct operand *operand = &source->operands[i];
		struct value *value = &bound->condition.values[i];

		*column = operand->column;
		*value = operand->value;
		if (operand->kind == OPERAND_VARIABLE) {
			if (!with_variables)
				continue;
			err = variable_find(variables, operand->path, value, problem, size);
		}
		if (!err)
			err = operand_check(&schema, &bound->condition, value, problem, size);
	}
	return err;
}

int state_check_check(const struct state_check *check, struct bpf_object *const *objects,
		      size_t count, struct parse_error *error)
{
	struct bound_check bound;
	char problem[PROBLEM_SIZE];
	unsigned int column = 0;
	int err = bind(check, objects, count, &bound, error);

	if (!err && take_operands(&bound, false, NULL, &column, problem, sizeof(problem))) {
		err = parse_error_set(error, check->line, column, "%s", problem);
	}
	free(bound.condition.values);
	return err;
}

/* The value of a map or section; `size` bytes for each of `copies`. */
static int look_up(const struct bound_check *bound, json_t *variables, char **data, size_t *size,
		   size_t *copies, char *problem, size_t problem_size)
{
	struct value key = bound->source->key.value;
	char bytes[KEY_MAX] = "";
	uint32_t key_size = bpf_map__key_size(bound->map);
	int cpus = libbpf_num_possible_cpus(), err = 0;

	*size = bpf_map__value_size(bound->map);
	*copies = 1;
	if (bound->per_cpu) {
		*size = (*size + 7) & ~(size_t)7;
		*copies = cpus > 0 ? (size_t)cpus : 1;
	}
	*data = calloc(*copies, *size);
	if (!*data)
		return -ENOMEM;
	if (bound->source->kind == STATE_MAP) {
		if (bound->source->key.kind == OPERAND_VARIABLE)
			err = variable_find(variables, bound->source->key.path, &key, problem,
					    problem_size);
		if (!err)
			err = field_write(bound->btf, &bound->key, "the key", &key, bytes, key_size,
					  problem, problem_size);
		if (err)
			return err;
	}
	if (bpf_map_lookup_elem(bpf_map__fd(bound->map), bytes, *data)) {
		err = -errno;
		snprintf(problem, problem_size, "%s",
			 err == -ENOENT ? "the map has no such key" : strerror(-err));
	}
	return err;
}

static struct value read_copies(const struct bound_check *bound, const char *data, size_t size,
				size_t copies)
{
	const struct schema schema = { .reader = &btf_reader, .btf = bound->btf };
	const struct field *field = &bound->condition.field;
	struct value value = field_read(&schema, field, data, size);
	uint64_t sum = value.u;

	if (!bound->per_cpu)
		return value;
	for (size_t i = 1; i < copies; i++)
		sum += field_read(&schema, field, data + i * size, size).u;
	return field->is_signed ? value_from_int((int64_t)sum) : value_from_uint(sum);
}

/* All that the iterator prints. */
static int read_iter(const struct bound_check *bound, char **data, size_t *len, char *problem,
		     size_t problem_size)
{
	struct bpf_link *link = bpf_program__attach_iter(bound->program, NULL);
	int fd = link ? bpf_iter_create(bpf_link__fd(link)) : -1;
	int err = fd < 0 ? -errno : 0;
	ssize_t got = 1;

	*len = 0;
	*data = malloc(ITER_TEXT_MAX);
	if (!err && !*data)
		err = -ENOMEM;
	while (!err && got > 0 && *len < ITER_TEXT_MAX) {
		got = read(fd, *data + *len, ITER_TEXT_MAX - *len);
		if (got > 0)
			*len += (size_t)got;
		else if (got < 0 && (errno == EAGAIN || errno == EINTR))
			got = 1;
		else if (got < 0)
			err = -errno;
	}
	if (err)
		snprintf(problem, problem_size, "read the iterator: %s", strerror(-err));
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return err;
}

static bool take(struct bound_check *bound, json_t *variables, char *text, size_t size)
{
	const char *line = bound->source->condition.text;
	char problem[PROBLEM_SIZE] = "out of memory", *data = NULL;
	unsigned int column = 0;
	size_t len = 0, copies = 0;
	struct value got = { 0 };
	bool holds;
	int err = take_operands(bound, true, variables, &column, problem, sizeof(problem));

	if (!err && bound->source->kind == STATE_ITER) {
		err = read_iter(bound, &data, &len, problem, sizeof(problem));
		got = value_from_string(data, len);
	} else if (!err) {
		err = look_up(bound, variables, &data, &len, &copies, problem, sizeof(problem));
		if (!err)
			got = read_copies(bound, data, len, copies);
	}
	holds = !err && value_holds(&got, bound->condition.op, bound->condition.values,
				    bound->condition.source->operand_count);
	if (err)
		snprintf(text, size, "%s: %s", line, problem);
	else if (!holds)
		mismatch_format(&bound->condition, &got, text, size);
	free(data);
	return holds;
}

bool state_check_holds(const struct state_check *check, struct bpf_object *const *objects,
		       size_t count, json_t *variables, char *text, size_t size)
{
	struct parse_error error = { .message = "out of memory" };
	struct bound_check bound;
	bool holds = false;

	if (bind(check, objects, count, &bound, &error))
		snprintf(text, size, "%s: %s", check->condition.text, error.message);
	else
		holds = take(&bound, variables, text, size);
	free(bound.condition.values);
	return holds;
}
