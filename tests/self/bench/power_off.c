// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The limit of a cold start: an init that powers off at once. */
#include <sys/reboot.h>

int main(void)
{
	return reboot(RB_POWER_OFF);
}
