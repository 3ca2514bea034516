/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Subcommands that look into kernel images. */
#ifndef HOST_IMAGE_MAIN_H
#define HOST_IMAGE_MAIN_H

int image_main(int argc, char **argv);
int vmlinux_main(int argc, char **argv);
int shrink_main(int argc, char **argv);

#endif
