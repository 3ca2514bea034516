/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Why a program does not load or attach, in one of a few words. Pure. */
#ifndef RECORD_FAILURE_CLASS_H
#define RECORD_FAILURE_CLASS_H

#include <stdbool.h>

enum failure_class {
	CLASS_BTF,
	CLASS_CORE,
	CLASS_ATTACH,
	CLASS_PROGRAM_TYPE,
	CLASS_MAP_TYPE,
	CLASS_HELPER,
	CLASS_INSTRUCTION,
	CLASS_COMPLEX,
	CLASS_PERMISSION,
	CLASS_VERIFIER, /* any other complaint of the verifier's */
	CLASS_OTHER,
};

/* "helper not allowed"; ends with NULL. */
extern const char *const failure_class_names[];

/* The remedy for a failure of this class, to follow its cause; NULL where the cause names it. */
const char *failure_class_hint(enum failure_class class);

/*
 * `cause`: one line, of the verifier's log when `from_verifier`, else of libbpf's. `error`: the
 * errno of the step that failed.
 */
enum failure_class failure_classify(const char *cause, bool from_verifier, int error);

#endif
