// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Prints what the kernel's process events connector reports, an object of JSON a line, until SIGINT or
 * SIGTERM. Needs CONFIG_PROC_EVENTS and root.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "generator.h"

/* Room for the events of a busy machine. */
#define SOCKET_BYTES (4 * 1024 * 1024)

static int open_connector(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int room = SOCKET_BYTES,
	    fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);

	if (fd < 0)
		die("open the connector: %m");
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("bind to the connector: %m");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		die("make room for events: %m");
	return fd;
}

static void subscribe(int fd)
{
	static const enum proc_cn_mcast_op op = PROC_CN_MCAST_LISTEN;
	_Alignas(struct nlmsghdr) char request[NLMSG_LENGTH(sizeof(struct cn_msg) + sizeof(op))];
	struct nlmsghdr *netlink = (void *)request;
	struct cn_msg *connector = NLMSG_DATA(netlink);

	*netlink = (struct nlmsghdr){ .nlmsg_len = sizeof(request), .nlmsg_type = NLMSG_DONE };
	*connector = (struct cn_msg){ .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof(op) };
	memcpy(connector->data, &op, sizeof(op));
	if (send(fd, request, sizeof(request), 0) < 0)
		die("subscribe to process events: %m");
}

/* comm is up to 16 bytes of anything. */
static void print_comm(const char *comm)
{
	printf(", \"comm\": \"");
	for (int i = 0; i < 16 && comm[i]; i++) {
		unsigned char c = (unsigned char)comm[i];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void print_task(const char *name, int pid, int tgid)
{
	printf(", \"%s\": {\"pid\": %d, \"tgid\": %d}", name, pid, tgid);
}

static void begin_event(const struct proc_event *event, const char *kind)
{
	printf("{\"event\": {\"kind\": \"%s\", \"cpu\": %u, \"ts_ns\": %" PRIu64 "}", kind,
	       event->cpu, (uint64_t)event->timestamp_ns);
}

static void print_event(const struct proc_event *event)
{
	switch (event->what) {
	case PROC_EVENT_NONE: /* the answer to the subscription */
		if (event->event_data.ack.err)
			die("subscribe to process events: error %u", event->event_data.ack.err);
		begin_event(event, "LISTENING");
		break;
	case PROC_EVENT_FORK:
		begin_event(event, "FORK");
		print_task("parent", event->event_data.fork.parent_pid,
			   event->event_data.fork.parent_tgid);
		print_task("child", event->event_data.fork.child_pid,
			   event->event_data.fork.child_tgid);
		break;
	case PROC_EVENT_EXEC:
		begin_event(event, "EXEC");
		print_task("task", event->event_data.exec.process_pid,
			   event->event_data.exec.process_tgid);
		break;
	case PROC_EVENT_UID:
		begin_event(event, "UID");
		print_task("task", event->event_data.id.process_pid,
			   event->event_data.id.process_tgid);
		printf(", \"real\": %u, \"effective\": %u", event->event_data.id.r.ruid,
		       event->event_data.id.e.euid);
		break;
	case PROC_EVENT_SID:
		begin_event(event, "SID");
		print_task("task", event->event_data.sid.process_pid,
			   event->event_data.sid.process_tgid);
		break;
	case PROC_EVENT_COMM:
		begin_event(event, "COMM");
		print_task("task", event->event_data.comm.process_pid,
			   event->event_data.comm.process_tgid);
		print_comm(event->event_data.comm.comm);
		break;
	case PROC_EVENT_EXIT:
		begin_event(event, "EXIT");
		print_task("task", event->event_data.exit.process_pid,
			   event->event_data.exit.process_tgid);
		printf(", \"status\": %u", event->event_data.exit.exit_code);
		break;
	default:
		return;
	}
	puts("}");
}

/* Print every event that is queued. The connector sends each in a datagram of its own. */
static void print_events(int fd)
{
	_Alignas(struct nlmsghdr) char data[8192];
	const struct cn_msg *connector = NLMSG_DATA(data);
	ssize_t n;

	while ((n = recv(fd, data, sizeof(data), MSG_DONTWAIT)) > 0) {
		size_t size = (size_t)n < NLMSG_LENGTH(sizeof(*connector)) ?
				      0 :
				      (size_t)n - NLMSG_LENGTH(sizeof(*connector));
		struct proc_event event = { 0 };

		if (!size || connector->id.idx != CN_IDX_PROC || connector->id.val != CN_VAL_PROC)
			continue;
		/* Older kernels send fewer bytes, and the event is not aligned. */
		memcpy(&event, connector->data, size < sizeof(event) ? size : sizeof(event));
		print_event(&event);
	}
	if (n < 0 && errno != EAGAIN)
		die("read process events%s: %m",
		    errno == ENOBUFS ? ", some of which are lost" : "");
	fflush(stdout);
}

int main(void)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	fds[0].fd = open_connector();
	fds[1].fd = signalfd(-1, &stop, SFD_CLOEXEC);
	subscribe(fds[0].fd);
	while (!fds[1].revents) {
		if (poll(fds, 2, -1) < 0)
			die("poll: %m");
		print_events(fds[0].fd);
	}
	return 0;
}
