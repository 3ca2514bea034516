/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Brings the loopback interface up and names the machine. */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "network.h"
#include "report.h"

static int loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int err = 0;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	/* The kernel adds 127.0.0.1 and ::1 when lo comes up. */
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		err = -errno;
	close(fd);
	return err;
}

void network_up(const char *hostname)
{
	int err = loopback_up();

	if (err)
		failure_note("network", "lo", err);
	if (!hostname)
		hostname = "bpfcheck";
	if (sethostname(hostname, strlen(hostname)))
		failure_note("network", "hostname", -errno);
}
