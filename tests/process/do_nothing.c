// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Executed by other generators: waits for the end of its standard input, exits with its only argument, or 0. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	while (getchar() != EOF)
		;
	return argc == 2 ? atoi(argv[1]) : 0;
}
