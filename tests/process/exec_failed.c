// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Tries to exec what cannot be executed, each for another reason. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

static const struct attempt {
	const char *path;
	int error;
} attempts[] = {
	{ "/tmp/missing", ENOENT },
	{ "/tmp/not_executable", EACCES },
	{ "/tmp/folder", EACCES },
	{ "/tmp/empty", ENOEXEC },
	{ "/tmp/not_executable/x", ENOTDIR },
	{ "/tmp/no_interpreter", ENOENT },
};

static void write_script(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0700);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd))
		die("write %s: %m", path);
}

int main(void)
{
	char *argv[] = { "never", NULL }, *env[] = { NULL };

	private_tmp();
	make_file("not_executable", 0644, 1);
	make_file("empty", 0755, 0);
	write_script("no_interpreter", "#!/tmp/missing\n");
	if (mkdir("folder", 0755))
		die("mkdir folder: %m");
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
		execve(attempts[i].path, argv, env);
		if (errno != attempts[i].error)
			die("execve %s: %m, expected %s", attempts[i].path,
			    strerror(attempts[i].error));
	}
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
