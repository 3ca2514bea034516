// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* One check per kind of requirement; the answers come from the running kernel. */
#include "run/requires.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "load/kernel_btf.h"
#include "load/lsm.h"

#define FOUND_SIZE 128

/* 1 met, 0 not met, -errno not known; `found` may receive the value that was found. */
typedef int check_fn(const struct requirement *requirement, char *found);

static int check_kernel(const struct requirement *requirement, char *found)
{
	unsigned int have[3] = { 0 };
	struct utsname uts;

	uname(&uts);
	snprintf(found, FOUND_SIZE, "this is %.100s", uts.release);
	if (sscanf(uts.release, "%u.%u.%u", &have[0], &have[1], &have[2]) < 2)
		return -EINVAL;
	for (int i = 0; i < 3; i++) {
		const struct value want = value_from_uint(requirement->version[i]);
		const struct value got = value_from_uint(have[i]);

		/* The first part that differs decides; if all are equal, the last one does. */
		if (have[i] != requirement->version[i] || i == 2)
			return value_holds(&got, requirement->op, &want, 1);
	}
	return -EINVAL;
}

static int check_arch(const struct requirement *requirement, char *found)
{
	struct utsname uts;

	uname(&uts);
	snprintf(found, FOUND_SIZE, "this is %.64s", uts.machine);
	return strcmp(uts.machine, requirement->name) == 0;
}

static int check_function(const struct requirement *requirement, char *found)
{
	FILE *kallsyms = fopen("/proc/kallsyms", "re");
	char line[512], name[256];
	int met = 0;

	(void)found;
	if (!kallsyms)
		return -errno;
	while (!met && fgets(line, sizeof(line), kallsyms))
		met = sscanf(line, "%*s %*c %255s", name) == 1 &&
		      strcmp(name, requirement->name) == 0;
	fclose(kallsyms);
	return met;
}

static int check_type(const struct requirement *requirement, char *found)
{
	int met = kernel_btf_has(requirement->name);

	if (met < 0)
		snprintf(found, FOUND_SIZE, "the kernel's BTF cannot be read");
	return met;
}

static int check_program(const struct requirement *requirement, char *found)
{
	const char *name;

	(void)found;
	for (int type = 1; (name = libbpf_bpf_prog_type_str((enum bpf_prog_type)type)); type++) {
		if (strcmp(name, requirement->name) == 0)
			return libbpf_probe_bpf_prog_type((enum bpf_prog_type)type, NULL);
	}
	return -EINVAL;
}

static int check_map(const struct requirement *requirement, char *found)
{
	const char *name;

	(void)found;
	for (int type = 1; (name = libbpf_bpf_map_type_str((enum bpf_map_type)type)); type++) {
		if (strcmp(name, requirement->name) == 0)
			return libbpf_probe_bpf_map_type((enum bpf_map_type)type, NULL);
	}
	return -EINVAL;
}

static int check_filesystem(const struct requirement *requirement, char *found)
{
	FILE *file = fopen("/proc/filesystems", "re");
	char line[128], name[64];
	int met = 0;

	(void)found;
	if (!file)
		return -errno;
	/* "nodev	tmpfs" or "	ext4" */
	while (!met && fgets(line, sizeof(line), file))
		met = (sscanf(line, "nodev %63s", name) == 1 || sscanf(line, " %63s", name) == 1) &&
		      strcmp(name, requirement->name) == 0;
	fclose(file);
	return met;
}

static int check_lsm(const struct requirement *requirement, char *found)
{
	(void)found;
	return lsm_active(requirement->name);
}

/*
 * The running kernel's configuration: from our initramfs, from the kernel itself, or from the
 * distribution.
 */
static gzFile open_config(void)
{
	char distro[sizeof(((struct utsname *)0)->release) + 16];
	const char *const paths[] = { "/bpfcheck/config", "/proc/config.gz", distro };
	struct utsname uts;
	gzFile file = NULL;

	uname(&uts);
	snprintf(distro, sizeof(distro), "/boot/config-%s", uts.release);
	for (size_t i = 0; !file && i < sizeof(paths) / sizeof(paths[0]); i++)
		file = gzopen(paths[i], "re"); /* reads plain text as well */
	return file;
}

static int check_config(const struct requirement *requirement, char *found)
{
	gzFile file = open_config();
	size_t name_len = strlen(requirement->name);
	char line[4096];
	int met = 0;

	if (!file) {
		snprintf(found, FOUND_SIZE, "the kernel's configuration cannot be read");
		return -ENOENT;
	}
	while (gzgets(file, line, sizeof(line))) {
		const char *value = line + name_len + 1;

		line[strcspn(line, "\r\n")] = '\0';
		if (strncmp(line, requirement->name, name_len) != 0 || line[name_len] != '=')
			continue;
		snprintf(found, FOUND_SIZE, "it is %.100s", value);
		met = requirement->value ? strcmp(value, requirement->value) == 0 :
					   strcmp(value, "y") == 0 || strcmp(value, "m") == 0;
		break;
	}
	gzclose(file);
	return met;
}

static int check_path(const struct requirement *requirement, char *found)
{
	(void)found;
	return access(requirement->name, F_OK) == 0;
}

static check_fn *const checks[] = {
	[REQUIRE_KERNEL] = check_kernel,
	[REQUIRE_ARCH] = check_arch,
	[REQUIRE_FUNCTION] = check_function,
	[REQUIRE_TYPE] = check_type,
	[REQUIRE_PROGRAM] = check_program,
	[REQUIRE_MAP] = check_map,
	[REQUIRE_FILESYSTEM] = check_filesystem,
	[REQUIRE_LSM] = check_lsm, /* in use, not just compiled in */
	[REQUIRE_CONFIG] = check_config,
	[REQUIRE_PATH] = check_path,
};

bool requires_met(const struct test *test, char *reason, size_t reason_size)
{
	for (size_t i = 0; i < test->requirement_count; i++) {
		const struct requirement *requirement = &test->requirements[i];
		char found[FOUND_SIZE] = "";
		int met = checks[requirement->kind](requirement, found);

		if (met > 0)
			continue;
		if (met < 0 && !found[0])
			snprintf(found, sizeof(found), "cannot be checked: %s", strerror(-met));
		snprintf(reason, reason_size, "requires %s%s%s", requirement->text,
			 found[0] ? ": " : "", found);
		return false;
	}
	return true;
}
