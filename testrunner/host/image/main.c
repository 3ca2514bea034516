// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The subcommands image and vmlinux: describe a kernel image, and find its vmlinux. */
#include "host/image/main.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_code.h"
#include "base/file.h"
#include "host/image/derive.h"
#include "host/image/elf.h"
#include "host/image/find.h"
#include "host/image/kernel.h"

static const char image_usage[] =
	"Usage: bpfcheck image [--name NAME] [--unpack FILE] [--config FILE] KERNEL\n"
	"\n"
	"Look into a kernel image: a bzImage, an EFI zboot image, an arm64 Image, a vmlinux, or one of these compressed.\n"
	"Prints a line each for layout, arch, compression and release; when it was unpacked also for boot (pvh or image)\n"
	"and btf (yes or no).\n"
	"\n"
	"  --name NAME    call KERNEL by this name in messages\n"
	"  --unpack FILE  write the unpacked kernel to FILE\n"
	"  --config FILE  write the embedded configuration to FILE, if there is one\n"
	"\n"
	"Exit codes: 0 done, 1 this host cannot unpack it, 2 usage or no such file, 5 damaged, or FILE cannot be written.\n";

static const char vmlinux_usage[] =
	"Usage: bpfcheck vmlinux [--root DIR] [--debug | --symbols | --btf] KERNEL\n"
	"\n"
	"Print the path of the vmlinux that belongs to a kernel image: beside it, in the build tree around it, where\n"
	"distributions install it, or else unpacked from the image. The build id or the banner proves that both belong together.\n"
	"\n"
	"  --root DIR  look for /boot, /lib/modules and /usr/lib/debug in DIR\n"
	"  --debug     accept only a vmlinux with debug information (DWARF)\n"
	"  --symbols   print the path of a file with its symbols, in the format of System.map\n"
	"  --btf       print the path of a file with its BTF, which pahole makes from DWARF if necessary\n"
	"\n"
	"vmlinux/ of the build folder (BPFCHECK_BUILD) keeps these files for two days after their last use.\n"
	"\n"
	"Exit codes: 0 found, 1 there is none, 2 usage or no such file, 5 the image is damaged, or files cannot be written.\n";

static int exit_code_of(int err)
{
	switch (err) {
	case 0:
		return EXIT_PASSED;
	case -EOPNOTSUPP:
		return EXIT_FAILED;
	case -ENOENT:
		return EXIT_USAGE;
	default:
		return EXIT_INFRA;
	}
}

static int write_config(const char *path, const struct kernel *kernel)
{
	char *config;
	int err = config_find(kernel->contents, kernel->len, &config);

	if (err == -ENOENT)
		return 0;
	if (err) {
		fprintf(stderr, "bpfcheck: %s: its embedded configuration: %s\n", kernel->name,
			strerror(-err));
		return err;
	}
	err = file_write(path, config, strlen(config));
	free(config);
	return err;
}

static void print_image(const struct kernel *kernel)
{
	const struct image *image = &kernel->image;
	struct vmlinux vmlinux;

	printf("layout %s\n", image->layout);
	if (image->arch)
		printf("arch %s\n", image->arch);
	printf("compression %s\n", image->compression ? image->compression->name : "unknown");
	if (image->release[0])
		printf("release %s\n", image->release);
	if (kernel->contents && vmlinux_read(kernel->contents, kernel->len, &vmlinux) == 0)
		printf("boot %s\nbtf %s\n", vmlinux.pvh ? "pvh" : "image",
		       vmlinux.btf_len ? "yes" : "no");
}

int image_main(int argc, char **argv)
{
	static const struct option rows[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "unpack", required_argument, NULL, 'u' },
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *name = NULL, *unpack = NULL, *config = NULL;
	struct kernel kernel;
	int row, err;

	while ((row = getopt_long(argc, argv, "h", rows, NULL)) != -1) {
		if (row == 'n')
			name = optarg;
		else if (row == 'u')
			unpack = optarg;
		else if (row == 'c')
			config = optarg;
		else
			return fputs(image_usage, row == 'h' ? stdout : stderr),
			       row == 'h' ? EXIT_PASSED : EXIT_USAGE;
	}
	if (argc - optind != 1)
		return fputs(image_usage, stderr), EXIT_USAGE;
	err = kernel_open(argv[optind], name ? name : argv[optind], &kernel);
	if (err)
		return exit_code_of(err);
	/* Of a bzImage the header tells what is asked most. */
	if (unpack || config || !kernel.image.release[0])
		err = kernel_unpack(&kernel);
	if (!err && unpack)
		err = file_write(unpack, kernel.contents, kernel.len);
	if (!err && config)
		err = write_config(config, &kernel);
	if (!err)
		print_image(&kernel);
	kernel_close(&kernel);
	return exit_code_of(err);
}

/* The file that was asked for. Returns the exit code. */
static int print_found(const char *vmlinux, enum vmlinux_need need)
{
	char path[PATH_MAX];
	int err = 0;

	snprintf(path, sizeof(path), "%s", vmlinux);
	if (need == NEED_SYMBOLS || need == NEED_BTF)
		err = vmlinux_derive(vmlinux, need, path);
	if (!err)
		puts(path);
	return err ? EXIT_INFRA : EXIT_PASSED;
}

int vmlinux_main(int argc, char **argv)
{
	static const struct option rows[] = {
		{ "root", required_argument, NULL, 'r' }, { "debug", no_argument, NULL, 'd' },
		{ "symbols", no_argument, NULL, 's' },	  { "btf", no_argument, NULL, 'b' },
		{ "help", no_argument, NULL, 'h' },	  { NULL, 0, NULL, 0 },
	};
	enum vmlinux_need need = NEED_ANY;
	char found[PATH_MAX];
	const char *root = "";
	struct kernel kernel;
	int row, err;

	while ((row = getopt_long(argc, argv, "h", rows, NULL)) != -1) {
		if (row == 'r')
			root = optarg;
		else if (row == 'd')
			need = NEED_DEBUG;
		else if (row == 's')
			need = NEED_SYMBOLS;
		else if (row == 'b')
			need = NEED_BTF;
		else
			return fputs(vmlinux_usage, row == 'h' ? stdout : stderr),
			       row == 'h' ? EXIT_PASSED : EXIT_USAGE;
	}
	if (argc - optind != 1)
		return fputs(vmlinux_usage, stderr), EXIT_USAGE;
	err = kernel_open(argv[optind], argv[optind], &kernel);
	if (err)
		return exit_code_of(err);
	err = kernel_unpack(&kernel);
	if (err) {
		kernel_close(&kernel);
		return exit_code_of(err);
	}
	err = vmlinux_find(&kernel, argv[optind], root, need, found);
	kernel_close(&kernel);
	if (err)
		return err == -ENOENT ? EXIT_FAILED : EXIT_INFRA;
	return print_found(found, need);
}
