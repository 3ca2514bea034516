// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Other hosts to run kernels on. GNU parallel copies what a run needs there with rsync, and its
 * results back, as one archive per kernel; host-scripts/lib/remote.sh runs there. A hash
 * names each item that a host gets, so that no item is sent twice. Nothing that a host sends is trusted.
 */
#include "host/machine/plan_hosts.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/folder.h"
#include "host/machine/child.h"
#include "host/machine/hash.h"
#include "host/machine/message.h"
#include "host/machine/option.h"
#include "host/machine/plan_received.h"
#include "host/machine/plan_results.h"

#define CHECK_SECONDS 60
#define COPY_SECONDS  900
#define CACHE	      ".cache/bpfcheck"

/* Nobody is there to be asked for a password. ssh takes the first of two options for the same: the user's. */
#define SSH_OPTIONS "-T -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5"

struct host {
	char *name, *login; /* as messages call it; the ssh command that gets there, or ":" */
	long jobs;	    /* as the file says it, or 0 */
	long processors;
	char *lost; /* why it is used no longer; or NULL */
	struct child check;
};

/* One kernel of plan->kernels, at the same place. */
struct job {
	char *id, *item; /* in this round; the kernel's folder there */
	char said[201];	 /* the last line */
	bool too_much;	 /* rsync has met the limit */
	bool unfit;	 /* its result is only that a host could not run it */
};

struct hosts {
	struct plan *plan;
	struct host *hosts;
	struct job *jobs;
	size_t count;
	long jobs_each; /* 0: one per processor */
	int round;
	char *tools, *suite; /* the items there */
	char where[32];
};

static void read_line(struct hosts *hosts, char *line)
{
	struct host *host;
	size_t digits = strspn(line, "0123456789");
	char *target;

	hosts->hosts = reallocarray(hosts->hosts, hosts->count + 1, sizeof(*hosts->hosts));
	if (!hosts->hosts)
		die(EXIT_INFRA, "out of memory");
	host = &hosts->hosts[hosts->count++];
	*host = (struct host){ .processors = sysconf(_SC_NPROCESSORS_ONLN) };
	if (digits && line[digits] == '/') {
		line[digits] = '\0';
		host->jobs = option_number("--hosts", line, 1);
		line += digits + 1;
	}
	target = strrchr(line, ' ');
	host->name = text_new("%s", target ? target + 1 : line);
	if (!strcmp(line, ":"))
		host->login = text_new(":");
	else
		host->login = text_new("%.*s " SSH_OPTIONS " %s", target ? (int)(target - line) : 3,
				       target ? line : "ssh", host->name);
}

struct hosts *plan_hosts_read(struct plan *plan)
{
	struct hosts *hosts = calloc(1, sizeof(*hosts));
	char *line = NULL, *at;
	FILE *file = fopen(plan->options.hosts, "re");
	size_t room = 0;

	if (!hosts)
		die(EXIT_INFRA, "out of memory");
	if (!file)
		usage_error("--hosts %s: no such file", plan->options.hosts);
	hosts->plan = plan;
	hosts->jobs_each = plan->options.jobs;
	while (getline(&line, &room, file) > 0) {
		at = line + strspn(line, " \t\r\n");
		for (size_t len = strlen(at); len && isspace((unsigned char)at[len - 1]); len--)
			at[len - 1] = '\0';
		if (*at && *at != '#')
			read_line(hosts, at);
	}
	free(line);
	fclose(file);
	if (!hosts->count)
		usage_error("--hosts %s: names no host", plan->options.hosts);
	for (size_t i = 0; i < hosts->count; i++)
		if (*hosts->hosts[i].login == ':')
			free(program_need(plan->qemu, "qemu-system-x86"));
	return hosts;
}

static void lose(struct host *host, const char *why)
{
	if (host->lost)
		return;
	host->lost = text_new("%s", why);
	say("%s: %s; this host is used no longer", host->name, why);
}

static struct job *job_of(const struct hosts *hosts, const struct plan_kernel *kernel)
{
	return &hosts->jobs[kernel - hosts->plan->kernels];
}

/* The last line of `text`, without what could do something to a terminal. */
static void keep_printable(const char *text, char *kept, size_t size)
{
	size_t end = strlen(text), start, len = 0;

	while (end && text[end - 1] == '\n')
		end--;
	for (start = end; start && text[start - 1] != '\n'; start--)
		;
	for (; start < end && len < size - 1; start++)
		if (isprint((unsigned char)text[start]))
			kept[len++] = text[start];
	kept[len] = '\0';
}

/* The name of an item: the same content, with the same dates, is not copied again. */
static char *item_name(const char *const *paths, const char *skip)
{
	struct hash hash = hash_new();
	char name[33];

	for (; *paths; paths++)
		hash_tree(&hash, *paths, HASH_MODIFIED, skip);
	hash_format(&hash, name);
	return text_new("%s", name);
}

static void make_folder(const char *path)
{
	int err = folder_make(path);

	if (err)
		die(EXIT_INFRA, "%s: cannot be made: %s", path, strerror(-err));
}

static void link_in(const char *folder, const char *name, const char *target)
{
	char *link = text_new("%s/%s", folder, name);

	if (symlink(target, link))
		die(EXIT_INFRA, "%s: cannot be made: %s", link, strerror(errno));
	free(link);
}

/* Modules are packed here: there is only what was packed. */
static void pack_modules(const struct plan *plan, const char *folder)
{
	char *maker = text_new("%s/../kernels/lib/modules.sh", plan->scripts);
	char *packed = text_new("%s/modules.cpio", folder),
	     *script = text_new("%s/mkinitramfs", plan->scripts);
	const struct child_setup mkinitramfs = { .argv = (const char *const[]){ script, "modules",
										folder, NULL } };
	struct stat of_packed = { 0 }, of_maker;

	stat(packed, &of_packed);
	if (!stat(maker, &of_maker) && of_maker.st_mtime > of_packed.st_mtime &&
	    child_run(&mkinitramfs))
		exit(EXIT_INFRA);
	free(maker);
	free(packed);
	free(script);
}

/*
 * SCRATCH/stage/.cache/bpfcheck/items is what each host gets: links to the tools, which are laid
 * out as in a checkout, to the suite, and to the kernels.
 */
static void lay_out(struct hosts *hosts)
{
	const struct plan *plan = hosts->plan;
	char *kernels = text_new("%s/../kernels", plan->scripts),
	     *bin = text_new("%s/bin", plan->build);
	char *tools = text_new("%s/tools", plan->scratch), *build = text_new("%s/build", tools);
	char *items = text_new("%s/stage/" CACHE "/items", plan->scratch);

	hosts->tools = item_name((const char *const[]){ plan->scripts, kernels, bin, NULL }, NULL);
	hosts->suite = item_name((const char *const[]){ plan->options.suite, NULL }, NULL);
	make_folder(build);
	make_folder(items);
	link_in(tools, "host-scripts", plan->scripts);
	link_in(tools, "kernels", kernels);
	link_in(build, "bin", bin);
	link_in(items, hosts->tools, tools);
	link_in(items, hosts->suite, plan->options.suite);
	hosts->jobs = calloc(plan->count, sizeof(*hosts->jobs));
	if (!hosts->jobs)
		die(EXIT_INFRA, "out of memory");
	for (size_t i = 0; i < plan->count; i++) {
		pack_modules(plan, plan->kernels[i].folder);
		hosts->jobs[i].item =
			item_name((const char *const[]){ plan->kernels[i].folder, NULL },
				  "/kernel/");
		link_in(items, hosts->jobs[i].item, plan->kernels[i].folder);
	}
	free(kernels);
	free(bin);
	free(tools);
	free(build);
	free(items);
}

/* run-kernel's options as shell words, and those in letters that parallel and shells leave alone. */
static char *options_text(const struct plan *plan)
{
	const char *first[] = { "--accel", plan->options.accel, "--key", plan->key };
	char *words = text_new("%s", ""), *text;

	for (size_t i = 0; i < 4 + plan->options.pass.count; i++) {
		char *word = text_shell_word(i < 4 ? first[i] : plan->options.pass.items[i - 4]);
		char *longer = text_new("%s%s ", words, word);

		free(word);
		free(words);
		words = longer;
	}
	text = malloc(BASE64_SIZE(strlen(words)));
	if (!text)
		die(EXIT_INFRA, "out of memory");
	base64_encode(words, strlen(words), text);
	free(words);
	return text;
}

/* The shell command that checks a host: remote.sh itself, with what is wanted there. */
static char *check_command(const struct hosts *hosts, struct plan_kernel *const *kernels,
			   size_t count)
{
	const char *keep = getenv("BPFCHECK_HOST_MB");
	char *path = text_new("%s/lib/remote.sh", hosts->plan->scripts), *script, *word, *command;
	size_t len;
	int err = file_read(path, 1 << 20, &script, &len);

	if (err)
		die(EXIT_INFRA, "%s: %s", path, strerror(-err));
	word = text_shell_word(script);
	command = text_new("sh -c %s remote.sh check %s %s %s", word, keep ? keep : "8192",
			   hosts->tools, hosts->suite);
	for (size_t i = 0; i < count; i++) {
		char *longer = text_new("%s %s", command, job_of(hosts, kernels[i])->item);

		free(command);
		command = longer;
	}
	free(path);
	free(script);
	free(word);
	return command;
}

/* The output of a host's check goes to SCRATCH/host-N. */
static void check_start(struct hosts *hosts, struct host *host, const char *command)
{
	char *line = text_new("exec timeout %d %s \"$0\" 2>&1", CHECK_SECONDS, host->login);
	char *said = text_new("%s/host-%zu", hosts->plan->scratch, (size_t)(host - hosts->hosts));

	child_start(&host->check,
		    &(struct child_setup){
			    .argv = (const char *const[]){ "sh", "-c", line, command, NULL },
			    .out = said,
			    .file_bytes = 1 << 20 });
	free(line);
	free(said);
}

static void check_end(struct hosts *hosts, struct host *host)
{
	int status = child_wait(&host->check);
	char *path = text_new("%s/host-%zu", hosts->plan->scratch, (size_t)(host - hosts->hosts));
	char *said = NULL, why[201];
	size_t len, wants = 0;

	if (file_read(path, 1 << 20, &said, &len))
		said = text_new("%s", "");
	keep_printable(said, why, sizeof(why));
	for (char *at = said; (at = strstr(at, "wants ")); at++)
		wants++;
	if (status == 124)
		snprintf(why, sizeof(why), "no answer in %d s", CHECK_SECONDS);
	else if (status && !*why)
		snprintf(why, sizeof(why), "ssh ended with status %d", status);
	if (status || !strncmp(why, "lacks ", 6))
		lose(host, why);
	else if (sscanf(why, "processors %3ld", &host->processors) != 1 || host->processors < 1)
		lose(host, "does not answer as it should");
	else if (wants)
		say("%s: copying %zu folders", host->name, wants);
	free(path);
	free(said);
}

/* One host per line, as GNU parallel wants it. Returns how many hosts there are. */
static size_t write_logins(struct hosts *hosts)
{
	char *path = text_new("%s/logins", hosts->plan->scratch);
	FILE *file = fopen(path, "we");
	size_t count = 0;

	hosts->plan->options.jobs = 0;
	for (size_t i = 0; file && i < hosts->count; i++) {
		const struct host *host = &hosts->hosts[i];
		long jobs = host->jobs	     ? host->jobs :
			    hosts->jobs_each ? hosts->jobs_each :
					       host->processors;

		if (host->lost)
			continue;
		fprintf(file, "%ld/", jobs);
		/* A comma alone stands between hosts. */
		for (const char *c = host->login; *c; c++)
			fprintf(file, *c == ',' ? ",," : "%c", *c);
		fputc('\n', file);
		hosts->plan->options.jobs += jobs;
		count++;
	}
	if (!file || fclose(file))
		die(EXIT_INFRA, "%s: cannot be written", path);
	snprintf(hosts->where, sizeof(hosts->where), "on %zu hosts", count);
	free(path);
	return count;
}

static void give_up(struct hosts *hosts, struct plan_kernel *const *kernels, size_t count)
{
	char *why = text_new("no host is left:");

	for (size_t i = 0; i < hosts->count; i++) {
		char *longer = text_new("%s%s %s %s", why, i ? ";" : "", hosts->hosts[i].name,
					hosts->hosts[i].lost);

		free(why);
		why = longer;
	}
	for (size_t i = 0; i < count; i++)
		if (!plan_results_exist(hosts->plan, kernels[i]->name))
			plan_results_problem(hosts->plan, kernels[i]->name, kernels[i]->folder,
					     "infra", why);
	free(why);
}

static void begin_job(struct hosts *hosts, const struct plan_kernel *kernel)
{
	struct job *job = job_of(hosts, kernel);

	free(job->id);
	/* The scratch folder's name is nobody else's. */
	job->id = text_new("%s-%d-%d-%zu", strrchr(hosts->plan->scratch, '.') + 1, (int)getpid(),
			   hosts->round, (size_t)(kernel - hosts->plan->kernels));
	job->said[0] = '\0';
	job->too_much = false;
	job->unfit = false;
}

bool plan_hosts_prepare(struct hosts *hosts, struct plan_kernel *const *kernels, size_t count)
{
	char *command;

	if (!hosts->round++)
		lay_out(hosts);
	command = check_command(hosts, kernels, count);
	for (size_t i = 0; i < hosts->count; i++)
		if (!hosts->hosts[i].lost && *hosts->hosts[i].login != ':')
			check_start(hosts, &hosts->hosts[i], command);
	for (size_t i = 0; i < hosts->count; i++)
		if (!hosts->hosts[i].lost && *hosts->hosts[i].login != ':')
			check_end(hosts, &hosts->hosts[i]);
	free(command);
	if (!write_logins(hosts)) {
		give_up(hosts, kernels, count);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (job_of(hosts, kernels[i])->unfit)
			plan_results_open(hosts->plan, kernels[i]->name);
		begin_job(hosts, kernels[i]);
	}
	return true;
}

const char *plan_hosts_where(const struct hosts *hosts)
{
	return hosts->where;
}

const char *plan_hosts_row(struct hosts *hosts, const struct plan_kernel *kernel)
{
	static char *row;
	const struct job *job = job_of(hosts, kernel);

	free(row);
	row = text_new("%s\t%s\t%s", job->id, job->item, kernel->folder);
	return row;
}

/* When run-kernel has ended in any case: it may boot twice, and has time for itself. */
static long job_seconds(const struct plan_options *options)
{
	long boot = options->boot_timeout ? options->boot_timeout : 60;
	long run = options->timeout ? options->timeout : 120;

	return COPY_SECONDS + 2 * boot + run + (options->collect ? 60 : 0) + 60;
}

void plan_hosts_arguments(const struct hosts *hosts, struct texts *arguments)
{
	const char *stage = hosts->plan->scratch;
	char *logins = text_new("%s/logins", stage),
	     *seconds = text_new("%ld", job_seconds(&hosts->plan->options));
	char *files = text_new("%s/stage/./.cache", stage), *options = options_text(hosts->plan);
	char *back = text_new("%s/back/./" CACHE "/runs/{1}/result.tar", stage);
	char *command =
		text_new("case $PARALLEL_SSHLOGIN in :) exec sh \"$bpfcheck_job\" {3} ;; "
			 "*) exec sh " CACHE
			 "/items/%s/host-scripts/lib/remote.sh run {1} %s %s {2} %s ;; esac",
			 hosts->tools, hosts->tools, hosts->suite, options);
	const char *const words[] = {
		"--sshloginfile", logins, "--timeout", seconds, "--colsep", "\t", "--tagstring",
		"{1}", "--basefile", files, "--return", back, "--cleanup", "--rsync-opts",
		/* An item's name says what is in it. Links to folders are how it is laid
				       * out here; the modules themselves are in modules.cpio. */
		"-rlkOR --size-only --exclude=/" CACHE "/items/\\*/modules/lib/modules/\\*/kernel",
		command
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		texts_add(arguments, words[i]);
	free(logins);
	free(seconds);
	free(files);
	free(options);
	free(back);
	free(command);
}

bool plan_hosts_said(struct hosts *hosts, const char *line)
{
	size_t len = strcspn(line, "\t");

	for (size_t i = 0; line[len] && i < hosts->plan->count; i++) {
		struct job *job = &hosts->jobs[i];

		if (!job->id || strlen(job->id) != len || strncmp(job->id, line, len))
			continue;
		keep_printable(line + len + 1, job->said, sizeof(job->said));
		job->too_much |= strstr(job->said, "File too large") != NULL;
		return true;
	}
	return false;
}

/* Returns why the host did not send results of this kernel; NULL: it did. */
static const char *receive(const struct hosts *hosts, const struct plan_kernel *kernel,
			   const struct host *host, int status, char *why, size_t size)
{
	const struct job *job = job_of(hosts, kernel);
	char *folder = text_new("%s/back/" CACHE "/runs/%s", hosts->plan->scratch, job->id);
	enum received received = plan_received_take(hosts->plan, folder, kernel, host->name);

	free(folder);
	switch (received) {
	case RECEIVED:
		return NULL;
	case RECEIVED_OTHER:
		return "sends something else than results";
	case RECEIVED_NOTHING:
		break;
	}
	if (job->too_much)
		snprintf(why, size, "sends more than %ld MB", plan_received_limit() >> 20);
	else if (status < 0)
		snprintf(why, size, "no answer in %ld s", job_seconds(&hosts->plan->options));
	else if (*job->said)
		snprintf(why, size, "%s", job->said);
	else
		snprintf(why, size, "ssh ended with status %d", status);
	return why;
}

bool plan_hosts_take(struct hosts *hosts, const struct plan_kernel *kernel, const char *login,
		     int status, char **verdict)
{
	char *folder = text_new("%s/%s", hosts->plan->options.results, kernel->name), why[256];
	const char *reason = NULL;
	struct host *host = NULL;
	bool taken;

	for (size_t i = 0; i < hosts->count; i++)
		if (!strcmp(hosts->hosts[i].login, login))
			host = &hosts->hosts[i];
	if (host && *login != ':')
		reason = receive(hosts, kernel, host, status, why, sizeof(why));
	if (reason)
		lose(host, reason);
	taken = host && !reason && plan_results_exist(hosts->plan, kernel->name);
	if (taken && plan_results_judge(folder, verdict) >= EXIT_INFRA) {
		/* It may be the host: another one may be able to. */
		job_of(hosts, kernel)->unfit = true;
		snprintf(why, sizeof(why), "could not run %s", kernel->name);
		lose(host, why);
		free(*verdict);
		*verdict = NULL;
		taken = false;
	}
	free(folder);
	return taken;
}

bool plan_hosts_settled(const struct hosts *hosts, const struct plan_kernel *kernel)
{
	return plan_results_exist(hosts->plan, kernel->name) &&
	       (!hosts->jobs || !job_of(hosts, kernel)->unfit);
}
