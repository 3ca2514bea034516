// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Brings another root file system into the guest, packed if need be. */
#include "host/machine/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "host/machine/child.h"
#include "host/machine/files.h"
#include "host/machine/hash.h"
#include "host/machine/message.h"
#include "host/machine/path.h"

enum type { TYPE_FOLDER, TYPE_SQUASHFS, TYPE_EROFS, TYPE_QCOW2, TYPE_OTHER };

static const struct {
	off_t offset;
	unsigned char magic[4];
	enum type type;
	const char *name;
} types[] = {
	{ 0, { 'h', 's', 'q', 's' }, TYPE_SQUASHFS, "squashfs" },
	{ 0, { 'Q', 'F', 'I', 0xfb }, TYPE_QCOW2, "qcow2" },
	{ 1024, { 0xe2, 0xe1, 0xf5, 0xe0 }, TYPE_EROFS, "erofs" },
};

static enum type type_of(const char *path, const char **name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum type type = TYPE_OTHER;
	unsigned char bytes[4];
	struct stat st;

	*name = "";
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		type = TYPE_FOLDER;
	for (size_t i = 0; fd >= 0 && i < sizeof(types) / sizeof(types[0]); i++) {
		if (pread(fd, bytes, 4, types[i].offset) != 4 || memcmp(bytes, types[i].magic, 4))
			continue;
		type = types[i].type;
		*name = types[i].name;
		break;
	}
	if (fd >= 0)
		close(fd);
	return type;
}

void root_check(const char *path, bool writable)
{
	const char *name;
	struct stat st;
	enum type type;

	if (stat(path, &st) || !(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)))
		usage_error("--root %s: no such folder or image", path);
	if (access(path, R_OK))
		usage_error("--root %s: not readable", path);
	if (!writable)
		return;
	if (access(path, W_OK))
		usage_error("--rw: %s: not writable", path);
	type = type_of(path, &name);
	if (type == TYPE_SQUASHFS || type == TYPE_EROFS)
		usage_error("--rw: %s: nothing can be written to a %s", path, name);
}

static const char *last_line(char *text)
{
	size_t len = strlen(text);
	char *newline;

	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	newline = strrchr(text, '\n');
	return newline ? newline + 1 : text;
}

/* Run what packs `path` into `part`. */
static void pack(const char *path, const char *const *argv, const char *part, const char *packed)
{
	char *said;

	free(program_need(argv[0],
			  strcmp(argv[0], "bsdtar") ? "squashfs-tools-ng" : "libarchive-tools"));
	say("packing %s", path);
	temporary_set(part);
	if (child_capture(argv, 1, &said, NULL))
		die(EXIT_INFRA, "%s: cannot be packed: %s", path, last_line(said));
	if (rename(part, packed))
		die(EXIT_INFRA, "%s: %s", packed, strerror(errno));
	temporary_set(NULL);
	free(said);
}

/* As a file that squashfs or newc is the `suffix` of, unless the same has been packed before. */
static void provide(const char *from, enum type type, const char *suffix, const char *build,
		    char packed[PATH_MAX])
{
	char path[PATH_MAX], folder[PATH_MAX], part[PATH_MAX], lock[PATH_MAX], key[HASH_TEXT];
	const char *const squashfs[] = { "gensquashfs", "--quiet",	"--pack-dir",
					 path,		"--compressor", "zstd",
					 "--keep-time", part,		NULL };
	const char *const newc[] = {
		"bsdtar", "-C", path, "--format", "newc", "-s", ",^\\.,.root.packed,",
		"-cf",	  part, ".",  NULL
	};
	static const char convert[] =
		"sqfs2tar --root-becomes .root.packed \"$1\" | bsdtar --format newc -cf \"$2\" @-";
	const char *const newc_of[] = { "sh", "-c", convert, "sh", path, part, NULL };
	const char *const *argv = strcmp(suffix, "squashfs") == 0 ? squashfs :
				  type == TYPE_FOLDER		  ? newc :
								    newc_of;
	struct hash hash = hash_new();
	int fd;

	/* `packed` may be the same. */
	path_set(path, "%s", from);
	hash_tree(&hash, path, HASH_ALL, NULL);
	hash_format(&hash, key);
	path_set(folder, "%s/roots/packed", build);
	folder_make(folder);
	path_set(packed, "%s/%s.%s", folder, key, suffix);
	path_set(part, "%s/part.%d", folder, getpid());
	path_set(lock, "%s/.lock", folder);
	fd = lock_take(lock, path);
	folder_remove_old(folder);
	if (utimensat(AT_FDCWD, packed, NULL, 0))
		pack(path, argv, part, packed);
	close(fd);
}

void root_open(struct root *root, const char *path, bool writable,
	       const struct kernel_folder *kernel, const char *build)
{
	bool disks = kernel_folder_has(kernel, "virtio_blk", "CONFIG_VIRTIO_BLK") == YES;
	bool squashfs = kernel_folder_has(kernel, "squashfs", "CONFIG_SQUASHFS") == YES;
	const char *name;
	enum type type;

	*root = (struct root){ .way = ROOT_NONE };
	if (!realpath(path, root->path))
		die(EXIT_INFRA, "%s: %s", path, strerror(errno));
	type = type_of(root->path, &name);
	if (type == TYPE_FOLDER &&
	    kernel_folder_has(kernel, "9pnet_virtio", "CONFIG_NET_9P_VIRTIO") == YES) {
		root->way = writable ? ROOT_9P_WRITABLE : ROOT_9P;
		return;
	}
	if (disks && (squashfs || (type != TYPE_FOLDER && type != TYPE_SQUASHFS))) {
		root->way = ROOT_BLOCK;
		root->format = type == TYPE_QCOW2 ? "qcow2" : "raw";
		path_set(root->segment, "%s/root.cpio", kernel->path);
		if (type != TYPE_FOLDER)
			return;
		if (writable)
			die(EXIT_INFRA, "--rw: this kernel has no 9p, through which it could "
					"write to a folder");
		provide(root->path, type, "squashfs", build, root->path);
		return;
	}
	if (writable)
		die(EXIT_INFRA, "--rw: this kernel has neither 9p nor virtio disks; a copy in "
				"its memory is all it can have");
	if (type != TYPE_FOLDER && type != TYPE_SQUASHFS)
		die(EXIT_INFRA,
		    "%s: this kernel has no virtio disks, and only a folder or a squashfs can "
		    "be put into its memory instead",
		    root->path);
	root->way = ROOT_INITRAMFS;
	provide(root->path, type, "cpio", build, root->segment);
}
