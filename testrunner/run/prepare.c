// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Prepares a run before its arguments are known. */
#include "run/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load/kernel_btf.h"
#include "load/scope.h"

/* The size limit of init's settings. */
#define ARGUMENTS_MAX (64 * 1024)

/* The run repeats a step that fails here, and reports the failure. */
static void make_ready(void)
{
	char ignored[128];

	kernel_btf_has("task_struct");
	scope_open(ignored, sizeof(ignored));
}

/*
 * Send init a message that init peeks at but never receives: the duplicate descriptor in the
 * message keeps the tracker attached after this process ends. To detach the tracker costs an RCU
 * grace period.
 */
static int tell_ready(int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(fd))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(fd)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec iovec = { "", 1 };
	struct msghdr message = {
		.msg_iov = &iovec,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = fd < 0 ? 0 : sizeof(control),
	};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return sendmsg(STDIN_FILENO, &message, 0) < 0 ? -errno : 0;
}

static ssize_t read_arguments(char *text)
{
	ssize_t len = 0, n;

	while ((n = read(STDIN_FILENO, text + len, (size_t)(ARGUMENTS_MAX - len))) > 0)
		len += n;
	if (n < 0)
		return -errno;
	return len == ARGUMENTS_MAX || (len && text[len - 1]) ? -E2BIG : len;
}

int prepare_run(int *argc, char ***argv)
{
	static char text[ARGUMENTS_MAX];
	ssize_t len;

	make_ready();
	len = tell_ready(scope_fd());
	if (!len)
		len = read_arguments(text);
	if (len < 0)
		return (int)len;
	/* Stdin served only for the arguments. */
	close(STDIN_FILENO);
	open("/dev/null", O_RDWR);
	*argv = calloc((size_t)len + 2, sizeof(char *));
	if (!*argv)
		return -ENOMEM;
	(*argv)[0] = "testrunner";
	*argc = 1;
	for (char *word = text; word < text + len; word += strlen(word) + 1)
		(*argv)[(*argc)++] = word;
	return 0;
}
