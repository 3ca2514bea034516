// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Connects to itself by TCP under the congestion control NAME. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "generator.h"

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);

	if (argc != 2) {
		fprintf(stderr, "Usage: connect_with NAME\n");
		return 2;
	}
	if (listener < 0 || client < 0)
		die("socket: %m");
	if (bind(listener, (struct sockaddr *)&address, len) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &len))
		die("listen: %m");
	if (setsockopt(client, IPPROTO_TCP, TCP_CONGESTION, argv[1], (socklen_t)strlen(argv[1])))
		die("TCP_CONGESTION %s: %m", argv[1]);
	if (connect(client, (struct sockaddr *)&address, len))
		die("connect: %m");
	truth_text("congestion", argv[1]);
	truth_print();
	return 0;
}
