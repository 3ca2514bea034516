/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Opens the records channel and sends bytes over it, never waiting unless told to. */
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "channel.h"
#include "mounts.h"
#include "virtio.h"

static int virtio_open(void)
{
	return virtio_port_open("org.bpfcheck.records");
}

static int share_open(void)
{
	struct stat share, root;
	int fd;

	/* Without a share, /host is a directory of the root. */
	if (stat(SHARE, &share) || stat("/", &root) || share.st_dev == root.st_dev)
		return -ENODEV;
	fd = open(SHARE "/records.ndjson", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return fd < 0 ? -errno : fd;
}

static int serial_open(void)
{
	struct serial_struct serial;
	struct termios termios;
	int err = -ENODEV;
	int fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* The 8250 driver makes nodes for ports that are not there. */
	if (ioctl(fd, TIOCGSERIAL, &serial) || serial.type == PORT_UNKNOWN)
		goto fail;
	if (tcgetattr(fd, &termios))
		goto fail;
	cfmakeraw(&termios);
	cfsetspeed(&termios, B115200);
	termios.c_cflag |= CLOCAL;
	if (!tcsetattr(fd, TCSANOW, &termios))
		return fd;
fail:
	close(fd);
	return err;
}

/* Best first. */
static const struct {
	const char *name;
	int (*open)(void);
} kinds[] = {
	{ "virtio", virtio_open },
	{ "9p", share_open },
	{ "serial", serial_open },
};

int channel_open(struct channel *channel, const char *nonce)
{
	/* Untouched pages cost nothing. */
	static char buffer[RELAY_GROWTH(64 * 1024) + 256 * 1024];

	memset(channel, 0, sizeof(*channel));
	channel->fd = -1;
	channel->records.data = buffer;
	channel->records.size = sizeof(buffer);
	channel->records.nonce = nonce;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		channel->fd = kinds[i].open();
		if (channel->fd < 0)
			continue;
		channel->name = kinds[i].name;
		return 0;
	}
	return -ENODEV;
}

size_t channel_pending(const struct channel *channel)
{
	return channel->records.len - channel->sent;
}

size_t channel_room(const struct channel *channel)
{
	return channel->records.size - channel->records.len;
}

int channel_send(struct channel *channel)
{
	while (channel_pending(channel) && !channel->err) {
		ssize_t sent = channel_pending(channel);

		if (channel->fd >= 0)
			sent = write(channel->fd, channel->records.data + channel->sent, sent);
		if (sent > 0)
			channel->sent += sent;
		else if (sent == 0 || errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			channel->err = -errno;
	}
	channel->records.len = 0;
	channel->sent = 0;
	return channel->err;
}

int channel_close(struct channel *channel, int stall_ms)
{
	struct pollfd writable = { .fd = channel->fd, .events = POLLOUT };
	int err = channel_send(channel);

	while (!err && channel_pending(channel)) {
		if (poll(&writable, 1, stall_ms) <= 0)
			err = -ETIMEDOUT;
		else
			err = channel_send(channel);
	}
	if (channel->fd < 0)
		return err;
	/* Serial: the last bytes leave. Others: ENOTTY. */
	tcdrain(channel->fd);
	/* virtio: close() waits for the host's answer on the control queue, which it serves after the data. */
	close(channel->fd);
	channel->fd = -1;
	return err;
}
