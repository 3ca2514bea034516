/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Attaching programs: as a test says, else as libbpf knows from their sections. */
#ifndef LOAD_ATTACH_H
#define LOAD_ATTACH_H

#include <bpf/libbpf.h>

#include "load/verifier.h"

/* An attachment, with everything needed to detach it. */
struct attached;

struct attached *attached_new(void);	       /* NULL: out of memory */
void attached_free(struct attached *attached); /* takes NULL */
/* Let links stay beyond our end; tc filters do so by themselves. */
void attached_leave(struct attached *attached);

/*
 * Does the object have what the test wants to attach, and can that be attached so? And is nothing
 * left that libbpf cannot attach by itself? Errors: -EINVAL with *error at the word that is wrong.
 */
int attach_check(const struct probe_part *probe, struct bpf_object *const *objects, size_t count,
		 struct parse_error *error);

/*
 * Attach a loaded program. *is_attached is false for what the test attaches to nothing. Errors:
 * -errno, *failure says what of.
 */
int attach_program(struct attached *attached, const struct bpf_program *program,
		   const struct object_spec *spec, bool *is_attached,
		   struct program_failure *failure);
/* The same for the struct_ops maps of an object that the test names; `cause` says what of. */
int attach_struct_ops(struct attached *attached, struct bpf_object *object,
		      const struct probe_part *probe, char *cause, size_t cause_size);

#endif
