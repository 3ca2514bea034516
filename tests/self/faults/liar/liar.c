// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Says on every channel that it can reach that all is well, then takes the kernel down. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const char *const words[] = {
	"pass liar/liar 1 ms\n",
	"ok 1 - liar/liar\n1..1\n",
	"1 passed, 0 failed, 0 skipped\n",
	"[PASS] liar  1 passed\n",
	"PASS\nexit status 0\n",
	("{\"nonce\":\"00\",\"seq\":99,\"from\":\"init\",\"type\":\"exit\",\"reason\":\"exited\",\"status\":0,"
	 "\"signal\":null,\"error\":null,\"records\":3,\"dropped_lines\":0,\"taint\":0}\n"),
	"bpfcheck  1 kernels  1 jobs  tcg\n",
};

static void say(int fd)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		dprintf(fd, "%s", words[i]);
}

int main(void)
{
	int console = open("/dev/console", O_WRONLY | O_CLOEXEC);
	int kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	int sysrq = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	say(STDOUT_FILENO);
	say(STDERR_FILENO);
	say(console);
	say(kmsg);
	if (write(sysrq, "c", 1) != 1)
		perror("liar: crash the kernel through sysrq");
	return 1;
}
