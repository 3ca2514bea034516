// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Writes to a terminal, and at its other end.
 *
 * write_terminal WHAT
 *   lines    text, by write and writev, before and after the terminal has become another
 *   typed    to the master
 *   long     5000 bytes at once
 *   full     without waiting, until it takes no more
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include "generator.h"

#define OTHER_END 4096 /* N_TTY_BUF_SIZE, of which one byte is never used */

/* Device, size and flags. */
static void truth_terminal(const char *group, int fd)
{
	struct termios termios;
	struct winsize size;
	struct stat st;

	if (fstat(fd, &st) || tcgetattr(fd, &termios) || ioctl(fd, TIOCGWINSZ, &size))
		die("look at a terminal: %m");
	truth_open(group);
	truth_number("major", major(st.st_rdev));
	truth_number("minor", minor(st.st_rdev));
	truth_number("rows", size.ws_row);
	truth_number("columns", size.ws_col);
	truth_number("iflag", termios.c_iflag);
	truth_number("oflag", termios.c_oflag);
	truth_number("cflag", termios.c_cflag);
	truth_number("lflag", termios.c_lflag);
	truth_close();
}

static void set_size(int fd, unsigned short rows, unsigned short columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };

	if (ioctl(fd, TIOCSWINSZ, &size))
		die("set a terminal's size: %m");
}

static void set_raw(int fd)
{
	struct termios termios;

	if (tcgetattr(fd, &termios))
		die("tcgetattr: %m");
	cfmakeraw(&termios);
	termios.c_cflag |= CSTOPB;
	if (tcsetattr(fd, TCSANOW, &termios))
		die("tcsetattr: %m");
}

static void write_all(int fd, const char *bytes, size_t size)
{
	if (write(fd, bytes, size) != (ssize_t)size)
		die("write %zu bytes to a terminal: %m", size);
}

static void write_text(int fd, const char *text)
{
	write_all(fd, text, strlen(text));
}

static void write_lines(const struct terminal *terminal)
{
	struct iovec parts[] = { { "two ", 4 }, { "parts", 5 } };

	set_size(terminal->slave, 33, 117);
	truth_terminal("before", terminal->slave);
	write_text(terminal->slave, "a line\n");
	set_size(terminal->slave, 7, 300);
	set_raw(terminal->slave);
	truth_terminal("after", terminal->slave);
	if (writev(terminal->slave, parts, ARRAY_SIZE(parts)) != 9)
		die("writev: %m");
	/* Nobody takes what is written when the other end is gone. */
	close(terminal->master);
	if (write(terminal->slave, "refused", 7) != -1 || errno != EIO)
		die("write to a terminal that was hung up: %m, expected EIO");
}

/* The master's node is /dev/ptmx for all of them; its device number is its own. */
static void type(const struct terminal *terminal)
{
	set_raw(terminal->slave);
	truth_terminal("slave", terminal->slave);
	write_text(terminal->master, "typed\n");
}

static void write_long(const struct terminal *terminal)
{
	static char bytes[5000];

	memset(bytes, 'm', sizeof(bytes));
	bytes[0] = 'f';
	bytes[sizeof(bytes) - 1] = 'l';
	set_raw(terminal->slave);
	write_all(terminal->slave, bytes, sizeof(bytes));
}

/*
 * The kernel moves what was written to the other end, until as much lies there as a reader can
 * have. How much a terminal takes depends on when it does so, but not once it has.
 */
static void fill_other_end(const struct terminal *terminal)
{
	static char bytes[2 * OTHER_END];
	int waiting = 0;

	memset(bytes, 'o', sizeof(bytes));
	write_all(terminal->slave, bytes, sizeof(bytes));
	while (waiting != OTHER_END - 1) {
		if (ioctl(terminal->master, FIONREAD, &waiting))
			die("ask what there is to read: %m");
		sched_yield();
	}
}

static void write_full(const struct terminal *terminal)
{
	ssize_t size, partial = 0;
	char bytes[1000];

	memset(bytes, 'b', sizeof(bytes));
	set_raw(terminal->slave);
	fill_other_end(terminal);
	if (fcntl(terminal->slave, F_SETFL, O_NONBLOCK))
		die("fcntl: %m");
	while ((size = write(terminal->slave, bytes, sizeof(bytes))) > 0)
		if (size < (ssize_t)sizeof(bytes))
			partial = size;
	if (errno != EAGAIN)
		die("write to a full terminal: %m, expected EAGAIN");
	if (!partial)
		die("a terminal took all or nothing, each time");
	truth_number("partial", (uint64_t)partial);
}

static const struct what {
	const char *name;
	void (*write)(const struct terminal *terminal);
} whats[] = {
	{ "lines", write_lines },
	{ "typed", type },
	{ "long", write_long },
	{ "full", write_full },
};

int main(int argc, char **argv)
{
	const struct what *what = FIND_MODE(whats, argc > 1 ? argv[1] : "");
	struct terminal terminal = terminal_open();

	truth_task("task", getpid(), getpid());
	what->write(&terminal);
	truth_print();
	return 0;
}
