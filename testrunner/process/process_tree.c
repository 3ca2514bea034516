// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Runs a generator as the root of a process tree that ends with it. */
#include "process/process_tree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_KEPT (256 * 1024)
#define STDERR_KEPT   4096
/* Read at a time, so that one that never stops printing does not keep us from all else. */
#define READ_MAX     (1024 * 1024)
#define KILL_SECONDS 5

struct process_tree {
	pid_t pid;
	int out, err; /* read ends, -1 when at their end */
	bool ended;
	int status; /* of waitpid, once ended */
	char *line; /* the stdout line being read */
	size_t line_len;
	bool line_too_long;
	char *json; /* the last line that looked like a JSON object */
	char stderr_tail[STDERR_KEPT + 1];
	size_t stderr_len;
	void (*take)(void *context, bool is_stderr, const char *data, size_t len); /* or NULL */
	void *context;
};

/* Arguments of the child, until it becomes the generator. */
struct beginning {
	const char *folder, *path;
	char *const *argv;
	int out, err; /* write ends of its pipes */
	int failure;  /* errno, when it cannot */
};

/* In the child, which has our memory until it execs. */
static int become_generator(void *context)
{
	struct beginning *beginning = context;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (null >= 0 && dup2(null, 0) >= 0 && dup2(beginning->out, 1) >= 0 &&
	    dup2(beginning->err, 2) >= 0 && chdir(beginning->folder) == 0 &&
	    ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		execv(beginning->path, beginning->argv);
	beginning->failure = errno;
	return 127;
}

/*
 * As vfork() does, but with a stack of its own. To copy our memory, which may hold the kernel's BTF,
 * takes several times as long as all the rest. Returns the child, stopped by its exec, or -errno.
 */
static pid_t start_child(struct beginning *beginning)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	pid_t pid = clone(become_generator, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD,
			  beginning);
	int status = 0;

	if (pid < 0)
		return -errno;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (WIFSTOPPED(status))
		return pid;
	return beginning->failure ? -beginning->failure : -ECHILD;
}

static void close_pipe(int ends[2])
{
	for (int i = 0; i < 2; i++) {
		if (ends[i] >= 0)
			close(ends[i]);
	}
}

static int start(struct process_tree *tree, const char *folder, const char *path,
		 char *const argv[])
{
	int stdout_ends[2] = { -1, -1 }, stderr_ends[2] = { -1, -1 };
	struct beginning beginning = { .folder = folder, .path = path, .argv = argv };
	int err = 0;

	tree->out = tree->err = -1;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ||
	    pipe2(stdout_ends, O_CLOEXEC | O_NONBLOCK) < 0 ||
	    pipe2(stderr_ends, O_CLOEXEC | O_NONBLOCK) < 0) {
		err = -errno;
		goto out;
	}
	/* The generator's own ends must block as any program's do. */
	fcntl(stdout_ends[1], F_SETFL, 0);
	fcntl(stderr_ends[1], F_SETFL, 0);
	beginning.out = stdout_ends[1];
	beginning.err = stderr_ends[1];
	tree->pid = start_child(&beginning);
	if (tree->pid < 0) {
		err = tree->pid;
		goto out;
	}
	tree->out = stdout_ends[0];
	tree->err = stderr_ends[0];
	stdout_ends[0] = stderr_ends[0] = -1;
out:
	close_pipe(stdout_ends);
	close_pipe(stderr_ends);
	return err;
}

int process_tree_start_in(const char *folder, const char *path, char *const argv[],
			  struct process_tree **out, char *error, size_t error_size)
{
	struct process_tree *tree = calloc(1, sizeof(*tree));
	int err = tree ? start(tree, folder, path, argv) : -ENOMEM;

	if (err) {
		snprintf(error, error_size, "start generator %s: %s", path, strerror(-err));
		free(tree);
	} else {
		*out = tree;
	}
	return err;
}

int process_tree_start(const char *path, char *const argv[], struct process_tree **out, char *error,
		       size_t error_size)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", path);
	return process_tree_start_in(dirname(folder), path, argv, out, error, error_size);
}

void process_tree_listen(struct process_tree *tree,
			 void (*take)(void *context, bool is_stderr, const char *data, size_t len),
			 void *context)
{
	tree->take = take;
	tree->context = context;
}

pid_t process_tree_pid(const struct process_tree *tree)
{
	return tree->pid;
}

int process_tree_release(struct process_tree *tree)
{
	return ptrace(PTRACE_DETACH, tree->pid, NULL, NULL) < 0 ? -errno : 0;
}

void process_tree_pollfds(const struct process_tree *tree, struct pollfd fds[2])
{
	fds[0] = (struct pollfd){ .fd = tree->out, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = tree->err, .events = POLLIN };
}

static void end_line(struct process_tree *tree)
{
	if (tree->line_len && tree->line[0] == '{' && !tree->line_too_long) {
		free(tree->json);
		tree->json = strndup(tree->line, tree->line_len);
	}
	tree->line_len = 0;
	tree->line_too_long = false;
}

static void take_stdout(struct process_tree *tree, const char *data, size_t len)
{
	if (!tree->line)
		tree->line = calloc(1, LINE_MAX_KEPT);
	for (size_t i = 0; tree->line && i < len; i++) {
		if (data[i] == '\n')
			end_line(tree);
		else if (tree->line_len < LINE_MAX_KEPT)
			tree->line[tree->line_len++] = data[i];
		else
			tree->line_too_long = true;
	}
}

static void take_stderr(struct process_tree *tree, const char *data, size_t len)
{
	size_t keep;

	if (len > STDERR_KEPT) {
		data += len - STDERR_KEPT;
		len = STDERR_KEPT;
	}
	keep = tree->stderr_len < STDERR_KEPT - len ? tree->stderr_len : STDERR_KEPT - len;
	memmove(tree->stderr_tail, tree->stderr_tail + tree->stderr_len - keep, keep);
	memcpy(tree->stderr_tail + keep, data, len);
	tree->stderr_len = keep + len;
	tree->stderr_tail[tree->stderr_len] = '\0';
}

static bool read_pipe(struct process_tree *tree, bool is_stderr)
{
	static char data[64 * 1024];
	int *fd = is_stderr ? &tree->err : &tree->out;
	size_t taken = 0;
	ssize_t n;

	while (*fd >= 0 && taken < READ_MAX && (n = read(*fd, data, sizeof(data))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return taken;
		taken += (size_t)n;
		if (tree->take)
			tree->take(tree->context, is_stderr, data, (size_t)n);
		if (is_stderr)
			take_stderr(tree, data, (size_t)n);
		else if (!tree->take)
			take_stdout(tree, data, (size_t)n);
	}
	if (*fd >= 0 && taken < READ_MAX) {
		close(*fd);
		*fd = -1;
	}
	return taken;
}

bool process_tree_read(struct process_tree *tree)
{
	bool came = read_pipe(tree, false);

	return read_pipe(tree, true) || came;
}

bool process_tree_reap(struct process_tree *tree)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0 || (pid < 0 && errno == EINTR)) {
		if (pid == tree->pid) {
			tree->ended = true;
			tree->status = status;
		}
	}
	return pid < 0;
}

bool process_tree_ended(const struct process_tree *tree)
{
	return tree->ended;
}

bool process_tree_exited(const struct process_tree *tree)
{
	return tree->ended && WIFEXITED(tree->status);
}

static pid_t spared;

void spare_child(pid_t pid)
{
	spared = pid;
}

void kill_children(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		char path[64];
		int parent = 0;
		FILE *stat;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%.32s/stat", entry->d_name);
		stat = fopen(path, "re");
		/*
		 * "57 (comm) S 56 ...": a comm may hold anything, so scan from its last
		 * parenthesis.
		 */
		if (stat) {
			char line[512] = "", *end;

			if (fgets(line, sizeof(line), stat) && (end = strrchr(line, ')')))
				sscanf(end, ") %*c %d", &parent);
			fclose(stat);
		}
		if (parent == getpid() && atoi(entry->d_name) != spared)
			kill(atoi(entry->d_name), SIGKILL);
	}
	if (proc)
		closedir(proc);
}

int process_tree_kill(struct process_tree *tree)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	time_t give_up = time(NULL) + KILL_SECONDS;

	while (!process_tree_reap(tree)) {
		if (time(NULL) > give_up)
			return -ETIMEDOUT;
		kill_children();
		/* Ends are announced by SIGCHLD, which the caller blocks. */
		sigset_t child;

		sigemptyset(&child);
		sigaddset(&child, SIGCHLD);
		sigtimedwait(&child, NULL, &pause);
	}
	return 0;
}

static const char *last_line(const char *text)
{
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == '\n')
		len--;
	while (len > 0 && text[len - 1] != '\n')
		len--;
	return text + len;
}

bool process_tree_failure(const struct process_tree *tree, char *text, size_t size)
{
	const char *said = last_line(tree->stderr_tail);
	/* Whoever listens has a name of its own for it. */
	const char *who = tree->take ? "" : "generator ";
	int said_len = (int)strcspn(said, "\n"), status = tree->status;

	if (!tree->ended)
		snprintf(text, size, "%sdid not end", who);
	else if (WIFSIGNALED(status))
		snprintf(text, size, "%swas killed by signal %d (%s)%s%.*s", who, WTERMSIG(status),
			 strsignal(WTERMSIG(status)), said_len ? ": " : "", said_len, said);
	else if (WEXITSTATUS(status) != 0)
		snprintf(text, size, "%sexited with %d%s%.*s", who, WEXITSTATUS(status),
			 said_len ? ": " : "", said_len, said);
	else
		return false;
	return true;
}

json_t *process_tree_variables(const struct process_tree *tree)
{
	json_t *variables = tree->json ? json_loads(tree->json, JSON_REJECT_DUPLICATES, NULL) :
					 NULL;

	if (variables || !tree->line_len || tree->line[0] != '{')
		return variables;
	/* A last line without its newline counts. */
	return json_loadb(tree->line, tree->line_len, JSON_REJECT_DUPLICATES, NULL);
}

void process_tree_free(struct process_tree *tree)
{
	if (!tree)
		return;
	if (tree->out >= 0)
		close(tree->out);
	if (tree->err >= 0)
		close(tree->err);
	free(tree->line);
	free(tree->json);
	free(tree);
}
