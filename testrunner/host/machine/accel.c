// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Proves KVM, and remembers the answer. */
#include "host/machine/accel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "host/machine/child.h"
#include "host/machine/message.h"
#include "host/machine/path.h"
#include "host/machine/results.h"
#include "host/machine/words.h"

#define PROOF_MS     3000
#define PROOF_FILE   "kvm-proof"
#define REASON_MAX   512
#define MESSAGES_MAX 65536

static const char *const names[] = {
	[ACCEL_KVM] = "kvm", [ACCEL_TCG] = "tcg", [ACCEL_AUTO] = "auto"
};

int accel_parse(const char *text, enum accel *accel)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(text, names[i])) {
			*accel = (enum accel)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *accel_name(enum accel accel)
{
	return names[accel];
}

int qemu_find(const struct arch *arch, char path[PATH_MAX])
{
	const char *name = getenv("QEMU");

	name = name && *name ? name : arch->qemu;
	if (program_find(name, path))
		return 0;
	return fail(CODE_INFRA,
		    "%s is not installed; 'make setup' or 'apt-get install qemu-system-x86'", name);
}

/* The guest, as a file that stays. Errors: -errno. */
static int bios_make(const struct proof *proof, const char *path)
{
	char part[PATH_MAX];
	unsigned char *bios;
	int err;

	if (access(path, R_OK) == 0)
		return 0;
	bios = calloc(1, proof->bios_size);
	if (!bios)
		return -ENOMEM;
	memcpy(bios + proof->bios_size - proof->code_size, proof->code, proof->code_size);
	path_set(part, "%s.%d", path, getpid());
	err = file_write(part, bios, proof->bios_size);
	if (!err && rename(part, path))
		err = -errno;
	free(bios);
	return err;
}

/* The first line that QEMU said, without its name; "" if none. */
static void first_words(int messages, char *text, size_t size)
{
	static char said[MESSAGES_MAX];
	ssize_t len = pread(messages, said, sizeof(said) - 1, 0);
	char *rest = said, *line;

	said[len > 0 ? len : 0] = '\0';
	*text = '\0';
	while (!*text && (line = strsep(&rest, "\n"))) {
		char *words = strncmp(line, "qemu", 4) ? NULL : strstr(line, ": ");

		if (!words)
			continue;
		words += 2;
		words += strncmp(words, "error: ", 7) ? 0 : 7;
		if (strncmp(words, "warning", 7))
			snprintf(text, size, "%s", words);
	}
}

static void proof_arguments(const struct arch *arch, enum accel accel, const char *qemu,
			    const char *bios, struct words *words)
{
	static const char *const fixed[] = { "-nodefaults", "-no-user-config", "-display",
					     "none",	    "-no-reboot",      NULL };

	words_add(words, "%s", qemu);
	words_add_all(words, arch->proof.arguments);
	words_add(words, "-accel");
	words_add(words, "%s", accel_name(accel));
	words_add(words, "-cpu");
	words_add(words, "%s", accel == ACCEL_KVM ? "host" : "max");
	words_add_all(words, fixed);
	words_add(words, "-bios");
	words_add(words, "%s", bios);
}

/* Run the guest. *reason: "" when it answered. Errors: -errno. */
static int prove(struct loop *loop, const struct arch *arch, enum accel accel, const char *qemu,
		 const char *build, char reason[REASON_MAX])
{
	int messages = memfd_create("qemu", MFD_CLOEXEC), err;
	struct child child = { .pidfd = -1 };
	struct words words = { 0 };
	char bios[PATH_MAX];

	path_set(bios, "%s/" PROOF_FILE ".bios", build);
	folder_make(build);
	err = messages < 0 ? -errno : bios_make(&arch->proof, bios);
	proof_arguments(arch, accel, qemu, bios, &words);
	/* QEMU may abort: nobody wants its core. */
	if (!err)
		err = child_start(&child, loop,
				  &(struct child_start){ .argv = (const char *const *)words.items,
							 .fds = { -1, messages, messages },
							 .no_core = true });
	if (!err)
		err = child_wait(&child, loop_now() + PROOF_MS);
	child_end(&child);
	*reason = '\0';
	if (err == -ETIME) {
		snprintf(reason, REASON_MAX, "a guest of six instructions does not end in time");
		err = 0;
	} else if (!err && child.status != arch->proof.answer) {
		first_words(messages, reason, REASON_MAX);
		if (!*reason)
			snprintf(reason, REASON_MAX, "QEMU ended with status %d", child.status);
	}
	words_free(&words);
	if (messages >= 0)
		close(messages);
	return err;
}

/* The answer holds for this boot, user and QEMU. */
static void proof_key(const char *qemu, char *text, size_t size)
{
	char boot[64] = "";
	struct stat st = { 0 };
	char *data;
	size_t len;

	if (file_read("/proc/sys/kernel/random/boot_id", 4096, &data, &len) == 0) {
		snprintf(boot, sizeof(boot), "%.*s", (int)strcspn(data, "\n"), data);
		free(data);
	}
	stat(qemu, &st);
	snprintf(text, size, "%s %u %s %lld %lld.%09ld", boot, getuid(), qemu,
		 (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

/* Whether the answer is known: two lines, the key and the reason, which may be empty. */
static bool proof_known(const char *path, const char *key, char reason[REASON_MAX])
{
	char *data, *rest;
	const char *line;
	bool known;
	size_t len;

	if (file_read(path, MESSAGES_MAX, &data, &len))
		return false;
	rest = data;
	line = strsep(&rest, "\n");
	known = rest && !strcmp(line, key);
	if (known)
		snprintf(reason, REASON_MAX, "%.*s", (int)strcspn(rest, "\n"), rest);
	free(data);
	return known;
}

static void proof_keep(const char *path, const char *key, const char *reason)
{
	char text[PATH_MAX + REASON_MAX + 256], part[PATH_MAX];
	int len = snprintf(text, sizeof(text), "%s\n%s\n", key, reason);

	path_set(part, "%s.%d", path, getpid());
	if (file_write(part, text, (size_t)len) == 0 && rename(part, path))
		unlink(part);
}

/* Errors: -errno; *reason: "" when KVM works. */
static int kvm_check(struct loop *loop, const struct arch *arch, const char *qemu,
		     const char *build, char reason[REASON_MAX])
{
	char path[PATH_MAX], key[PATH_MAX];
	int err;

	if (access("/dev/kvm", F_OK)) {
		snprintf(reason, REASON_MAX, "this host has no /dev/kvm");
		return 0;
	}
	if (access("/dev/kvm", R_OK | W_OK)) {
		snprintf(reason, REASON_MAX,
			 "/dev/kvm may not be opened by this user (add it to the group kvm)");
		return 0;
	}
	path_set(path, "%s/" PROOF_FILE, build);
	proof_key(qemu, key, sizeof(key));
	if (proof_known(path, key, reason))
		return 0;
	say("trying KVM, once for this boot of the host");
	err = prove(loop, arch, ACCEL_KVM, qemu, build, reason);
	if (!err)
		proof_keep(path, key, reason);
	return err;
}

int accel_choose(struct loop *loop, const struct arch *arch, const char *qemu, const char *build,
		 enum accel *accel)
{
	char reason[REASON_MAX] = "";
	int err;

	if (*accel == ACCEL_TCG)
		return 0;
	err = kvm_check(loop, arch, qemu, build, reason);
	if (err)
		return err == -EINTR ? CODE_INFRA : fail(CODE_INFRA, "try KVM: %s", strerror(-err));
	if (*reason && *accel == ACCEL_KVM)
		return fail(CODE_INFRA, "KVM does not work: %s; --accel tcg emulates", reason);
	if (*reason)
		say("KVM does not work, emulating instead: %s", reason);
	*accel = *reason ? ACCEL_TCG : ACCEL_KVM;
	return 0;
}

static const char accel_usage[] =
	"Usage: bpfcheck accel [--prove] kvm|tcg|auto\n"
	"\n"
	"Print kvm or tcg: how machines are run. auto is kvm where KVM works, which is proven once per boot\n"
	"of the host.\n"
	"\n"
	"  --prove  run the guest that proves it, whatever is known\n"
	"\n"
	"Environment: BPFCHECK_BUILD, QEMU\n"
	"Exit codes: 0 done, 2 usage, 5 it does not work\n";

static int prove_aloud(struct loop *loop, const struct arch *arch, enum accel accel,
		       const char *qemu, const char *build)
{
	char reason[REASON_MAX];
	int err = prove(loop, arch, accel, qemu, build, reason);

	if (err)
		return fail(CODE_INFRA, "run the guest: %s", strerror(-err));
	return *reason ? fail(CODE_INFRA, "%s", reason) : 0;
}

int accel_main(int argc, char **argv)
{
	const char *build = getenv("BPFCHECK_BUILD");
	const struct arch *arch = arch_find("x86_64");
	bool proof = argc == 3 && !strcmp(argv[1], "--prove");
	char qemu[PATH_MAX];
	struct loop loop;
	enum accel accel;
	int code;

	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return fputs(accel_usage, stdout), 0;
	if (argc != 2 + proof || !build)
		return fputs(accel_usage, stderr), CODE_USAGE;
	if (accel_parse(argv[argc - 1], &accel))
		return fail(CODE_USAGE, "--accel %s: not auto, kvm or tcg", argv[argc - 1]);
	if (loop_open(&loop))
		return fail(CODE_INFRA, "open a signalfd: %s", strerror(errno));
	code = qemu_find(arch, qemu);
	if (!code)
		code = proof ? prove_aloud(&loop, arch, accel, qemu, build) :
			       accel_choose(&loop, arch, qemu, build, &accel);
	if (loop.signal)
		code = 128 + loop.signal;
	if (!code && !proof)
		puts(accel_name(accel));
	loop_close(&loop);
	return code;
}
