// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Makes one event happen: tells the listener, at its gate, who it is. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "generator.h"

int main(void)
{
	int gate = open("gate", O_WRONLY);

	if (gate < 0)
		die("open gate: %m");
	if (dprintf(gate, "%d", getpid()) < 0)
		die("write to gate: %m");
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
