// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The kernel's BTF, parsed once, and an index of its names.
 *
 * libbpf parses it anew for every object, and walks through all its types, a hundred thousand, for
 * every name that the object's programs and relocations want: the greater part of loading a CO-RE
 * object on an emulated CPU. So the linker puts what is here before libbpf's own functions (--wrap,
 * and bpf_core_add_cands, which is declared weak when libbpf is built).
 */
#include "load/kernel_btf.h"

#include <bpf/btf.h>
#include <bpf/relo_core.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUCKETS	   (16 * 1024)
#define HASHED_MAX 12 /* bytes of a name */

static struct {
	struct btf *btf; /* NULL: not parsed yet */
	uint32_t *
		first; /* by a name's bucket: the lowest id of a type there, or 0; NULL: no index */
	uint32_t *next; /* by type id: the next higher one of its bucket, or 0 */
} kernel;

struct btf *__real_btf__load_vmlinux_btf(void);
struct btf *__wrap_btf__load_vmlinux_btf(void);
void __real_btf__free(struct btf *btf);
void __wrap_btf__free(struct btf *btf);
__s32 __real_btf__find_by_name_kind(const struct btf *btf, const char *name, __u32 kind);
__s32 __wrap_btf__find_by_name_kind(const struct btf *btf, const char *name, __u32 kind);
int bpf_core_add_cands(struct bpf_core_cand *local, size_t essential_len, const struct btf *target,
		       const char *target_name, int first_id, struct bpf_core_cand_list *list);

/* Names that differ only in their flavor, "___" and what follows, share a bucket: CO-RE wants that. */
static uint32_t bucket_of(const char *name)
{
	uint32_t hash = 0;

	for (const char *c = name; *c && c < name + HASHED_MAX; c++) {
		if (c[0] == '_' && c[1] == '_' && c[2] == '_')
			break;
		hash = hash * 31 + (unsigned char)*c;
	}
	return (hash ^ hash >> 15) % BUCKETS;
}

static const char *name_of(const struct btf *btf, uint32_t id)
{
	return btf__name_by_offset(btf, btf__type_by_id(btf, id)->name_off);
}

static void make_index(void)
{
	uint32_t count = btf__type_cnt(kernel.btf);

	kernel.first = calloc(BUCKETS + count, sizeof(*kernel.first));
	if (!kernel.first)
		return;
	kernel.next = kernel.first + BUCKETS;
	/* Downwards, so that each bucket's list goes upwards. */
	for (uint32_t id = count - 1; id; id--) {
		const char *name = name_of(kernel.btf, id);
		uint32_t *first = &kernel.first[bucket_of(name)];

		if (*name) {
			kernel.next[id] = *first;
			*first = id;
		}
	}
}

struct btf *__wrap_btf__load_vmlinux_btf(void)
{
	if (!kernel.btf) {
		kernel.btf = __real_btf__load_vmlinux_btf();
		if (kernel.btf)
			make_index();
	}
	return kernel.btf;
}

void __wrap_btf__free(struct btf *btf)
{
	if (btf != kernel.btf)
		__real_btf__free(btf);
}

/* The lowest id of a type with that name; of any kind, when `kind` is 0. */
static uint32_t find(const char *name, uint32_t kind)
{
	uint32_t id = kernel.first[bucket_of(name)];

	while (id && ((kind && btf_kind(btf__type_by_id(kernel.btf, id)) != kind) ||
		      strcmp(name_of(kernel.btf, id), name) != 0))
		id = kernel.next[id];
	return id;
}

__s32 __wrap_btf__find_by_name_kind(const struct btf *btf, const char *name, __u32 kind)
{
	uint32_t id;

	if (btf != kernel.btf || !kernel.first || !kind)
		return __real_btf__find_by_name_kind(btf, name, kind);
	id = find(name, kind);
	if (!id)
		errno = ENOENT;
	return id ? (__s32)id : -ENOENT;
}

const char *kernel_btf_file(void)
{
	static const char shipped[] = "/bpfcheck/vmlinux.btf";

	return access("/sys/kernel/btf/vmlinux", F_OK) && !access(shipped, F_OK) ? shipped : NULL;
}

/* Not what libbpf takes for the kernel's own: it would ask the kernel for types by ids of this one. */
static int shipped_has(const char *path, const char *name)
{
	struct btf *btf = btf__parse_raw(path);
	int met = btf ? btf__find_by_name(btf, name) > 0 : -errno;

	btf__free(btf);
	return met;
}

int kernel_btf_has(const char *name)
{
	const char *file = kernel_btf_file();

	if (file)
		return shipped_has(file, name);
	if (!btf__load_vmlinux_btf())
		return -errno;
	return kernel.first ? find(name, 0) != 0 : btf__find_by_name(kernel.btf, name) > 0;
}

/* Has it the kind and, apart from the flavor, the name of the local type? */
static bool is_candidate(const struct btf_type *local, const char *name, size_t essential_len,
			 const struct btf *target, uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(target, id);
	const char *found = btf__name_by_offset(target, type->name_off);

	return (btf_kind(type) == btf_kind(local) ||
		(btf_is_any_enum(type) && btf_is_any_enum(local))) &&
	       strncmp(found, name, essential_len) == 0 &&
	       bpf_core_essential_name_len(found) == essential_len;
}

/*
 * For libbpf: append to the list those types of the target, from first_id on, that a relocation
 * against the local type may mean. Its name has a part that counts, of essential_len bytes.
 */
int bpf_core_add_cands(struct bpf_core_cand *local, size_t essential_len, const struct btf *target,
		       const char *target_name, int first_id, struct bpf_core_cand_list *list)
{
	const struct btf_type *type = btf__type_by_id(local->btf, local->id);
	const char *name = btf__name_by_offset(local->btf, type->name_off);
	bool indexed = target == kernel.btf && kernel.first;
	uint32_t count = btf__type_cnt(target);
	uint32_t id = indexed ? kernel.first[bucket_of(name)] : (uint32_t)first_id;

	(void)target_name;
	for (; id && id < count; id = indexed ? kernel.next[id] : id + 1) {
		struct bpf_core_cand *cands;

		if (!is_candidate(type, name, essential_len, target, id))
			continue;
		cands = reallocarray(list->cands, (size_t)list->len + 1, sizeof(*cands));
		if (!cands)
			return -ENOMEM;
		list->cands = cands;
		cands[list->len++] = (struct bpf_core_cand){ .btf = target, .id = id };
	}
	return 0;
}
