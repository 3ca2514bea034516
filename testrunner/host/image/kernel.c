// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Opens kernel images, and unpacks them with the host's decompressors. */
#include "host/image/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/image/tool.h"

/* Of an unpacked kernel. The largest, with KASAN, have a quarter of that. */
#define KERNEL_MAX (1024 * 1024 * 1024)

/* An image in a compressed file is the deepest there is. */
#define LAYERS_MAX 3

int file_map(const char *path, struct mapping *mapping)
{
	/* O_NONBLOCK: a FIFO is refused, not waited for. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), err = 0;

	*mapping = (struct mapping){ 0 };
	if (fd < 0 || fstat(fd, &mapping->stat))
		err = -errno;
	else if (!S_ISREG(mapping->stat.st_mode) || mapping->stat.st_size == 0)
		err = -EINVAL;
	if (!err) {
		mapping->len = (size_t)mapping->stat.st_size;
		mapping->bytes =
			mmap(NULL, mapping->len, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
		err = mapping->bytes == MAP_FAILED ? -errno : 0;
	}
	if (err)
		mapping->bytes = NULL;
	if (fd >= 0)
		close(fd);
	return err;
}

const char *file_map_error(int err)
{
	return err == -EINVAL ? "not a file with anything in it" : strerror(-err);
}

void file_unmap(struct mapping *mapping)
{
	if (mapping->bytes)
		munmap(mapping->bytes, mapping->len);
	mapping->bytes = NULL;
}

int kernel_open(const char *path, const char *name, struct kernel *kernel)
{
	char error[160] = "";
	int err;

	*kernel = (struct kernel){ .name = name };
	err = file_map(path, &kernel->file);
	if (err)
		snprintf(error, sizeof(error), "%s", file_map_error(err));
	else
		err = image_parse(kernel->file.bytes, kernel->file.len, &kernel->image, error,
				  sizeof(error));
	if (err) {
		fprintf(stderr, "bpfcheck: %s: %s\n", name, error);
		kernel_close(kernel);
	}
	return err;
}

static int unpack_failure(const struct kernel *kernel, const struct image *image, size_t max,
			  int err)
{
	const char *tool = image->compression->argv[0];

	fprintf(stderr, "bpfcheck: %s: ", kernel->name);
	switch (err) {
	case -ENOENT:
		fprintf(stderr, "cannot be unpacked: %s is not installed\n", tool);
		return -EOPNOTSUPP;
	case -EFBIG:
		fprintf(stderr, "damaged: unpacks to more than %s%zu bytes\n",
			max == image->unpacked_len ? "the promised " : "", max);
		return -EINVAL;
	case -EIO:
		fprintf(stderr, "damaged: its %s payload cannot be unpacked\n",
			image->compression->name);
		return -EINVAL;
	default:
		fprintf(stderr, "%s: %s\n", tool, strerror(-err));
		return err;
	}
}

/* Undo one layer: what `image` says is in the kernel's contents. */
static int unpack_layer(struct kernel *kernel, const struct image *image)
{
	size_t max = image->unpacked_len && image->unpacked_len < KERNEL_MAX ? image->unpacked_len :
									       KERNEL_MAX;
	unsigned char *unpacked;
	size_t len;
	int err = tool_filter(image->compression->argv, kernel->contents + image->payload,
			      image->payload_len, max, &unpacked, &len);

	if (err)
		return unpack_failure(kernel, image, max, err);
	free(kernel->unpacked);
	kernel->contents = kernel->unpacked = unpacked;
	kernel->len = len;
	if (!image->unpacked_len || len == image->unpacked_len)
		return 0;
	fprintf(stderr, "bpfcheck: %s: damaged: unpacks to %zu bytes instead of %" PRIu64 "\n",
		kernel->name, len, image->unpacked_len);
	return -EINVAL;
}

/* The content of a compressed file, or of a zboot image, is an image again. */
static int parse_within(struct kernel *kernel, struct image *image)
{
	char error[160];
	int err = image_parse(kernel->contents, kernel->len, image, error, sizeof(error));

	if (err) {
		fprintf(stderr, "bpfcheck: %s: in it: %s\n", kernel->name, error);
		return err;
	}
	if (strcmp(kernel->image.layout, "packed") == 0)
		kernel->image.layout = image->layout;
	if (!kernel->image.arch)
		kernel->image.arch = image->arch;
	if (!kernel->image.release[0])
		release_copy(image->release, kernel->image.release);
	return 0;
}

static int unpack_layers(struct kernel *kernel)
{
	struct image image = kernel->image;
	int err = 0;

	for (int layer = 0; !err && layer < LAYERS_MAX; layer++) {
		bool last = strcmp(image.layout, "bzImage") == 0;

		if (!image.compression) {
			fprintf(stderr, "bpfcheck: %s: compressed in an unknown way\n",
				kernel->name);
			return -EOPNOTSUPP;
		}
		if (!image.compression->argv[0]) {
			kernel->contents += image.payload;
			kernel->len = image.payload_len;
			return 0;
		}
		err = unpack_layer(kernel, &image);
		if (err || last)
			return err;
		err = parse_within(kernel, &image);
	}
	return err;
}

int kernel_unpack(struct kernel *kernel)
{
	int err;

	kernel->contents = kernel->file.bytes;
	kernel->len = kernel->file.len;
	err = unpack_layers(kernel);
	if (err)
		return err;
	if (strcmp(kernel->image.layout, "bzImage") == 0 &&
	    (kernel->len < 4 || memcmp(kernel->contents, "\177ELF", 4) != 0)) {
		fprintf(stderr, "bpfcheck: %s: damaged: its payload is not an ELF file\n",
			kernel->name);
		return -EINVAL;
	}
	if (banner_find(kernel->contents, kernel->len, kernel->banner) && !kernel->image.release[0])
		release_copy(kernel->banner + strlen("Linux version "), kernel->image.release);
	return 0;
}

void kernel_close(struct kernel *kernel)
{
	free(kernel->unpacked);
	kernel->unpacked = NULL;
	file_unmap(&kernel->file);
}
