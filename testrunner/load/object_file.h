/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A BPF object file: opened and its options set, not loaded. */
#ifndef LOAD_OBJECT_FILE_H
#define LOAD_OBJECT_FILE_H

#include <bpf/libbpf.h>

#include "load/alternative.h"
#include "suite/suite.h"

/* Which object to load, and how. Borrowed. */
struct object_spec {
	const char *path;
	const char *name;		/* for messages and records */
	const struct probe_part *probe; /* options and attachments; may have none */
	enum attach attach;
	const struct suite *suite; /* where programs to attach to are found */
	const struct suite_test *test;
	bool every; /* all programs are to load, whatever they say; none is an alternative to another */
};

/*
 * Open an object file and set its options, no more. *bpf is libbpf's, for bpf_object__close().
 * Errors: -errno, `error` naming the file and the cause.
 */
int object_open(const struct object_spec *spec, struct bpf_object **bpf, char *error,
		size_t error_size);

#endif
