// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Loads a module of the running kernel, and unloads it again: load_module FILE WAY.
 *
 * WAY
 *   file     by finit_module
 *   memory   by init_module, after a file that is no module has been refused
 *   packaged by finit_module, which is to decompress it if the kernel can, as it was packaged: the
 *            file `packaged` beside FILE
 *   refused  by finit_module; and, while it is there, once more, and under another name, when it
 *            finds that what it has to register is there already
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

struct image {
	char *bytes;
	size_t size;
};

static int open_or_die(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("open %s: %m", path);
	return fd;
}

static struct image read_image(const char *path)
{
	struct image image;
	int fd = open_or_die(path);
	struct stat st;

	if (fstat(fd, &st))
		die("fstat %s: %m", path);
	image.size = (size_t)st.st_size;
	image.bytes = malloc(image.size);
	if (!image.bytes || read(fd, image.bytes, image.size) != (ssize_t)image.size || close(fd))
		die("read %s: %m", path);
	return image;
}

static int load_file(const char *path, int flags)
{
	int fd = open_or_die(path), err = (int)syscall(SYS_finit_module, fd, "", flags);

	close(fd);
	return err;
}

static int load_image(const struct image *image)
{
	return (int)syscall(SYS_init_module, image->bytes, image->size, "");
}

/* That of the newest module is in the first line. */
static void truth_newest(char *name)
{
	FILE *file = fopen("/proc/modules", "re");

	if (!file || fscanf(file, "%55s", name) != 1)
		die("read /proc/modules: %m");
	fclose(file);
	truth_text("name", name);
}

static void by_file(const char *path)
{
	if (load_file(path, 0))
		die("finit_module %s: %m", path);
	truth_path("path", path);
}

/* From 5.17, and only if it is of the kind that the kernel was built for. */
static void as_packaged(const char *path)
{
	char packaged[256];
	struct image image;

	snprintf(packaged, sizeof(packaged), "%.*s/packaged", (int)(strrchr(path, '/') - path),
		 path);
	image = read_image(packaged);
	if (memcmp(image.bytes, "\177ELF", 4) != 0 &&
	    load_file(packaged, MODULE_INIT_COMPRESSED_FILE) == 0)
		truth_path("path", packaged);
	else
		by_file(path);
}

static void by_memory(const char *path)
{
	struct image image = read_image(path);

	if (load_file("/proc/self/exe", 0) != -1 || errno != ENOEXEC)
		die("finit_module of a program: %m, expected ENOEXEC");
	if (load_image(&image))
		die("init_module: %m");
}

/* include/linux/module_signature.h: what stands at the end of a file that is signed. */
static void remove_signature(struct image *image)
{
	static const char magic[] = "~Module signature appended~\n";
	struct {
		uint8_t about[8];
		uint32_t len; /* of the signature before it; big-endian */
	} signature;
	const size_t behind = sizeof(magic) - 1 + sizeof(signature);
	const char *end = image->bytes + image->size;

	if (image->size < behind || memcmp(end - sizeof(magic) + 1, magic, sizeof(magic) - 1) != 0)
		return;
	memcpy(&signature, end - behind, sizeof(signature));
	image->size -= behind + be32toh(signature.len);
}

/* The last letter of the module's name is another one, wherever it stands. */
static void rename_module(struct image *image, const char *name)
{
	size_t len = strlen(name);

	for (size_t at = 0; at + len <= image->size; at++)
		if (memcmp(image->bytes + at, name, len) == 0)
			image->bytes[at + len - 1] ^= 1;
}

static void refused(const char *path)
{
	struct image image = read_image(path);

	by_file(path);
	if (load_file(path, 0) != -1 || errno != EEXIST)
		die("finit_module of what is there: %m, expected EEXIST");
	/* It would not fit any more. */
	remove_signature(&image);
	rename_module(&image, "ts_fsm");
	/* The module's initialization returns EEXIST; newer kernels turn this into EBUSY. */
	if (load_image(&image) != -1 || (errno != EEXIST && errno != EBUSY))
		die("init_module under another name: %m, expected EEXIST or EBUSY");
}

static const struct way {
	const char *name;
	void (*load)(const char *path);
} ways[] = { { "file", by_file },
	     { "packaged", as_packaged },
	     { "memory", by_memory },
	     { "refused", refused } };

int main(int argc, char **argv)
{
	const struct way *way;
	char name[56];

	if (argc != 3)
		die("usage: load_module FILE WAY");
	way = FIND_MODE(ways, argv[2]);
	truth_task("task", getpid(), getpid());
	way->load(argv[1]);
	truth_newest(name);
	if (syscall(SYS_delete_module, name, O_NONBLOCK))
		die("delete_module %s: %m", name);
	truth_print();
	return 0;
}
