// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Never ends, and does no harm. */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
