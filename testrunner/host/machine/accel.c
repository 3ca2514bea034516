// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Proves KVM, and remembers the answer. */
#include "host/machine/accel.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "host/machine/child.h"
#include "host/machine/loop.h"
#include "host/machine/message.h"
#include "host/machine/path.h"

#define PROOF_MS     3000
#define PROOF_FILE   "kvm-proof"
#define REASON_MAX   512
#define MESSAGES_MAX 65536

static const char *const names[] = {
	[ACCEL_KVM] = "kvm", [ACCEL_TCG] = "tcg", [ACCEL_AUTO] = "auto"
};

enum accel accel_parse(const char *text)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(text, names[i]))
			return (enum accel)i;
	usage_error("--accel %s: not auto, kvm or tcg", text);
}

const char *accel_name(enum accel accel)
{
	return names[accel];
}

const char *qemu_find(const struct arch *arch)
{
	const char *name = getenv("QEMU");

	return program_need(name && *name ? name : arch->qemu, "qemu-system-x86");
}

/* The guest, as a file that stays. */
static void bios_make(const struct proof *proof, const char *path)
{
	unsigned char *bios;

	if (access(path, R_OK) == 0)
		return;
	bios = calloc(1, proof->bios_size);
	if (!bios)
		die(EXIT_INFRA, "out of memory");
	memcpy(bios + proof->bios_size - proof->code_size, proof->code, proof->code_size);
	if (file_replace(path, bios, proof->bios_size))
		die(EXIT_INFRA, "%s: cannot be written", path);
	free(bios);
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

/* Run the guest. `reason`: "" when it answered. */
static void prove(const struct arch *arch, enum accel accel, const char *qemu, const char *build,
		  char reason[REASON_MAX])
{
	char *bios = text_new("%s/" PROOF_FILE ".bios", build);
	const char *const options[] = { "-nodefaults",
					"-no-user-config",
					"-display",
					"none",
					"-no-reboot",
					"-accel",
					names[accel],
					"-cpu",
					accel == ACCEL_KVM ? "host" : "max",
					"-bios",
					bios };
	int messages = memfd_create("qemu", MFD_CLOEXEC);
	struct texts arguments = { 0 };
	struct child child;

	folder_make(build);
	bios_make(&arch->proof, bios);
	texts_add(&arguments, qemu);
	for (const char *const *word = arch->proof.arguments; *word; word++)
		texts_add(&arguments, *word);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		texts_add(&arguments, options[i]);
	/* QEMU may abort: nobody wants its core. */
	child_start(&child, &(struct child_setup){ .argv = (const char *const *)arguments.items,
						   .fd = messages,
						   .end_signal = SIGKILL,
						   .no_core = true });
	*reason = '\0';
	if (!loop_run(&child.ended, loop_now() + PROOF_MS)) {
		snprintf(reason, REASON_MAX, "a guest of six instructions does not end in time");
		child_end(&child, SIGKILL);
	} else if (child.status != arch->proof.answer) {
		first_words(messages, reason, REASON_MAX);
		if (!*reason)
			snprintf(reason, REASON_MAX, "QEMU ended with status %d", child.status);
	}
	texts_free(&arguments);
	close(messages);
	free(bios);
}

/* The answer holds for this boot, user and QEMU. */
static void proof_key(const char *qemu, char *text, size_t size)
{
	struct stat st = { 0 };
	char boot[64];

	file_read_line("/proc/sys/kernel/random/boot_id", boot, sizeof(boot));
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

/* reason: "" when KVM works. */
static void kvm_check(const struct arch *arch, const char *qemu, const char *build,
		      char reason[REASON_MAX])
{
	char path[PATH_MAX], key[PATH_MAX], text[PATH_MAX + REASON_MAX];
	int len;

	if (access("/dev/kvm", F_OK)) {
		snprintf(reason, REASON_MAX, "this host has no /dev/kvm");
		return;
	}
	if (access("/dev/kvm", R_OK | W_OK)) {
		snprintf(reason, REASON_MAX,
			 "/dev/kvm may not be opened by this user (add it to the group kvm)");
		return;
	}
	path_set(path, "%s/" PROOF_FILE, build);
	proof_key(qemu, key, sizeof(key));
	if (proof_known(path, key, reason))
		return;
	say("trying KVM, once for this boot of the host");
	prove(arch, ACCEL_KVM, qemu, build, reason);
	len = snprintf(text, sizeof(text), "%s\n%s\n", key, reason);
	file_replace(path, text, (size_t)len);
}

enum accel accel_choose(const struct arch *arch, const char *qemu, const char *build,
			enum accel wanted)
{
	char reason[REASON_MAX] = "";

	if (wanted == ACCEL_TCG)
		return ACCEL_TCG;
	kvm_check(arch, qemu, build, reason);
	if (*reason && wanted == ACCEL_KVM)
		die(EXIT_INFRA, "KVM does not work: %s; --accel tcg emulates", reason);
	if (*reason)
		say("KVM does not work, emulating instead: %s", reason);
	return *reason ? ACCEL_TCG : ACCEL_KVM;
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

int accel_main(int argc, char **argv)
{
	const char *build = getenv("BPFCHECK_BUILD"), *qemu;
	const struct arch *arch = arch_find("x86_64");
	bool proof = argc == 3 && !strcmp(argv[1], "--prove");
	char reason[REASON_MAX];
	enum accel accel;

	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return fputs(accel_usage, stdout), 0;
	if (argc != 2 + proof || !build)
		return fputs(accel_usage, stderr), EXIT_USAGE;
	accel = accel_parse(argv[argc - 1]);
	loop_open();
	qemu = qemu_find(arch);
	if (!proof)
		return puts(accel_name(accel_choose(arch, qemu, build, accel))) < 0;
	prove(arch, accel, qemu, build, reason);
	if (*reason)
		die(EXIT_INFRA, "%s", reason);
	return 0;
}
