// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The layouts of kernel images. */
#include "host/image/image.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Of a configuration; they have 300 KB at most. */
#define CONFIG_MAX  (16 * 1024 * 1024)
#define CONFIG_STEP (256 * 1024)

static const struct compression compressions[] = {
	{ "gzip", { "gzip", "-dc" }, { 0x1f, 0x8b }, 2, false }, /* it ends in the size by itself */
	{ "xz", { "xz", "-dc" }, { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, true },
	{ "lz4", { "lz4", "-dc" }, { 0x02, 0x21, 0x4c, 0x18 }, 4, true },
	{ "zstd", { "zstd", "-dc" }, { 0x28, 0xb5, 0x2f, 0xfd }, 4, true },
	{ "lzo", { "lzop", "-dc" }, { 0x89, 'L', 'Z', 'O' }, 4, true },
	{ "bzip2", { "bzip2", "-dc" }, { 'B', 'Z', 'h' }, 3, true },
	{ "lzma", { "xz", "--format=lzma", "-dc" }, { 0x5d, 0, 0 }, 3, true },
	{ "none", { NULL }, { 0x7f, 'E', 'L', 'F' }, 4, false },
};

static const struct {
	uint16_t elf, pe; /* e_machine; Machine of a PE file's header */
	const char *arch;
} machines[] = {
	{ EM_X86_64, 0x8664, "x86_64" },
	{ EM_386, 0x14c, "i686" },
	{ EM_AARCH64, 0xaa64, "aarch64" },
	{ EM_RISCV, 0x5064, "riscv64" },
};

static const char *machine_name(uint16_t elf, uint16_t pe)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if ((elf && machines[i].elf == elf) || (pe && machines[i].pe == pe))
			return machines[i].arch;
	}
	return NULL;
}

/* Little endian, as all of these machines are; 0 past the end. */
static uint64_t number_at(const unsigned char *bytes, size_t len, size_t offset, unsigned int size)
{
	uint64_t number = 0;

	if (offset > len || len - offset < size)
		return 0;
	while (size--)
		number = number << 8 | bytes[offset + size];
	return number;
}

static bool text_at(const unsigned char *bytes, size_t len, size_t offset, const char *text)
{
	return offset <= len && len - offset >= strlen(text) &&
	       memcmp(bytes + offset, text, strlen(text)) == 0;
}

static const struct compression *compression_of(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(compressions) / sizeof(compressions[0]); i++) {
		const struct compression *row = &compressions[i];

		if (len > row->magic_len && memcmp(bytes, row->magic, row->magic_len) == 0)
			return row;
	}
	return NULL;
}

void release_copy(const char *text, char release[RELEASE_SIZE])
{
	int len = 0;

	while (text[len] > ' ' && text[len] <= '~')
		len++;
	snprintf(release, RELEASE_SIZE, "%.*s", len, text);
}

static int not_within(size_t end, size_t len, char *error, size_t error_size)
{
	snprintf(error, error_size, "truncated: has %zu bytes, its header promises %zu or more",
		 len, end);
	return -EINVAL;
}

static int parse_bzimage(const unsigned char *bytes, size_t len, struct image *image, char *error,
			 size_t error_size)
{
	/* Zero means four, for historical reasons. */
	size_t setup_sectors = number_at(bytes, len, 497, 1) ?: 4;
	size_t release = number_at(bytes, len, 526, 2), end;
	char text[RELEASE_SIZE] = "";

	image->layout = "bzImage";
	/* XLF_KERNEL_64 */
	image->arch = number_at(bytes, len, 566, 2) & 1 ? "x86_64" : "i686";
	image->payload = (setup_sectors + 1) * 512 + number_at(bytes, len, 584, 4);
	image->payload_len = number_at(bytes, len, 588, 4);
	end = image->payload + image->payload_len;
	if (image->payload_len <= 4) {
		snprintf(error, error_size, "a bzImage without a payload");
		return -EINVAL;
	}
	if (end > len)
		return not_within(end, len, error, error_size);
	if (release && release + 512 + sizeof(text) < len) {
		memcpy(text, bytes + release + 512, sizeof(text) - 1);
		release_copy(text, image->release);
	}
	image->compression = compression_of(bytes + image->payload, image->payload_len);
	if (!image->compression || !image->compression->argv[0])
		return 0;
	image->unpacked_len = number_at(bytes, len, end - 4, 4);
	image->payload_len -= image->compression->sized ? 4 : 0;
	return 0;
}

static int parse_zboot(const unsigned char *bytes, size_t len, struct image *image, char *error,
		       size_t error_size)
{
	size_t pe = number_at(bytes, len, 60, 4), end;

	image->layout = "zboot";
	if (text_at(bytes, len, pe, "PE"))
		image->arch = machine_name(0, (uint16_t)number_at(bytes, len, pe + 4, 2));
	image->payload = number_at(bytes, len, 8, 4);
	image->payload_len = number_at(bytes, len, 12, 4);
	end = image->payload + image->payload_len;
	if (image->payload_len <= 4) {
		snprintf(error, error_size, "a zboot image without a payload");
		return -EINVAL;
	}
	if (end > len)
		return not_within(end, len, error, error_size);
	image->compression = compression_of(bytes + image->payload, image->payload_len);
	/* The size stands behind the payload, or is gzip's own end of it. */
	if (image->compression)
		image->unpacked_len =
			number_at(bytes, len, image->compression->sized ? end : end - 4, 4);
	return 0;
}

int image_parse(const unsigned char *bytes, size_t len, struct image *image, char *error,
		size_t error_size)
{
	*image = (struct image){ .payload_len = len };
	/* 2.08 of the boot protocol brought payload_offset and payload_length. */
	if (text_at(bytes, len, 514, "HdrS") && number_at(bytes, len, 518, 2) >= 0x208)
		return parse_bzimage(bytes, len, image, error, error_size);
	if (text_at(bytes, len, 0, "MZ") && text_at(bytes, len, 4, "zimg"))
		return parse_zboot(bytes, len, image, error, error_size);
	image->compression = compression_of(bytes, len);
	if (text_at(bytes, len, 56, "ARM\x64")) {
		image->layout = "Image";
		image->arch = "aarch64";
		image->compression =
			&compressions[sizeof(compressions) / sizeof(compressions[0]) - 1];
		return 0;
	}
	if (!image->compression) {
		snprintf(
			error, error_size,
			"not a bzImage (arch/x86/boot/bzImage, vmlinuz), nor another kernel image");
		return -EINVAL;
	}
	image->layout = image->compression->argv[0] ? "packed" : "vmlinux";
	if (!image->compression->argv[0])
		image->arch = machine_name((uint16_t)number_at(bytes, len, 18, 2), 0);
	return 0;
}

bool banner_find(const unsigned char *bytes, size_t len, char banner[BANNER_SIZE])
{
	static const char start[] = "Linux version ";
	const unsigned char *end = bytes + len, *at = bytes;

	while ((at = memmem(at, (size_t)(end - at), start, sizeof(start) - 1))) {
		size_t left = (size_t)(end - at), used;

		if (left > BANNER_SIZE - 1)
			left = BANNER_SIZE - 1;
		memcpy(banner, at, left);
		banner[left] = '\0';
		used = 0;
		while (banner[used] >= ' ' && banner[used] <= '~')
			used++;
		at += sizeof(start) - 1;
		/* Formats of messages begin with the same words. */
		if (banner[used] == '\n' && strchr("123456789", banner[sizeof(start) - 1])) {
			banner[used] = '\0';
			return true;
		}
	}
	return false;
}

/* Unpack a gzip stream into *text, in steps. Returns what zlib says in the end. */
static int inflate_text(z_stream *stream, char **text)
{
	size_t room = 0;
	int status = Z_OK;

	while (status == Z_OK && room < CONFIG_MAX) {
		char *more = realloc(*text, room + CONFIG_STEP + 1);

		if (!more)
			return Z_MEM_ERROR;
		*text = more;
		stream->next_out = (unsigned char *)more + room;
		stream->avail_out = CONFIG_STEP;
		status = inflate(stream, Z_NO_FLUSH);
		room += CONFIG_STEP;
	}
	return status;
}

int config_find(const unsigned char *bytes, size_t len, char **config)
{
	static const char mark[] = "IKCFG_ST";
	const unsigned char *at = memmem(bytes, len, mark, sizeof(mark) - 1);
	z_stream stream = { 0 };
	int status = Z_MEM_ERROR;

	*config = NULL;
	if (!at)
		return -ENOENT;
	at += sizeof(mark) - 1;
	stream.next_in = (unsigned char *)at;
	stream.avail_in = bytes + len - at > CONFIG_MAX ? CONFIG_MAX : (uInt)(bytes + len - at);
	/* 16: a gzip header comes first. */
	if (inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK) {
		status = inflate_text(&stream, config);
		inflateEnd(&stream);
	}
	if (status == Z_STREAM_END) {
		(*config)[stream.total_out] = '\0';
		return 0;
	}
	free(*config);
	return status == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
}
