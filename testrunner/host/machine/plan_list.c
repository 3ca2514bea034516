// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Lists the kernels that are asked for: named ones, matrix files, trees, archives; and one shard of them. */
#include "host/machine/plan_list.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/machine/child.h"
#include "host/machine/message.h"
#include "host/machine/plan_options.h"
#include "host/machine/plan_tree.h"

#define LIST_BYTES   (64 << 20)
#define MEMORY_BYTES (2L << 30)

static const char default_matrix[] = "kernels/default.matrix";

/* A list in which each spec stands once. */
struct list {
	struct plan *plan;
	json_t *seen;
};

static void list_add(struct list *list, const char *spec)
{
	if (json_object_get(list->seen, spec))
		return;
	if (json_object_set_new_nocheck(list->seen, spec, json_true()))
		die(EXIT_INFRA, "out of memory");
	texts_add(&list->plan->specs, spec);
}

/* Read a file that must be there. */
static char *read_text(const char *path)
{
	char *text;
	size_t len;
	int err = file_read(path, LIST_BYTES, &text, &len);

	if (err)
		die(EXIT_INFRA, "%s: %s", path, strerror(-err));
	return text;
}

/* Cut `text` at its first newline, and the line's blanks at both ends. Returns NULL at the end. */
static char *next_line(char **text)
{
	char *line = *text, *end;

	if (!line || !*line)
		return NULL;
	end = line + strcspn(line, "\n");
	*text = *end ? end + 1 : end;
	*end = '\0';
	line += strspn(line, " \t\r");
	for (end = line + strlen(line); end > line && strchr(" \t\r", end[-1]); end--)
		end[-1] = '\0';
	return line;
}

static void list_matrix(struct list *list, const char *path)
{
	char *text, *rest, *line;
	bool any = false;
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		usage_error("--matrix %s: no such file", path);
	rest = text = read_text(path);
	while ((line = next_line(&rest))) {
		line[strcspn(line, "#")] = '\0';
		for (size_t len = strlen(line); len && strchr(" \t", line[len - 1]); len--)
			line[len - 1] = '\0';
		any |= *line;
		if (*line)
			list_add(list, line);
	}
	free(text);
	if (!any)
		usage_error("%s: names no kernel", path);
}

/* A tree, and the folders that a page of it has. */
struct tree_list {
	struct tree tree;
	struct texts folders;
};

static void add_entry(void *context, const char *entry)
{
	struct tree_list *list = context;
	const char *text;
	size_t len;
	int result = tree_add(&list->tree, entry, &text, &len);

	if (result == -ENOMEM)
		die(EXIT_INFRA, "out of memory");
	if (result < 0)
		die(EXIT_INFRA, "%s: %s", list->tree.at, list->tree.error);
	if (result == TREE_DISTRO) {
		char *folder = text_new("%.*s", (int)len, text);

		texts_add(&list->folders, folder);
		free(folder);
	}
}

static void take_found(struct list *list, const struct tree_list *found, const char *from,
		       const char *wanted)
{
	const char *name;
	json_t *spec;

	if (found->tree.foreign)
		say("%s: left out: %zu for other processors than x86-64", from,
		    found->tree.foreign);
	if (!json_object_size(found->tree.found))
		usage_error("%s: no kernel in it (%s)", from, wanted);
	json_object_foreach(found->tree.found, name, spec) {
		(void)name;
		list_add(list, json_string_value(spec));
	}
	json_decref(found->tree.found);
}

/* By version, as sort -V. */
static int compare_versions(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, but those that begin with a dot, behind `prefix`. Returns -errno. */
static int read_folder(const char *path, const char *prefix, struct texts *names)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		char *name = text_new("%s%s", prefix, entry->d_name);

		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			texts_add(names, name);
		free(name);
	}
	closedir(dir);
	return 0;
}

static void list_folder(struct tree_list *tree, const char *path)
{
	struct texts distros = { 0 }, files = { 0 };
	int err = read_folder(path, "", &distros);

	for (size_t i = 0; !err && i < distros.count; i++) {
		char *folder = text_new("%s/%s", path, distros.items[i]);
		char *prefix = text_new("%s/", distros.items[i]);

		err = read_folder(folder, prefix, &files);
		err = err == -ENOTDIR ? 0 : err;
		free(folder);
		free(prefix);
	}
	if (err)
		die(EXIT_INFRA, "%s: cannot be listed: %s", path, strerror(-err));
	if (files.count)
		qsort(files.items, files.count, sizeof(char *), compare_versions);
	for (size_t i = 0; i < files.count; i++)
		add_entry(tree, files.items[i]);
	texts_free(&distros);
	texts_free(&files);
}

/* The value of href in the tag `tag`, of a link; or NULL. */
static char *link_of(char *tag)
{
	char *at, quote;

	if (strncasecmp(tag, "a ", 2))
		return NULL;
	at = strcasestr(tag, " href");
	at = at ? at + 5 + strspn(at + 5, " ") : NULL;
	if (!at || *at++ != '=')
		return NULL;
	at += strspn(at, " ");
	quote = *at++;
	if ((quote != '"' && quote != '\'') || !strchr(at, quote))
		return NULL;
	*strchr(at, quote) = '\0';
	return at;
}

/* Run a tool whose stderr is a file; die (5) with its first line, or with `otherwise`, when it fails. */
static void run_tool(const struct child_setup *tool, const char *subject, const char *otherwise)
{
	char *said;

	if (!child_run(tool))
		return;
	said = read_text(tool->err);
	said[strcspn(said, "\n")] = '\0';
	die(EXIT_INFRA, "%s: %s", subject, *said ? said : otherwise);
}

static void list_page(char *text, void (*on_link)(void *context, const char *link), void *context)
{
	char *tag, *rest = text;

	while ((tag = strsep(&rest, "<"))) {
		char *content = strchr(tag, '>'), *link;

		if (content)
			*content++ = '\0';
		if (content && !strcmp(tag, "Key") && *content &&
		    content[strlen(content) - 1] != '/')
			on_link(context, content);
		link = link_of(tag);
		if (link)
			on_link(context, link);
	}
}

void plan_list_links(char *text, void (*on_link)(void *context, const char *link), void *context)
{
	char *line;

	if (strchr(text, '<')) {
		for (char *c = text; *c; c++)
			*c = *c == '\n' ? ' ' : *c;
		list_page(text, on_link, context);
		return;
	}
	while ((line = next_line(&text)))
		if (*line && *line != '#')
			on_link(context, line);
}

/* Download a page into memory. Redirects do not lead from https to http. */
static char *download(const struct plan *plan, const char *address)
{
	const char *protocols = strncmp(address, "https:", 6) ? "=http,https" : "=https";
	char *file = text_new("%s/page", plan->scratch),
	     *why = text_new("%s/page.err", plan->scratch);
	const struct child_setup curl = {
		.argv =
			(const char *const[]){
				"curl",	  "--disable",	   "--silent",	 "--show-error",
				"--fail", "--globoff",	   "--location", "--max-redirs",
				"10",	  "--retry",	   "2",		 "--connect-timeout",
				"20",	  "--speed-limit", "1000",	 "--speed-time",
				"30",	  "--proto",	   protocols,	 "--output",
				file,	  address,	   NULL },
		.err = why,
		.file_bytes = LIST_BYTES,
	};
	char *text;

	say("downloading %s", address);
	run_tool(&curl, address, "cannot be downloaded");
	text = read_text(file);
	if (strstr(text, "<IsTruncated>true"))
		die(EXIT_INFRA, "%s: the list is cut off; serve a list of paths instead", address);
	free(file);
	free(why);
	return text;
}

/* An address that ends in no list is that of a folder. */
static char *page_address(const char *address)
{
	static const char *const lists[] = { "", ".txt", ".html", ".xml" };
	const char *name = strrchr(address, '/') + 1;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		size_t len = strlen(lists[i]);

		if (strlen(name) >= len && !strcmp(name + strlen(name) - len, lists[i]) &&
		    (i || !*name))
			return text_new("%s", address);
	}
	return text_new("%s/", address);
}

static void list_address(const struct plan *plan, struct tree_list *tree, const char *address)
{
	char *page = page_address(address), *text = download(plan, page);
	char *base = text_new("%.*s", (int)(strrchr(page, '/') + 1 - page), page);

	tree->tree.at = base;
	plan_list_links(text, add_entry, tree);
	free(text);
	free(page);
	for (size_t i = 0; i < tree->folders.count; i++) {
		struct tree_list folder = { .tree = tree->tree };
		char *distro = text_new("%s", tree->folders.items[i]);

		folder.tree.at = page = text_new("%s%s", base, distro);
		tree_decode(distro);
		folder.tree.distro = distro;
		text = download(plan, page);
		plan_list_links(text, add_entry, &folder);
		tree->tree.foreign = folder.tree.foreign;
		free(text);
		free(page);
		free(distro);
	}
}

static bool is_address(const char *text)
{
	bool local = !strncmp(text, "http://127.", 11) || !strncmp(text, "http://localhost", 16);

	if (!strncmp(text, "http://", 7) && !local)
		usage_error("%s: plain HTTP can be tampered with; use https", text);
	return local || (!strncmp(text, "https://", 8) && text[8] && !strpbrk(text, " \t\n"));
}

static void list_tree(struct list *list, const char *where)
{
	struct tree_list tree = { .tree = { .distro = "", .found = json_object() } };
	struct stat st;

	if (is_address(where)) {
		list_address(list->plan, &tree, where);
	} else {
		size_t len = strlen(where);

		if (stat(where, &st) || !S_ISDIR(st.st_mode))
			usage_error("%s: no such folder", where);
		tree.tree.at = text_new("%.*s/", (int)(len - (where[len - 1] == '/')), where);
		list_folder(&tree, where);
	}
	take_found(list, &tree, where, "DISTRO/VERSION__IDENTIFIERS.tar.gz");
}

/* Nobody vouches for the archive: bsdtar has limits, and if we are root it is user nobody. */
static void list_archive(struct list *list, const char *archive)
{
	struct tree_list tree = { .tree = {
					  .distro = "", .members = true, .found = json_object() } };
	char *names = text_new("%s/members", list->plan->scratch);
	char *why = text_new("%s/members.err", list->plan->scratch), *text, *rest, *line;
	const struct child_setup bsdtar = {
		.argv = (const char *const[]){ "bsdtar", "-t", "-f", "-", NULL },
		.in = archive,
		.out = names,
		.err = why,
		.file_bytes = LIST_BYTES,
		.memory_bytes = MEMORY_BYTES,
		.nobody = true,
	};
	char *subject;
	struct stat st;

	if (stat(archive, &st) || !S_ISREG(st.st_mode))
		usage_error("%s: no such file", archive);
	free(program_need("bsdtar", "libarchive-tools"));
	subject = text_new("%s: cannot be read", archive);
	run_tool(&bsdtar, subject, "bsdtar has failed");
	free(subject);
	rest = text = read_text(names);
	tree.tree.at = text_new("%s/", archive);
	while ((line = next_line(&rest)))
		add_entry(&tree, line);
	free(text);
	take_found(list, &tree, archive,
		   "bzImage-VERSION, linux-x86_64-VERSION or vmlinuz-VERSION");
	free(names);
	free(why);
}

/* Only the place on the list counts, so that machines which know nothing of each other share it without loss. */
static void keep_shard(struct texts *specs, const char *shard)
{
	size_t all = specs->count, kept = 0;
	long index, count;

	plan_options_shard(shard, &index, &count);
	for (size_t i = 0; i < all; i++)
		if (i % (size_t)count == (size_t)index - 1)
			specs->items[kept++] = specs->items[i];
	specs->count = kept;
	if (!kept)
		usage_error(
			"--shard %s: nothing to test, %zu kernels are too few for that many shards",
			shard, all);
}

/* A path that is not there, and what begins like no spec, is known at once; the rest fetch-kernel knows. */
static void check_spec(const char *spec)
{
	size_t prefix = strspn(spec, "abcdefghijklmnopqrstuvwxyz");
	struct stat st;

	if ((!prefix || spec[prefix] != ':') && strcmp(spec, "host") && stat(spec, &st))
		usage_error("%s: no such file, and not a spec like debian:6.1-cloud", spec);
}

void plan_list(struct plan *plan)
{
	struct list list = { .plan = plan, .seen = json_object() };
	const struct plan_options *options = &plan->options;

	for (size_t i = 0; i < options->specs.count; i++)
		list_add(&list, options->specs.items[i]);
	if (options->matrix) {
		list_matrix(&list, options->matrix);
	} else if (!options->specs.count && !options->trees.count && !options->archives.count) {
		char *matrix = text_new("%s/../%s", plan->scripts, default_matrix);

		list_matrix(&list, matrix);
		free(matrix);
	}
	for (size_t i = 0; i < options->trees.count; i++)
		list_tree(&list, options->trees.items[i]);
	for (size_t i = 0; i < options->archives.count; i++)
		list_archive(&list, options->archives.items[i]);
	for (size_t i = 0; i < plan->specs.count; i++)
		check_spec(plan->specs.items[i]);
	if (options->shard)
		keep_shard(&plan->specs, options->shard);
	json_decref(list.seen);
}
