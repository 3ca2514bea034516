// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Terminals for generators: pairs of a master, where a terminal emulator would sit, and a terminal. */
#include "generator.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

struct terminal terminal_open(void)
{
	struct terminal terminal;
	int unlock = 0;

	terminal.master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal.master < 0)
		die("open /dev/ptmx: %m");
	if (ioctl(terminal.master, TIOCSPTLCK, &unlock))
		die("unlock the terminal: %m");
	if (ptsname_r(terminal.master, terminal.path, sizeof(terminal.path)))
		die("ptsname: %m");
	terminal.slave = open(terminal.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal.slave < 0)
		die("open %s: %m", terminal.path);
	return terminal;
}

void terminal_control(const struct terminal *terminal)
{
	if (ioctl(terminal->slave, TIOCSCTTY, 0))
		die("make %s the controlling terminal: %m", terminal->path);
}
