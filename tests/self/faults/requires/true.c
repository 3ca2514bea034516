// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Does nothing, successfully. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	printf("{\"pid\": %d}\n", getpid());
	return 0;
}
