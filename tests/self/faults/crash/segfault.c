// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Dies of a signal after it has done all that its test expects. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	printf("{\"pid\": %d}\n", getpid());
	fflush(stdout);
	fprintf(stderr, "segfault: about to die\n");
	raise(SIGSEGV);
	return 0;
}
