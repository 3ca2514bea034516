// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Loads programs, or the alternatives to them. */
#include "load/alternative.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "load/lsm.h"

static const char *const names[] = {
	[ATTACH_AUTO] = "auto",
	[ATTACH_KPROBE] = "kprobe",
	[ATTACH_FENTRY] = "fentry",
	[ATTACH_LSM] = "lsm",
};

int attach_parse(const char *name, enum attach *attach)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			*attach = (enum attach)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* The program that it is an alternative to, or NULL. */
static struct bpf_program *original_of(struct bpf_object *object, const char *name)
{
	const char *end = strstr(name, "___");
	struct bpf_program *program;

	if (!end)
		return NULL;
	bpf_object__for_each_program(program, object)
	{
		const char *other = bpf_program__name(program);

		if (strlen(other) == (size_t)(end - name) &&
		    strncmp(other, name, (size_t)(end - name)) == 0)
			return program;
	}
	return NULL;
}

static enum attach best_of_kernel(void)
{
	if (access("/sys/kernel/btf/vmlinux", R_OK) != 0)
		return ATTACH_KPROBE;
	return lsm_active("bpf") > 0 ? ATTACH_LSM : ATTACH_FENTRY;
}

int alternative_choose(struct bpf_object *object, enum attach attach)
{
	struct bpf_program *program, *original;

	if (attach == ATTACH_LSM && lsm_active("bpf") <= 0)
		return -EOPNOTSUPP;
	if (attach == ATTACH_AUTO)
		attach = best_of_kernel();
	bpf_object__for_each_program(program, object)
	{
		const char *name = bpf_program__name(program);
		enum attach way = ATTACH_KPROBE;

		original = original_of(object, name);
		if (!original)
			continue;
		if (strcmp(strstr(name, "___"), "___lsm") == 0)
			way = ATTACH_LSM;
		bpf_program__set_autoload(way == attach ? original : program, false);
	}
	return 0;
}
