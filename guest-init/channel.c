/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Finds and opens the records channel; sends over it, never waiting unless told to. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "steps.h"

#define PORT_WAIT_MS 2000

/* Find the entry of `folder` whose attribute reads `value`. */
static bool sysfs_find(const char *folder, const char *attribute, const char *value, char name[256])
{
	DIR *dir = opendir(folder);
	struct dirent *entry = NULL;
	char path[512], line[128] = "";

	while (dir && strcmp(line, value) != 0 && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s/%s", folder, entry->d_name, attribute);
		line_read(path, line, sizeof(line));
		strcpy(name, entry->d_name);
	}
	if (dir)
		closedir(dir);
	return entry;
}

bool virtio_present(const char *device_id)
{
	char name[256];

	return sysfs_find("/sys/bus/virtio/devices", "device", device_id, name);
}

static int virtio_open(void)
{
	char path[5 + 256] = "/dev/";

	/* The host tells of ports and their names in messages, some time after the probe. */
	for (int left = virtio_present(VIRTIO_CONSOLE) ? PORT_WAIT_MS : 0; left; left--) {
		if (sysfs_find("/sys/class/virtio-ports", "name", "org.bpfcheck.records", path + 5))
			return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		usleep(1000);
	}
	return -1;
}

static int share_open(void)
{
	struct stat share, root;

	/* Without a share, /host is a folder of the root. */
	if (stat(SHARE, &share) || stat("/", &root) || share.st_dev == root.st_dev)
		return -1;
	return open(SHARE "/records.ndjson", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static int serial_open(void)
{
	struct serial_struct serial;
	struct termios termios;
	int fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	/* The 8250 driver makes nodes for ports that are not there. */
	if (ioctl(fd, TIOCGSERIAL, &serial) || serial.type == PORT_UNKNOWN ||
	    tcgetattr(fd, &termios)) {
		close(fd);
		return -1;
	}
	cfmakeraw(&termios);
	cfsetspeed(&termios, B115200);
	termios.c_cflag |= CLOCAL;
	tcsetattr(fd, TCSANOW, &termios);
	return fd;
}

/* Best first. */
static const struct {
	const char *name;
	int (*open)(void);
} kinds[] = { { "virtio", virtio_open }, { "9p", share_open }, { "serial", serial_open } };

int channel_open(struct channel *channel, const char *nonce)
{
	/* Pages that are not touched cost nothing. */
	static char line[RECORD_LINE_MAX], data[RELAY_GROWTH + 4 * KLOG_GROWTH];

	channel->fd = -1;
	channel->relay.line = line;
	channel->records = (struct records){ .data = data, .size = sizeof(data), .nonce = nonce };
	for (size_t i = 0; channel->fd < 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		channel->fd = kinds[i].open();
		channel->name = channel->fd < 0 ? NULL : kinds[i].name;
	}
	return channel->name ? 0 : -ENODEV;
}

size_t channel_pending(const struct channel *channel)
{
	return channel->records.len - channel->sent;
}

int channel_send(struct channel *channel)
{
	while (channel->name && !channel->err && channel_pending(channel)) {
		ssize_t sent = write(channel->fd, channel->records.data + channel->sent,
				     channel_pending(channel));

		if (sent > 0)
			channel->sent += sent;
		else if (!sent || errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			channel->err = -errno;
	}
	channel->records.len = channel->sent = 0;
	return channel->err;
}

int channel_close(struct channel *channel, int wait_ms)
{
	int err = channel_send(channel);

	for (int left = wait_ms; !err && left && channel_pending(channel); left--) {
		usleep(1000);
		err = channel_send(channel);
	}
	if (!err && channel_pending(channel))
		err = -ETIMEDOUT;
	/* Serial: until the last byte has left. */
	tcdrain(channel->fd);
	/* virtio: close() waits for the host to answer a control message sent after the data. */
	close(channel->fd);
	return err;
}
