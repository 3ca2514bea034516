/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A loaded BPF object, its programs attached; with what the verifier said of each program. */
#ifndef LOAD_OBJECT_H
#define LOAD_OBJECT_H

#include "event/decode.h"
#include "load/object_file.h"
#include "load/stream.h"
#include "record/record.h"

struct object;

/*
 * Load and attach an object file and write a probe record for each of the programs that were chosen.
 * `reader` gets what its buffers hold, from stream_consume(). Options and other lines about what the
 * object does not have are left out: they are another object's. Errors: -errno, `error` naming the
 * program and the cause; on a load failure every program has been tried alone, so that each has its
 * verdict and verifier log in its record.
 */
int object_load(const struct object_spec *spec, struct record_writer *records,
		const struct stream_reader *reader, struct object **object, char *error,
		size_t error_size);
void object_free(struct object *object); /* takes NULL */
/*
 * Let its programs stay attached beyond our end. To detach one takes a grace period of the kernel's,
 * a second for ten of them on emulated CPUs, which a machine that is about to end need not spend.
 */
void object_leave_attached(struct object *object);

const struct schema *object_schema(const struct object *object);
struct bpf_object *object_bpf(const struct object *object);
struct stream *object_stream(const struct object *object);

/*
 * Records that were lost: dropped by programs (map `event_counters`) or perf buffers, or never made
 * because the kernel skipped a program.
 */
struct losses {
	uint64_t dropped;
	uint64_t skipped; /* of these, the times that the kernel did not run a program */
};

/* Since it was loaded. */
struct losses object_losses(const struct object *object);

#endif
