// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The limit of a warm start: the same init until it waits to be restored, as in guest-init/init.c;
 * then it powers off at the first byte.
 */
#include <fcntl.h>
#include <sys/reboot.h>

#include "channel.h"
#include "machine.h"
#include "modules.h"
#include "mounts.h"
#include "report.h"
#include "supervise.h"

int main(void)
{
	int fd;
	char byte;

	console_open();
	root_make();
	mounts_make(MOUNTS_NEEDED);
	console_open();
	modules_load("/bpfcheck/modules");
	mounts_make(MOUNTS_REST);
	machine_prepare();
	channel_open();
	supervise_open();
	fd = port_open("org.bpfcheck.control", O_RDONLY);
	while (read(fd, &byte, 1) != 1)
		usleep(1000);
	return reboot(RB_POWER_OFF);
}
