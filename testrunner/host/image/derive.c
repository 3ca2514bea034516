// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads symbols and BTF from a vmlinux, once for each version of it. */
#include "host/image/derive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/image/cache.h"
#include "host/image/elf.h"
#include "host/image/tool.h"

static int complain(const char *path, const char *what, int err)
{
	fprintf(stderr, "bpfcheck: %s: %s: %s\n", path, what, strerror(-err));
	return err;
}

static int write_symbols(const char *from, struct mapping *mapping, const char *path)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	int err;

	if (!file)
		return complain(from, "read its symbols", -errno);
	err = vmlinux_symbols(mapping->bytes, mapping->len, file);
	if (fclose(file) && !err)
		err = -errno;
	err = err ? complain(from, "read its symbols", err) : cache_write(path, text, len);
	free(text);
	return err;
}

/* A detached one: nothing is added to the vmlinux, which is somebody else's. */
static int make_btf(const char *from, const char *path)
{
	char part[PATH_MAX], output[PATH_MAX + 32];
	const char *const pahole[] = { "pahole", "-J", "--btf_gen_floats", output, from, NULL };
	int err = cache_begin(path, part);

	if (err)
		return err;
	snprintf(output, sizeof(output), "--btf_encode_detached=%s", part);
	fprintf(stderr, "bpfcheck: %s: pahole makes BTF of its debug information\n", from);
	err = tool_run(pahole);
	if (err == -ENOENT)
		fprintf(stderr, "bpfcheck: pahole is not installed; 'apt-get install dwarves'\n");
	else if (err)
		complain(from, "make BTF of its debug information: pahole", err);
	else if (access(part, F_OK))
		err = complain(from, "make BTF of its debug information: pahole wrote none",
			       -ENODATA);
	else
		err = cache_end(part, path);
	if (err)
		unlink(part);
	return err;
}

static int write_btf(const char *from, struct mapping *mapping, const char *path)
{
	struct vmlinux vmlinux;
	int err = vmlinux_read(mapping->bytes, mapping->len, &vmlinux);

	if (err)
		return complain(from, "read its BTF", err);
	return vmlinux.btf_len ? cache_write(path, vmlinux.btf, vmlinux.btf_len) :
				 make_btf(from, path);
}

int vmlinux_derive(const char *from, enum vmlinux_need what, char path[PATH_MAX])
{
	struct mapping mapping;
	struct stat now;
	int err = file_map(from, &mapping);

	if (err)
		return complain(from, "read it", err);
	err = cache_read(from, &mapping.stat, what == NEED_BTF ? "btf" : "symbols", path);
	if (!err && !cache_has(path)) {
		err = what == NEED_BTF ? write_btf(from, &mapping, path) :
					 write_symbols(from, &mapping, path);
		/* Rewritten in the meantime: what was read may be half of each. */
		if (!err && (stat(from, &now) || now.st_size != mapping.stat.st_size ||
			     now.st_mtim.tv_sec != mapping.stat.st_mtim.tv_sec ||
			     now.st_mtim.tv_nsec != mapping.stat.st_mtim.tv_nsec)) {
			unlink(path);
			err = complain(from, "changed while it was read", -ESTALE);
		}
	}
	file_unmap(&mapping);
	return err;
}
