// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Splats: kernel lines and taint bits that mean that the kernel is not well. */
#include "host/report/splat.h"

#include <string.h>

/*
 * At the start of a line, after a subsystem's name. Not anywhere in it: "Spectre V2 : WARNING:
 * Unprivileged eBPF is enabled" is news about the CPU, no splat.
 */
static const char *const prefixes[] = { "rcu: ", "watchdog: " };
static const char *const starts[] = {
	"WARNING:",
	"BUG:",
	"INFO: task ",
	"INFO: rcu",
	"INFO: lockdep",
	"INFO: trying to register non-static key",
	"Oops",
	"Internal error:",
	"general protection fault",
	"Unable to handle kernel",
	"kernel BUG at ",
	"KASAN:",
	"KFENCE:",
	"KCSAN:",
	"UBSAN:",
	"possible recursive locking",
	"possible circular locking",
	"inconsistent lock state",
	"suspicious RCU usage",
	"unregister_netdevice: waiting for ",
	"stack segment:",
	"double fault:",
	"divide error:",
	"invalid opcode:",
	"Kernel panic",
};

/* Documentation/admin-guide/tainted-kernels.rst; unsigned or out-of-tree modules and the like are
 * no splats. */
static const struct {
	unsigned int bit;
	char letter;
} taints[] = {
	{ 4, 'M' },  /* machine check */
	{ 5, 'B' },  /* bad page */
	{ 7, 'D' },  /* oops or BUG */
	{ 9, 'W' },  /* WARN */
	{ 14, 'L' }, /* soft lockup */
};

static bool is_splat(const char *text)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(text, prefixes[i], strlen(prefixes[i])))
			text += strlen(prefixes[i]);
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!strncmp(text, starts[i], strlen(starts[i])))
			return true;
	return false;
}

const char *splat_find(const struct records *records)
{
	for (size_t i = 0; i < records->klog_count; i++)
		if (is_splat(records->klogs[i].text))
			return records->klogs[i].text;
	return NULL;
}

void splat_taint(const struct records *records, char *letters, size_t size)
{
	int64_t before = records->has_hello ? records->hello.taint : 0, now = 0;
	size_t used = 0;

	for (size_t i = 0; i < records->klog_count; i++)
		if (records->klogs[i].taint > 0)
			now |= records->klogs[i].taint;
	if (records->has_exit)
		now |= records->exit.taint;
	for (size_t i = 0; i < sizeof(taints) / sizeof(taints[0]); i++)
		if ((now & ~before) >> taints[i].bit & 1 && used + 1 < size)
			letters[used++] = taints[i].letter;
	letters[used] = '\0';
}
