// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Starts QEMU, keeps its deadlines, and ends it. */
#include "host/machine/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/machine/loop.h"
#include "host/machine/message.h"
#include "host/machine/path.h"
#include "host/machine/results.h"

/* Records over 9p are noticed by nothing but a look. */
#define LOOK_MS 1000
/* In bytes: a state has about 300,000. */
#define STATE_PIPE (1024 * 1024)

/* events: QEMU tells when the migration ends; x-ignore-shared: memory in a file stays there. */
static const char capabilities[] =
	"{\"execute\":\"migrate-set-capabilities\",\"arguments\":{\"capabilities\":["
	"{\"capability\":\"x-ignore-shared\",\"state\":true},"
	"{\"capability\":\"events\",\"state\":true}]}}\n";
static const char save[] =
	"{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"exec:cat >vmstate\"}}\n";
static const char registers[] =
	"{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":"
	"\"info registers -a\"}}\n";
static const char quit[] = "{\"execute\":\"quit\"}\n";

void guest_init(struct guest *guest, const struct machine *machine)
{
	*guest = (struct guest){
		.machine = machine,
		.folder = -1,
		.qmp = -1,
		.control = -1,
		.input = -1,
		.state = -1,
		.log = -1,
		.errors = -1,
		.changes = -1,
	};
}

static void command(const struct guest *guest, const char *text)
{
	send(guest->qmp, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* The machine has to run when it is saved, or it would not run when it is restored. */
static void news_while_saving(struct guest *guest, enum qmp_news news, const char *text)
{
	switch (news) {
	case QMP_PORT_OPENED:
		command(guest, save);
		break;
	case QMP_SAVED:
		guest->saved = true;
		command(guest, quit);
		break;
	case QMP_SAVE_FAILED:
	case QMP_ERROR:
		snprintf(guest->save_error, sizeof(guest->save_error), "%s",
			 *text ? text : "the migration failed");
		command(guest, quit);
		break;
	case QMP_REGISTERS:
	case QMP_OTHER:
		break;
	}
}

static void line_take(void *context, const char *line, size_t len)
{
	struct guest *guest = context;
	char *text = malloc(len + 1);
	enum qmp_news news;

	if (!text)
		return;
	news = qmp_parse(line, len, text, len + 1);
	if (news == QMP_REGISTERS && !*guest->address)
		qmp_register(text, guest->machine->arch->program_counter, guest->address,
			     sizeof(guest->address));
	if (guest->start == START_SAVE)
		news_while_saving(guest, news, text);
	free(text);
}

/* Whether there may be more. */
static bool qmp_read(struct guest *guest)
{
	char bytes[65536];
	ssize_t n = recv(guest->qmp, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n > 0) {
		/* Without the log only the reason of an end is lost. */
		(void)!write(guest->log, bytes, (size_t)n);
		qmp_lines_add(&guest->lines, bytes, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		loop_remove(guest->qmp);
	}
	return n > 0;
}

static void qmp_ready(void *context, short events)
{
	(void)events;
	qmp_read(context);
}

static void control_ready(void *context, short events)
{
	struct guest *guest = context;
	size_t at = 0;
	ssize_t n;

	(void)events;
	while (at < GUEST_PARTS && guest->parts[at].len == 0)
		at++;
	n = at < GUEST_PARTS ? send(guest->control, guest->parts[at].bytes, guest->parts[at].len,
				    MSG_NOSIGNAL | MSG_DONTWAIT) :
			       0;
	if (n > 0) {
		guest->parts[at].bytes += n;
		guest->parts[at].len -= (size_t)n;
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		loop_remove(guest->control);
	}
}

void guest_send(struct guest *guest, const struct guest_part parts[GUEST_PARTS])
{
	memcpy(guest->parts, parts, sizeof(guest->parts));
	/* It could not answer before. */
	guest->deadline.start = loop_now();
	loop_add(guest->control, POLLOUT, control_ready, guest);
}

static void changes_ready(void *context, short events)
{
	struct guest *guest = context;
	char bytes[4096];

	(void)events;
	while (read(guest->changes, bytes, sizeof(bytes)) > 0)
		;
}

/* Make what QEMU will write to, so that it can be watched from the beginning. */
static void watch(struct guest *guest, const char *name)
{
	int fd = openat(guest->folder, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	char path[PATH_MAX];

	if (fd < 0)
		return;
	path_set(path, "/proc/self/fd/%d", fd);
	inotify_add_watch(guest->changes, path, IN_MODIFY);
	close(fd);
}

static _Noreturn void die_starting(void)
{
	die(EXIT_INFRA, "start QEMU: %s", strerror(errno));
}

static void files_open(struct guest *guest)
{
	const struct machine *machine = guest->machine;

	if (machine->share != NO && mkdirat(guest->folder, "share", 0777) && errno != EEXIST)
		die_starting();
	guest->changes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	guest->errors = memfd_create("qemu-stderr", MFD_CLOEXEC);
	if (machine->console != NO)
		watch(guest, "records.ndjson");
	if (machine->console != YES)
		watch(guest, "serial.ndjson");
	if (machine->streams) {
		watch(guest, "stdout");
		watch(guest, "stderr");
	}
	guest->log = openat(guest->folder, "machine.ndjson",
			    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (guest->changes < 0 || guest->errors < 0 || guest->log < 0)
		die_starting();
	loop_add(guest->changes, POLLIN, changes_ready, guest);
}

/* A pair of sockets: ours is returned, QEMU's is *far. */
static int connect_pair(int *far)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		die_starting();
	*far = fds[1];
	return fds[0];
}

/* Through a pipe: from QEMU 9.1 on, a file that it is handed open is deprecated; 11.1 refuses it. */
static void state_ready(void *context, short events)
{
	struct guest *guest = context;
	ssize_t n =
		splice(guest->state_file, NULL, guest->state, NULL, STATE_PIPE, SPLICE_F_NONBLOCK);

	(void)events;
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	loop_remove(guest->state);
	close(guest->state);
	guest->state = -1;
}

/* As a rule, the pipe takes a whole state before QEMU has started. */
static int state_open(struct guest *guest, int file)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		die_starting();
	guest->state = ends[1];
	guest->state_file = file;
	fcntl(guest->state, F_SETPIPE_SZ, STATE_PIPE);
	fcntl(guest->state, F_SETFL, O_NONBLOCK);
	loop_add(guest->state, POLLOUT, state_ready, guest);
	state_ready(guest, POLLOUT);
	return ends[0];
}

static void greet(const struct guest *guest, int state)
{
	char incoming[128];

	command(guest, "{\"execute\":\"qmp_capabilities\"}\n");
	if (guest->start != START_BOOT)
		command(guest, capabilities);
	if (guest->start != START_RESTORE)
		return;
	snprintf(incoming, sizeof(incoming),
		 "{\"execute\":\"migrate-incoming\",\"arguments\":{\"uri\":\"fd:%d\"}}\n", state);
	command(guest, incoming);
}

static void qemu_start(struct guest *guest, const struct guest_files *files, const int far[4])
{
	struct machine_fds fds = { files->initrd, far[1], far[2], files->memory };
	int all[] = { files->initrd, far[1], far[2], files->memory, far[3] }, keep[6];
	struct texts arguments = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] >= 0)
			keep[count++] = all[i];
	keep[count] = -1;
	machine_arguments(guest->machine, guest->start, &fds, &arguments);
	child_start(&guest->qemu,
		    &(struct child_setup){ .argv = (const char *const *)arguments.items,
					   .folder = guest->path,
					   .fd_in = far[0],
					   .fd = far[0],
					   .fd_err = guest->errors,
					   .keep = keep,
					   .end_signal = SIGKILL });
	texts_free(&arguments);
}

void guest_start(struct guest *guest, enum start start, const char *path, int folder,
		 const struct guest_files *files, long boot, long run)
{
	int far[4] = { -1, -1, -1, -1 };

	guest->start = start;
	guest->path = path;
	guest->folder = folder;
	guest->lines.take = line_take;
	guest->lines.context = guest;
	files_open(guest);
	guest->qmp = connect_pair(&far[0]);
	if (start != START_BOOT)
		guest->control = connect_pair(&far[1]);
	if (guest->machine->streams)
		guest->input = connect_pair(&far[2]);
	if (start == START_RESTORE)
		far[3] = state_open(guest, files->state);
	greet(guest, far[3]);
	qemu_start(guest, files, far);
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		if (far[i] >= 0)
			close(far[i]);
	loop_add(guest->qmp, POLLIN, qmp_ready, guest);
	guest->deadline = (struct deadline){
		.boot = boot * 1000LL,
		.run = run * 1000LL,
		.start = loop_now(),
	};
}

/* While QEMU runs: what may have changed, and whether there is time left. */
static void look(struct guest *guest)
{
	long long now = loop_now();

	if (!guest->deadline.record && results_have_record(guest->folder)) {
		guest->deadline.record = now;
		/* Each record would wake us up from here on. */
		if (guest->machine->streams)
			guest->answered(guest->context);
		else
			loop_remove(guest->changes);
	}
	if (guest->changed)
		guest->changed(guest->context);
	switch (deadline_step(&guest->deadline, now)) {
	case DEADLINE_ASK:
		guest->expired = true;
		command(guest, registers);
		command(guest, quit);
		break;
	case DEADLINE_KILL:
		child_end(&guest->qemu, SIGKILL);
		break;
	case DEADLINE_WAIT:
		break;
	}
}

void guest_run(struct guest *guest)
{
	while (!guest->qemu.ended) {
		long long until = deadline_next(&guest->deadline);
		long long soon = loop_now() + LOOK_MS;

		look(guest);
		if (!guest->deadline.record && soon < until)
			until = soon;
		loop_wait(until);
	}
	/* QEMU's last lines may not have been read yet. */
	while (qmp_read(guest))
		;
	if (guest->changed)
		guest->changed(guest->context);
}

void guest_errors(const struct guest *guest, char *text, size_t size)
{
	ssize_t len = guest->errors < 0 ? 0 : pread(guest->errors, text, size - 1, 0);
	char *end = text;

	text[len > 0 ? len : 0] = '\0';
	for (int line = 0; line < 3 && end; line++)
		end = strchr(line ? end + 1 : end, '\n');
	if (end)
		*end = '\0';
	len = (ssize_t)strlen(text);
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
}

void guest_end(struct guest *guest)
{
	int *fds[] = { &guest->qmp, &guest->control, &guest->input,  &guest->state,
		       &guest->log, &guest->errors,  &guest->changes };

	child_end(&guest->qemu, SIGKILL);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] < 0)
			continue;
		loop_remove(*fds[i]);
		close(*fds[i]);
		*fds[i] = -1;
	}
	qmp_lines_free(&guest->lines);
}
