// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Starts programs of the host, and takes what they print. */
#include "host/image/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

/* A download may exploit a bug in a decompressor, which therefore does not run as root. */
static bool privileges_drop(void)
{
	return geteuid() != 0 ||
	       (setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
		setresuid(NOBODY, NOBODY, NOBODY) == 0);
}

/* The program, open for execution: nobody may not see the folder that it is in. Or -ENOENT. */
static int program_open(const char *name)
{
	const char *folders = getenv("PATH");
	char path[PATH_MAX];

	while (folders && *folders) {
		int len = (int)strcspn(folders, ":");

		snprintf(path, sizeof(path), "%.*s/%s", len, folders, name);
		if (len && access(path, X_OK) == 0)
			return open(path, O_PATH);
		folders += len + (folders[len] == ':');
	}
	return -ENOENT;
}

/* In the child; does not come back. */
static void become(int program, const char *const argv[], int input, int output, bool untrusted)
{
	if (untrusted) {
		int null = open("/dev/null", O_WRONLY);

		if (!privileges_drop() || dup2(input, 0) < 0 || dup2(output, 1) < 0 ||
		    dup2(null, 2) < 0)
			_exit(1);
	}
	/* After the change of user, which would undo it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fexecve(program, (char *const *)argv, environ);
	_exit(1);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return status == 0 ? 0 : -EIO;
}

static int write_all(int fd, const unsigned char *bytes, size_t len)
{
	while (len) {
		ssize_t written = write(fd, bytes, len);

		if (written < 0 && errno != EINTR)
			return -errno;
		bytes += written > 0 ? written : 0;
		len -= written > 0 ? (size_t)written : 0;
	}
	return 0;
}

/* To the end, or one byte more than `max`. */
static int read_all(int fd, size_t max, unsigned char **output, size_t *len)
{
	size_t room = 0;
	ssize_t n = 1;

	while (n && *len <= max) {
		if (*len == room) {
			unsigned char *more;

			room = room ? room * 2 : 1024 * 1024;
			room = room > max ? max + 1 : room;
			more = realloc(*output, room);
			if (!more)
				return -ENOMEM;
			*output = more;
		}
		n = read(fd, *output + *len, room - *len);
		if (n < 0 && errno != EINTR)
			return -errno;
		*len += n > 0 ? (size_t)n : 0;
	}
	return *len > max ? -EFBIG : 0;
}

int tool_filter(const char *const argv[], const void *input, size_t input_len, size_t max,
		unsigned char **output, size_t *output_len)
{
	/* A file, so that there is one pipe to look after and not two. */
	int file = memfd_create("input", MFD_CLOEXEC), ends[2] = { -1, -1 }, err = 0, status;
	int program = program_open(argv[0]);
	pid_t pid = -1;

	*output = NULL;
	*output_len = 0;
	if (program < 0)
		err = program;
	else if (file < 0 || pipe2(ends, O_CLOEXEC))
		err = -errno;
	if (!err)
		err = write_all(file, input, input_len);
	if (!err && lseek(file, 0, SEEK_SET) < 0)
		err = -errno;
	if (!err) {
		pid = fork();
		err = pid < 0 ? -errno : 0;
	}
	if (pid == 0)
		become(program, argv, file, ends[1], true);
	close(ends[1]);
	if (pid > 0) {
		err = read_all(ends[0], max, output, output_len);
		if (err)
			kill(pid, SIGKILL);
		status = wait_for(pid);
		err = err ? err : status;
	}
	close(ends[0]);
	close(file);
	close(program);
	if (err) {
		free(*output);
		*output = NULL;
	}
	return err;
}

int tool_run(const char *const argv[])
{
	int program = program_open(argv[0]), err;
	pid_t pid;

	if (program < 0)
		return program;
	pid = fork();
	if (pid == 0)
		become(program, argv, 0, 1, false);
	err = pid < 0 ? -errno : wait_for(pid);
	close(program);
	return err;
}
