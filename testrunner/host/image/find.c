// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Where a vmlinux may be, and what proves that it is the one. */
#include "host/image/find.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/image/cache.h"
#include "host/image/elf.h"

struct search {
	const struct kernel *kernel;
	const char *root;
	enum vmlinux_need need;
	char folder[PATH_MAX];	    /* the image's */
	char release[RELEASE_SIZE]; /* "": not known */
};

/* Best first. */
static const struct {
	const char *path; /* %1$s: the release */
	enum { BESIDE, BUILD_TREE, SYSTEM } where;
} places[] = {
	{ "vmlinux", BESIDE },
	{ "vmlinux-%1$s", BESIDE },
	{ "vmlinux", BUILD_TREE },
	{ "usr/lib/debug/boot/vmlinux-%1$s", SYSTEM },
	{ "usr/lib/debug/lib/modules/%1$s/vmlinux", SYSTEM },
	{ "boot/vmlinux-%1$s", SYSTEM },
	{ "lib/modules/%1$s/build/vmlinux", SYSTEM },
};

/* How long the path of the build tree is, of whose arch/x86/boot the image's folder may be; or 0. */
static int build_tree_len(const char *folder)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", folder);
	for (int up = 0; up < 3; up++) {
		char *name = strrchr(path, '/');

		if (!name || (up == 0 && strcmp(name, "/boot") != 0) ||
		    (up == 2 && strcmp(name, "/arch") != 0))
			return 0;
		*name = '\0';
	}
	return (int)strlen(path);
}

/* False: there is no such place for this image. */
static bool place_path(const struct search *search, size_t place, char path[PATH_MAX])
{
	const char *folder = places[place].where == SYSTEM ? search->root : search->folder;
	int folder_len = (int)strlen(folder);
	char name[PATH_MAX];

	if (!search->release[0] && strchr(places[place].path, '%'))
		return false;
	if (places[place].where == BUILD_TREE)
		folder_len = build_tree_len(folder);
	if (places[place].where == BUILD_TREE && !folder_len)
		return false;
	snprintf(name, sizeof(name), places[place].path, search->release);
	return snprintf(path, PATH_MAX, "%.*s/%s", folder_len, folder, name) < PATH_MAX;
}

/* The release that the names say: .../vmlinuz-RELEASE, .../RELEASE/vmlinuz. */
static void release_of_name(const char *image, char release[RELEASE_SIZE])
{
	const char *name = strrchr(image, '/') + 1, *parent = name - 1;

	if (strncmp(name, "vmlinuz-", 8) == 0) {
		release_copy(name + 8, release);
	} else if (strcmp(name, "vmlinuz") == 0) {
		while (parent > image && parent[-1] != '/')
			parent--;
		snprintf(release, RELEASE_SIZE, "%.*s", (int)(name - 1 - parent), parent);
	}
}

/* Is the mapped file the vmlinux of our kernel? If not, say why. */
static bool is_of_kernel(const struct search *search, const char *path,
			 const struct mapping *mapping, const struct vmlinux *vmlinux)
{
	const struct kernel *kernel = search->kernel;
	char banner[BANNER_SIZE], digits[BUILD_ID_MAX * 2 + 1];

	if (vmlinux->build_id_len) {
		struct vmlinux ours;
		bool has_id = vmlinux_read(kernel->contents, kernel->len, &ours) != 0 ||
			      ours.build_id_len;

		if (build_id_within(vmlinux, kernel->contents, kernel->len))
			return true;
		build_id_format(vmlinux, digits);
		if (has_id) {
			fprintf(stderr,
				"bpfcheck: %s: not of this kernel: %s does not have its build id, %s\n",
				path, kernel->name, digits);
			return false;
		}
	}
	if (!banner_find(mapping->bytes, mapping->len, banner)) {
		fprintf(stderr,
			"bpfcheck: %s: neither a build id nor a banner identifies its kernel\n",
			path);
		return false;
	}
	if (strcmp(banner, kernel->banner) == 0)
		return true;
	fprintf(stderr, "bpfcheck: %s: not of this kernel: it is '%s', %s is '%s'\n", path, banner,
		kernel->name, kernel->banner[0] ? kernel->banner : "without a banner");
	return false;
}

static bool has_needed(enum vmlinux_need need, const struct vmlinux *vmlinux)
{
	switch (need) {
	case NEED_DEBUG:
		return vmlinux->dwarf;
	case NEED_SYMBOLS:
		return vmlinux->symbols;
	case NEED_BTF:
		return vmlinux->btf || vmlinux->dwarf;
	default:
		return true;
	}
}

static const char *const needed[] = {
	[NEED_DEBUG] = "debug information",
	[NEED_SYMBOLS] = "symbols",
	[NEED_BTF] = "BTF or debug information",
};

/* Whether `path` is what we look for. That it is not there is no news. */
static bool is_wanted(const struct search *search, const char *path)
{
	struct mapping mapping;
	struct vmlinux vmlinux;
	bool wanted = false;
	int err = file_map(path, &mapping);

	if (err == -ENOENT || err == -ENOTDIR)
		return false;
	if (err) {
		fprintf(stderr, "bpfcheck: %s: not used: %s\n", path, file_map_error(err));
		return false;
	}
	if (vmlinux_read(mapping.bytes, mapping.len, &vmlinux)) {
		fprintf(stderr, "bpfcheck: %s: not used: no ELF file\n", path);
	} else if (is_of_kernel(search, path, &mapping, &vmlinux)) {
		wanted = has_needed(search->need, &vmlinux);
		if (!wanted)
			fprintf(stderr, "bpfcheck: %s: of this kernel, but without %s\n", path,
				needed[search->need]);
	}
	file_unmap(&mapping);
	return wanted;
}

/* Whether what the image holds is what we look for: not where that is an arm64 Image. */
static bool is_within(const struct search *search)
{
	struct vmlinux vmlinux;

	return vmlinux_read(search->kernel->contents, search->kernel->len, &vmlinux) == 0 &&
	       has_needed(search->need, &vmlinux);
}

/* A file of what the image holds. */
static int keep_unpacked(const struct kernel *kernel, char found[PATH_MAX])
{
	int err = cache_unpacked(&kernel->file, found);

	if (!err && !cache_has(found))
		err = cache_write(found, kernel->contents, kernel->len);
	return err;
}

static void complain(const struct search *search)
{
	char path[PATH_MAX];

	fprintf(stderr, "bpfcheck: %s: no vmlinux%s%s; looked for", search->kernel->name,
		search->need == NEED_ANY ? "" : " with ",
		search->need == NEED_ANY ? "" : needed[search->need]);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (place_path(search, i, path))
			fprintf(stderr, " %s", path);
	}
	fputc('\n', stderr);
}

int vmlinux_find(const struct kernel *kernel, const char *path, const char *root,
		 enum vmlinux_need need, char found[PATH_MAX])
{
	struct search search = { .kernel = kernel, .root = root, .need = need };
	char candidate[PATH_MAX];

	if (!realpath(path, search.folder)) {
		int err = -errno;

		fprintf(stderr, "bpfcheck: %s: %s\n", path, strerror(-err));
		return err;
	}
	snprintf(search.release, sizeof(search.release), "%s", kernel->image.release);
	if (!search.release[0])
		release_of_name(search.folder, search.release);
	/* The release in an image must not lead to another folder. */
	if (strchr(search.release, '/'))
		search.release[0] = '\0';
	/* The image may be a vmlinux itself. */
	if (strcmp(kernel->image.layout, "vmlinux") == 0 && !kernel->unpacked &&
	    is_within(&search)) {
		snprintf(found, PATH_MAX, "%s", search.folder);
		return 0;
	}
	*strrchr(search.folder, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (place_path(&search, i, candidate) && is_wanted(&search, candidate))
			return realpath(candidate, found) ? 0 : -errno;
	}
	if (is_within(&search))
		return keep_unpacked(kernel, found);
	complain(&search);
	return -ENOENT;
}
