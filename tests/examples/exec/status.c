// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Its exit status is all that it says: as root one may ask for the memory to be locked. */
#include <sys/mman.h>

int main(void)
{
	return mlockall(MCL_CURRENT) != 0;
}
