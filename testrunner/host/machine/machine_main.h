/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The subcommands that run a machine, and that say why none was run. */
#ifndef MACHINE_MACHINE_MAIN_H
#define MACHINE_MACHINE_MAIN_H

/* argv[0] is the subcommand's name. They return run-kernel's exit codes. */
int machine_main(int argc, char **argv);
int result_main(int argc, char **argv);

#endif
