/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kernel images, as boot loaders take them: where the kernel proper is in one, and how it is packed. */
#ifndef HOST_IMAGE_IMAGE_H
#define HOST_IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest `uname -r`, and a NUL: __NEW_UTS_LEN of the kernel's include/uapi/linux/utsname.h. */
#define RELEASE_SIZE 65
#define BANNER_SIZE  512

/* A format that the kernel's build offers, and the program that undoes it, from stdin to stdout. */
struct compression {
	const char *name;
	const char *argv[4]; /* all NULL: not packed */
	unsigned char magic[6];
	unsigned char magic_len;
	bool sized; /* the build adds the unpacked size, which the program must not see */
};

struct image {
	const char *layout;	    /* "bzImage", "zboot", "Image", "vmlinux", "packed" */
	const char *arch;	    /* as uname -m; NULL: only what is packed will tell */
	char release[RELEASE_SIZE]; /* "": likewise */
	const struct compression *compression; /* NULL: an unknown one */
	size_t payload, payload_len; /* what to unpack; all of the file, where nothing is packed */
	uint64_t unpacked_len;	     /* as the image promises; 0: it does not */
};

/*
 * Look into the `len` bytes of a file: an x86 bzImage (Documentation/arch/x86/boot.rst), an EFI zboot
 * image (drivers/firmware/efi/libstub/zboot-header.S), an arm64 Image (Documentation/arch/arm64/
 * booting.rst), a vmlinux, or one of these in a compressed file. Errors: -EINVAL, `error` saying why:
 * none of these, or shorter than it says.
 */
int image_parse(const unsigned char *bytes, size_t len, struct image *image, char *error,
		size_t error_size);

/*
 * The line that the kernel prints first, "Linux version ..." to its end, in an unpacked kernel or a
 * vmlinux. It is printable. False: there is none.
 */
bool banner_find(const unsigned char *bytes, size_t len, char banner[BANNER_SIZE]);
/* The release in a banner, or in the text of a boot header: the word that `text` begins with, printable. */
void release_copy(const char *text, char release[RELEASE_SIZE]);

/*
 * The .config that CONFIG_IKCONFIG puts into an unpacked kernel: the caller's to free, and terminated.
 * Errors: -ENOENT none, -EINVAL damaged, -ENOMEM.
 */
int config_find(const unsigned char *bytes, size_t len, char **config);

#endif
