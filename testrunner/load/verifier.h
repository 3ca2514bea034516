/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The verifier's statistics and log per program of an object. */
#ifndef LOAD_VERIFIER_H
#define LOAD_VERIFIER_H

#include <bpf/libbpf.h>

#include "load/object_file.h"
#include "record/failure_class.h"
#include "record/record.h"

/*
 * Give each program a log of its own that holds its statistics; *logs, the caller's to free, is
 * there until the object is closed.
 */
int verifier_ask(struct bpf_object *bpf, char **logs);
/* That of the index-th program. */
const char *verifier_log(const char *logs, size_t index);

/* All that is known of a program that was loaded, or not. Borrows its names, and `object`. */
struct probe_line verifier_describe(const char *object, const struct bpf_program *program,
				    const char *log);

/* Why a program does not load or attach. */
struct program_failure {
	const char *program, *section; /* of the object that was asked for */
	bool loaded;
	enum failure_class class;
	char cause[512];
};

/*
 * Attach a program. Errors: -errno, *failure filled in. 0 with *link NULL: it loads, and its type is
 * one that libbpf cannot attach by itself.
 */
int verifier_attach(const struct bpf_program *program, struct bpf_link **link,
		    struct program_failure *failure);

/*
 * Load the index-th program of `bpf` (which stays as it is) and no other, attach it if `attach`, and
 * let go of it. Writes its probe record, with the verifier's log when it does not load. Errors:
 * -errno, *failure filled in.
 */
int verifier_try(const struct object_spec *spec, const struct bpf_object *bpf, size_t index,
		 bool attach, struct record_writer *records, struct program_failure *failure);

#endif
