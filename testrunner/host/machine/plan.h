/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* bpfcheck plan: the subcommand behind run-tests. */
#ifndef PLAN_H
#define PLAN_H

int plan_main(int argc, char **argv);

#endif
