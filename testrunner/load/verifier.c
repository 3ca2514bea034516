// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Asks the verifier: statistics of programs that load, the reason of those that do not. */
#include "load/verifier.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "load/libbpf_log.h"
#include "record/verifier_log.h"

/* BPF_LOG_LEVEL1 | BPF_LOG_STATS of the kernel's include/linux/bpf_verifier.h. */
#define LOG_STEPS 1
#define LOG_STATS 4

#define STATS_LOG_SIZE (16 * 1024)
#define FULL_LOG_SIZE  (4 * 1024 * 1024)
#define LOG_KEPT       (16 * 1024) /* of a full log: its end, where the cause stands */

int verifier_ask(struct bpf_object *bpf, char **logs)
{
	struct bpf_program *program;
	size_t count = 0;

	bpf_object__for_each_program(program, bpf) count++;
	*logs = calloc(count ? count : 1, STATS_LOG_SIZE);
	if (!*logs)
		return -ENOMEM;
	count = 0;
	bpf_object__for_each_program(program, bpf)
	{
		bpf_program__set_log_level(program, LOG_STATS);
		bpf_program__set_log_buf(program, *logs + count++ * STATS_LOG_SIZE, STATS_LOG_SIZE);
	}
	return 0;
}

const char *verifier_log(const char *logs, size_t index)
{
	return logs + index * STATS_LOG_SIZE;
}

struct probe_line verifier_describe(const char *object, const struct bpf_program *program,
				    const char *log)
{
	struct probe_line record = {
		.object = object,
		.program = bpf_program__name(program),
		.section = bpf_program__section_name(program),
		.class = -1,
		.jited = -1,
		.load_ms = -1,
	};
	struct verifier_statistics statistics;
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	verifier_log_read(log, &statistics);
	record.insns = statistics.insns;
	record.states = statistics.states;
	record.peak_states = statistics.peak_states;
	record.stack = statistics.stack;
	record.verify_us = statistics.verify_us;
	if (bpf_program__fd(program) >= 0 &&
	    bpf_prog_get_info_by_fd(bpf_program__fd(program), &info, &len) == 0) {
		record.loaded = true;
		record.jited = info.jited_prog_len;
	}
	return record;
}

static void add_hint(struct program_failure *failure)
{
	const char *hint = failure_class_hint(failure->class);
	size_t len = strlen(failure->cause);

	if (hint)
		snprintf(failure->cause + len, sizeof(failure->cause) - len, " (%s)", hint);
}

/* From the verifier's words, or libbpf's where the verifier was not asked. */
static void explain(const struct bpf_program *program, const char *log, int error,
		    struct program_failure *failure)
{
	bool from_verifier;

	verifier_log_cause(log, failure->cause, sizeof(failure->cause));
	from_verifier = failure->cause[0] != '\0';
	if (!from_verifier && libbpf_log_is_empty())
		snprintf(failure->cause, sizeof(failure->cause), "%s: %s",
			 bpf_program__section_name(program), strerror(error));
	else if (!from_verifier)
		snprintf(failure->cause, sizeof(failure->cause), "%s", libbpf_log_cause(error));
	failure->class = failure_classify(failure->cause, from_verifier, error);
	add_hint(failure);
}

int verifier_attach(const struct bpf_program *program, struct bpf_link **link,
		    struct program_failure *failure)
{
	int err;

	libbpf_log_clear();
	*link = bpf_program__attach(program);
	if (*link)
		return 0;
	err = -errno;
	/* Without a word: it did not even try. */
	if (err == -EOPNOTSUPP && libbpf_log_is_empty())
		return 0;
	failure->program = bpf_program__name(program);
	failure->section = bpf_program__section_name(program);
	failure->loaded = true;
	explain(program, "", -err, failure);
	return err;
}

/* A map that is not made may be wrong in itself. */
static bool map_type_is_known(const struct bpf_object *bpf, const char *cause)
{
	const struct bpf_map *map;
	char name[64];

	if (sscanf(cause, "map '%63[^']'", name) != 1)
		return false;
	map = bpf_object__find_map_by_name(bpf, name);
	return map && libbpf_probe_bpf_map_type(bpf_map__type(map), NULL) == 1;
}

/* An object of which one program was loaded, or was to be. */
struct attempt {
	struct bpf_object *bpf;
	struct bpf_program *program;
	char *log;
	long load_ms;
};

static void attempt_end(struct attempt *attempt)
{
	bpf_object__close(attempt->bpf);
	free(attempt->log);
}

/* attempt_end() in either case. Errors: -errno; *failure says why. */
static int attempt_load(const struct object_spec *spec, size_t index, int level,
			struct attempt *attempt, struct program_failure *failure)
{
	struct bpf_program *program;
	size_t i = 0;
	uint64_t start;
	int err;

	*attempt = (struct attempt){ .log = malloc(FULL_LOG_SIZE) };
	failure->loaded = false;
	failure->class = CLASS_OTHER;
	if (!attempt->log)
		return -ENOMEM;
	attempt->log[0] = '\0';
	err = object_open(spec, &attempt->bpf, failure->cause, sizeof(failure->cause));
	if (err)
		return err;
	bpf_object__for_each_program(program, attempt->bpf)
	{
		if (i == index)
			attempt->program = program;
		bpf_program__set_autoload(program, i++ == index);
	}
	bpf_program__set_log_level(attempt->program, level);
	bpf_program__set_log_buf(attempt->program, attempt->log, FULL_LOG_SIZE);
	libbpf_log_clear();
	start = clock_ms();
	err = bpf_object__load(attempt->bpf);
	attempt->load_ms = (long)(clock_ms() - start);
	if (err)
		explain(attempt->program, attempt->log, -err, failure);
	if (err && failure->class == CLASS_MAP_TYPE &&
	    map_type_is_known(attempt->bpf, failure->cause))
		failure->class = CLASS_OTHER;
	return err;
}

/*
 * The verifier's steps, too, if there were any. Not at first: where the log is too small for them,
 * kernels before 6.4 refuse a program for that alone.
 */
static void attempt_again(const struct object_spec *spec, size_t index, int err,
			  struct attempt *attempt, struct program_failure *failure)
{
	struct program_failure told = *failure;
	struct attempt again;

	if (!attempt->log || !attempt->log[0] || failure->class == CLASS_COMPLEX)
		return;
	if (attempt_load(spec, index, LOG_STEPS | LOG_STATS, &again, &told) == err) {
		attempt_end(attempt);
		*attempt = again;
		*failure = told;
	} else {
		attempt_end(&again);
	}
}

int verifier_try(const struct object_spec *spec, const struct bpf_object *bpf, size_t index,
		 bool attach, struct record_writer *records, struct program_failure *failure)
{
	struct bpf_program *program = NULL;
	struct bpf_link *link = NULL;
	struct probe_line record;
	struct attempt attempt;
	int err = attempt_load(spec, index, LOG_STATS, &attempt, failure);

	for (size_t i = 0; i <= index; i++)
		program = bpf_object__next_program(bpf, program);
	if (err)
		attempt_again(spec, index, err, &attempt, failure);
	else if (attach)
		err = verifier_attach(attempt.program, &link, failure);
	record = verifier_describe(spec->name, attempt.program ? attempt.program : program,
				   attempt.log ? attempt.log : "");
	record.attached = link;
	record.load_ms = attempt.load_ms;
	if (err) {
		failure->program = bpf_program__name(program);
		failure->section = bpf_program__section_name(program);
		record.error = failure->cause;
		record.class = failure->class;
		record.log = !failure->loaded && attempt.log && attempt.log[0] ?
				     verifier_log_end(attempt.log, LOG_KEPT) :
				     NULL;
	}
	record_probe(records, &record);
	bpf_link__destroy(link);
	attempt_end(&attempt);
	return err;
}
