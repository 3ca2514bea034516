/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Finds virtio devices, and serial ports by name, through sysfs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "virtio.h"

#define PORT_WAIT_MS 2000

/* Find the entry of `folder` whose `attribute` reads `value`. */
static bool sysfs_find(const char *folder, const char *attribute, const char *value, char name[256])
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		char path[512], text[128];
		ssize_t len;
		int fd;

		snprintf(path, sizeof(path), "%s/%s/%s", folder, entry->d_name, attribute);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		len = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[len > 0 ? len : 0] = '\0';
		text[strcspn(text, "\n")] = '\0';
		found = !strcmp(text, value);
		if (found && name)
			strcpy(name, entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool virtio_present(const char *device_id)
{
	return sysfs_find("/sys/bus/virtio/devices", "device", device_id, NULL);
}

int virtio_port_open(const char *name)
{
	char path[5 + 256] = "/dev/";
	int fd;

	if (!virtio_present(VIRTIO_CONSOLE))
		return -ENODEV;
	/* Ports and their names come as messages from the host, some time after the driver's probe. */
	for (int waited = 0; waited < PORT_WAIT_MS; waited++) {
		if (sysfs_find("/sys/class/virtio-ports", "name", name, path + 5)) {
			fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
			return fd < 0 ? -errno : fd;
		}
		usleep(1000);
	}
	return -ENODEV;
}
