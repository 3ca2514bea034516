// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A pair of veth devices, by which network namespaces are joined; man 7 rtnetlink, man 4 veth. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "generator.h"
#include "generator_socket.h"

struct request {
	struct nlmsghdr header;
	struct ifinfomsg info;
	char attributes[256];
};

struct reply {
	struct nlmsghdr header;
	union {
		struct nlmsgerr error;
		struct {
			struct ifinfomsg info;
			char attributes[8192];
		};
	};
};

static struct request request_begin(unsigned short type, unsigned short flags)
{
	return (struct request){ .header = { .nlmsg_type = type,
					     .nlmsg_flags = NLM_F_REQUEST | flags,
					     .nlmsg_len =
						     NLMSG_LENGTH(sizeof(struct ifinfomsg)) } };
}

/* One without data may have attributes, up to attribute_end(). */
static struct rtattr *attribute_begin(struct request *request, unsigned short type,
				      const void *data, size_t size)
{
	char *at = (char *)request + NLMSG_ALIGN(request->header.nlmsg_len);
	struct rtattr *attribute = (struct rtattr *)at;

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), data, size);
	request->header.nlmsg_len = (__u32)(at - (char *)request) + RTA_ALIGN(attribute->rta_len);
	return attribute;
}

static void attribute_end(const struct request *request, struct rtattr *attribute)
{
	attribute->rta_len =
		(unsigned short)((char *)request + request->header.nlmsg_len - (char *)attribute);
}

/* Dies when the kernel says that it did not work. */
static struct reply request_send(const struct request *request)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct reply reply;

	if (fd < 0 || send(fd, request, request->header.nlmsg_len, 0) < 0 ||
	    recv(fd, &reply, sizeof(reply), 0) < 0)
		die("ask about a network device: %m");
	close(fd);
	errno = reply.header.nlmsg_type == NLMSG_ERROR ? -reply.error.error : 0;
	if (errno)
		die("make or find a network device: %m");
	return reply;
}

void veth_make(const char *name, const char *peer, int peer_namespace)
{
	struct request request = request_begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
	static const struct ifinfomsg other_info = { .ifi_index = 20 };
	struct rtattr *link, *data, *other;

	/* Not the peer's: devices of equal numbers have to wait for a second until they can be used. */
	request.info.ifi_index = 10;
	attribute_begin(&request, IFLA_IFNAME, name, strlen(name) + 1);
	link = attribute_begin(&request, IFLA_LINKINFO, NULL, 0);
	attribute_begin(&request, IFLA_INFO_KIND, "veth", strlen("veth"));
	data = attribute_begin(&request, IFLA_INFO_DATA, NULL, 0);
	other = attribute_begin(&request, VETH_INFO_PEER, &other_info, sizeof(other_info));
	attribute_begin(&request, IFLA_IFNAME, peer, strlen(peer) + 1);
	attribute_begin(&request, IFLA_NET_NS_FD, &peer_namespace, sizeof(peer_namespace));
	attribute_end(&request, other);
	attribute_end(&request, data);
	attribute_end(&request, link);
	request_send(&request);
}

static int device_state(const char *name)
{
	struct request request = request_begin(RTM_GETLINK, 0);
	struct reply reply;
	struct rtattr *attribute;
	int left;

	attribute_begin(&request, IFLA_IFNAME, name, strlen(name) + 1);
	reply = request_send(&request);
	left = (int)IFLA_PAYLOAD(&reply.header);
	for (attribute = IFLA_RTA(&reply.info); RTA_OK(attribute, left);
	     attribute = RTA_NEXT(attribute, left)) {
		if (attribute->rta_type == IFLA_OPERSTATE)
			return *(unsigned char *)RTA_DATA(attribute);
	}
	die("the kernel does not say what state %s is in", name);
}

static void device_set(unsigned long what, struct ifreq *request)
{
	int fd = socket_make(AF_INET, SOCK_DGRAM);

	if (ioctl(fd, what, request))
		die("bring %s up: %m", request->ifr_name);
	close(fd);
}

void device_up(const char *name, const char *address)
{
	struct ifreq request = { 0 };

	strncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
	inet_pton(AF_INET, address, &((struct sockaddr_in *)&request.ifr_addr)->sin_addr);
	request.ifr_addr.sa_family = AF_INET;
	device_set(SIOCSIFADDR, &request);
	request.ifr_flags = IFF_UP;
	device_set(SIOCSIFFLAGS, &request);
}

/* Until then it sends nothing, and what should have been sent is gone. */
void device_wait(const char *name)
{
	while (device_state(name) != IF_OPER_UP)
		sched_yield();
}
