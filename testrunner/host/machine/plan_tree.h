/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which files of a tree, a page or an archive that somebody else made are kernels, and their names. */
#ifndef PLAN_TREE_H
#define PLAN_TREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The files of one folder, page or archive. */
struct tree {
	const char
		*at; /* where they are, with a slash at the end; a folder, an address, an archive */
	const char *distro; /* of all of them, with a slash at the end; or "" */
	bool members;	    /* of an archive */
	json_t *found;	    /* DISTRO/VERSION: spec; in the order in which they were added */
	size_t foreign;	    /* left out: for other processors than x86-64 */
	char error[400];
};

enum tree_entry {
	TREE_OTHER,  /* neither, or for another processor */
	TREE_KERNEL, /* it is in `found` now */
	TREE_DISTRO, /* a folder that may have kernels: text[0..len) as it was found */
};

/*
 * Look at `entry`, a path or a link as it was found. A kernel's name must be usable as the name of
 * a folder, stay below `at`, and be no other's. Returns an enum tree_entry, -EINVAL with a reason
 * in `error`, or -ENOMEM.
 */
int tree_add(struct tree *tree, const char *entry, const char **text, size_t *len);

/*
 * DISTRO/VERSION of a spec tree:... or member:..., or, for any other, of what stands before its
 * first colon (local: there is none) and behind its last slash. Returns 0 or -ENOMEM.
 */
int tree_spec_name(const char *spec, char **name);

/* Replace %XX by what it stands for, in place, where a name may have that character. */
void tree_decode(char *text);

#endif
