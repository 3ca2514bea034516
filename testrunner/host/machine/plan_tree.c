// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Which files of a tree, a page or an archive that somebody else made are kernels, and their names. */
#include "host/machine/plan_tree.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUNCTUATION "._+~:@=,^-"
/* NAME_MAX is 255, and something may be added. */
#define NAME_LONGEST 240

static const char *const tree_ends[] = { ".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".tgz" };
static const char *const image_starts[] = { "bzImage-", "vmlinuz-", "linux-x86_64-",
					    "linux-aarch64-" };
static const char *const foreign_words[] = { "aarch64", "arm64",   "armhf", "armv7l",  "armv7hl",
					     "i386",	"i486",	   "i586",  "i686",    "ppc64",
					     "ppc64le", "ppc64el", "s390x", "riscv64", "loong64" };

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

void tree_decode(char *text)
{
	char *to = text;

	for (; *text; text++) {
		char hex[3] = { text[0] == '%' ? text[1] : '\0', text[1], '\0' };
		char *end = hex;
		long c = 0;

		if (hex[0] && hex[1]) {
			hex[1] = text[2];
			c = isxdigit((unsigned char)hex[0]) ? strtol(hex, &end, 16) : 0;
		}
		if (end == hex + 2 && c && (strchr(PUNCTUATION, (int)c))) {
			*to++ = (char)c;
			text += 2;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static bool name_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr(PUNCTUATION, c));
}

/* `len` bytes become the name of a folder, and stand in lists. */
static bool name_valid(const char *name, size_t len)
{
	if (!len || len > NAME_LONGEST || !isalnum((unsigned char)*name))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!name_char(name[i]))
			return false;
	return true;
}

/* How many bytes at its end say that this is an archive; 0: it is none. */
static size_t archive_end(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < COUNT(tree_ends); i++) {
		size_t end = strlen(tree_ends[i]);

		if (len >= end && !strcmp(name + len - end, tree_ends[i]))
			return end;
	}
	return 0;
}

/* The version behind it, if this is an image's name; or NULL. */
static const char *image_version(const char *name)
{
	for (size_t i = 0; i < COUNT(image_starts); i++) {
		size_t start = strlen(image_starts[i]);

		if (strncmp(name, image_starts[i], start) || !name[start])
			continue;
		if (!strcmp(image_starts[i], "linux-aarch64-"))
			return name + strlen("linux-");
		return name + start + (name[start] == 'v');
	}
	return NULL;
}

static bool is_foreign(const char *version)
{
	for (size_t i = 0; i < COUNT(foreign_words); i++) {
		const char *at = version, *word = foreign_words[i];

		while ((at = strstr(at, word))) {
			const char *end = at + strlen(word);

			if ((at == version || strchr("._-", at[-1])) &&
			    (!*end || strchr("._-", *end)))
				return true;
			at = end;
		}
	}
	return false;
}

static int bad(struct tree *tree, const char *entry, const char *why)
{
	char shown[301];
	size_t i;

	for (i = 0; i < sizeof(shown) - 1 && entry[i]; i++)
		shown[i] = isprint((unsigned char)entry[i]) ? entry[i] : '?';
	shown[i] = '\0';
	snprintf(tree->error, sizeof(tree->error), "%s: %s", shown, why);
	return -EINVAL;
}

/* `reference` is the entry as it was found, without what repeats where we are. */
static int found(struct tree *tree, const char *entry, const char *name, const char *reference)
{
	const char *was;
	char spec[8192];
	int err = 0;

	snprintf(spec, sizeof(spec), "%s:%s%s", tree->members ? "member" : "tree", tree->at,
		 reference);
	was = json_string_value(json_object_get(tree->found, name));
	/* A page may have more than one link to a file; an archive has no two of one name. */
	if (was && (tree->members || strcmp(was, spec))) {
		char why[100];

		snprintf(why, sizeof(why), "its name is also that of %.60s", was);
		return bad(tree, entry, why);
	}
	if (!was)
		err = json_object_set_new(tree->found, name, json_string_nocheck(spec));
	return err ? -ENOMEM : TREE_KERNEL;
}

/* DISTRO/VERSION in `name`. */
static int found_archive(struct tree *tree, const char *entry, char *name, const char *reference)
{
	char *slash = strchr(name, '/');

	name[strlen(name) - archive_end(name)] = '\0';
	if (!slash || strchr(slash + 1, '/'))
		return TREE_OTHER;
	if (!name_valid(name, (size_t)(slash - name)) || !name_valid(slash + 1, strlen(slash + 1)))
		return bad(tree, entry,
			   "not a kernel's name: has other characters than letters, "
			   "digits and " PUNCTUATION ", or more than 240");
	if (is_foreign(slash + 1)) {
		tree->foreign++;
		return TREE_OTHER;
	}
	return found(tree, entry, name, reference);
}

static int found_member(struct tree *tree, const char *entry, const char *reference)
{
	const char *slash = strrchr(entry, '/');
	const char *version = image_version(slash ? slash + 1 : entry);
	char name[NAME_LONGEST + 16];

	/* bsdtar takes the name for a pattern. */
	for (const char *c = entry; *c; c++)
		if (*c != '/' && !name_char(*c))
			version = "";
	if (!name_valid(version, strlen(version)))
		return bad(tree, entry,
			   "not a kernel's name: has other characters than letters, "
			   "digits and " PUNCTUATION ", or more than 240");
	if (is_foreign(version)) {
		tree->foreign++;
		return TREE_OTHER;
	}
	snprintf(name, sizeof(name), "mainline/%s", version);
	return found(tree, entry, name, reference);
}

/* Skip the scheme and host of the address `at`, and then its path, where a link repeats them. */
static void skip_repeated(const char *at, const char **reference)
{
	const char *scheme = strstr(at, "://");
	const char *path = scheme ? strchr(scheme + 3, '/') : NULL;
	size_t origin = path ? (size_t)(path - at) : 0;

	if (!path)
		return;
	if (!strncmp(*reference, at, origin) && (*reference)[origin] == '/')
		*reference += origin;
	if (!strncmp(*reference, path, strlen(path)))
		*reference += strlen(path);
}

static bool leads_out(const char *name)
{
	const char *at = name;

	if (*name == '/' || strstr(name, "://"))
		return true;
	while ((at = strstr(at, ".."))) {
		if ((at == name || at[-1] == '/') && (!at[2] || at[2] == '/'))
			return true;
		at += 2;
	}
	return false;
}

static bool looks_like_kernel(const struct tree *tree, const char *name)
{
	const char *slash = strrchr(name, '/');

	return tree->members ? image_version(slash ? slash + 1 : name) != NULL :
			       archive_end(name) != 0;
}

static int add_name(struct tree *tree, const char *entry, const char *reference, char *name)
{
	bool kernel = looks_like_kernel(tree, name);
	const char *slash = strchr(name, '/');

	if (leads_out(name) || leads_out(name + strlen(tree->distro)))
		return kernel ? bad(tree, entry, "leads out of where it is listed") : TREE_OTHER;
	if (kernel)
		return tree->members ? found_member(tree, name, reference) :
				       found_archive(tree, entry, name, reference);
	return !tree->members && !*tree->distro && slash && !slash[1] ? TREE_DISTRO : TREE_OTHER;
}

int tree_add(struct tree *tree, const char *entry, const char **text, size_t *len)
{
	const char *reference = entry;
	bool address = strstr(tree->at, "://");
	char *path, *name;
	int result;

	skip_repeated(tree->at, &reference);
	/* In an archive it is a part of the name. */
	while (!tree->members && !strncmp(reference, "./", 2))
		reference += 2;
	path = strdup(reference);
	if (!path)
		return -ENOMEM;
	if (address)
		path[strcspn(path, "?#")] = '\0';
	*text = reference;
	*len = strlen(path);
	if (address)
		tree_decode(path);
	result = asprintf(&name, "%s%s", tree->distro, path) < 0 ? -ENOMEM : 0;
	free(path);
	if (result)
		return result;
	result = add_name(tree, entry, reference, name);
	free(name);
	return result;
}

int tree_spec_name(const char *spec, char **name)
{
	size_t prefix = strspn(spec, "abcdefghijklmnopqrstuvwxyz");
	bool tree = !strncmp(spec, "tree:", 5), member = !strncmp(spec, "member:", 7);
	const char *distro = spec[prefix] == ':' ? spec : "local";
	size_t distro_len = spec[prefix] == ':' ? prefix : strlen(distro), len;
	char *rest = strdup(spec[prefix] == ':' ? spec + prefix + 1 : spec), *version = rest,
	     *slash;
	int err;

	if (!rest)
		return -ENOMEM;
	if (tree && strstr(rest, "://")) {
		rest[strcspn(rest, "?")] = '\0';
		tree_decode(rest);
	}
	for (len = strlen(rest); len && rest[len - 1] == '/'; len--)
		rest[len - 1] = '\0';
	slash = strrchr(rest, '/');
	if (slash) {
		*slash = '\0';
		version = slash + 1;
	}
	if (tree) {
		version[strlen(version) - archive_end(version)] = '\0';
		slash = strrchr(rest, '/');
		distro = slash ? slash + 1 : rest;
		distro_len = strlen(distro);
	} else if (member && image_version(version)) {
		distro = "mainline";
		distro_len = strlen(distro);
		version = (char *)image_version(version);
	}
	err = asprintf(name, "%.*s/%s", (int)distro_len, distro, *version ? version : "kernel");
	free(rest);
	return err < 0 ? -ENOMEM : 0;
}
