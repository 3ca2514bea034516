/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events like a probe's, and their BTF, made in memory: what decoding and matching are tested with.
 */
#ifndef SAMPLE_EVENTS_H
#define SAMPLE_EVENTS_H

#include <bpf/btf.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum sample_type { SAMPLE_FORK = 1, SAMPLE_EXEC, SAMPLE_EXIT };
enum sample_mood { MOOD_CALM, MOOD_KEEN = 7, MOOD_GRIM = 8 };

struct sample_varlen {
	uint16_t off, len;
};

struct sample_task {
	uint32_t tid, tgid, ppid, mood;
	uint64_t start_ns;
	char comm[16];
};

/* Each event begins with it, anonymously. */
struct sample_header {
	uint32_t type;
	uint64_t ts_ns;
	struct sample_task task;
};

struct fork_sample {
	struct sample_header header;
	struct sample_task parent, child;
};

struct exec_sample {
	struct sample_header header;
	struct sample_task pids;
	struct sample_varlen filename, argv;
	unsigned char bytes[64]; /* in the record, but no part of the struct */
};

#define EXEC_SAMPLE_SIZE offsetof(struct exec_sample, bytes)

struct exit_sample {
	struct sample_header header;
	struct sample_task pids;
	int32_t exit_code;
	uint32_t flags;
	uint64_t address;
	uint32_t samples[2];
	/* In the BTF also: ipv4 where flags is, ipv6 where address and samples are. */
};

/* BTF type ids that the tests need. */
struct sample_ids {
	int u8, u16, u32, u64, s32, ch, type, mood, comm, samples, octets, varlen, ipv4, ipv6, task,
		header, fork, exec, exit;
};

static inline void sample_member(struct btf *btf, const char *name, int type, size_t offset)
{
	if (btf__add_field(btf, name, type, (uint32_t)offset * 8, 0) < 0)
		abort();
}

static inline void sample_integers(struct btf *btf, struct sample_ids *ids)
{
	ids->u8 = btf__add_int(btf, "unsigned char", 1, 0);
	ids->u16 = btf__add_int(btf, "unsigned short", 2, 0);
	ids->u32 = btf__add_int(btf, "unsigned int", 4, 0);
	ids->u64 = btf__add_int(btf, "unsigned long long", 8, 0);
	ids->s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	ids->ch = btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	ids->comm = btf__add_array(btf, ids->u32, ids->ch, 16);
	ids->samples = btf__add_array(btf, ids->u32, ids->u32, 2);
	ids->octets = btf__add_array(btf, ids->u32, ids->u8, 16);
}

static inline void sample_parts(struct btf *btf, struct sample_ids *ids)
{
	ids->type = btf__add_enum(btf, "sample_type", 4);
	btf__add_enum_value(btf, "SAMPLE_FORK", SAMPLE_FORK);
	btf__add_enum_value(btf, "SAMPLE_EXEC", SAMPLE_EXEC);
	btf__add_enum_value(btf, "SAMPLE_EXIT", SAMPLE_EXIT);
	ids->mood = btf__add_enum(btf, "sample_mood", 4);
	btf__add_enum_value(btf, "MOOD_CALM", MOOD_CALM);
	btf__add_enum_value(btf, "MOOD_KEEN", MOOD_KEEN);
	btf__add_enum_value(btf, "MOOD_GRIM", MOOD_GRIM);
	ids->varlen = btf__add_struct(btf, "varlen", 4);
	sample_member(btf, "off", ids->u16, 0);
	sample_member(btf, "len", ids->u16, 2);
	ids->ipv4 = btf__add_struct(btf, "in_addr", 4);
	sample_member(btf, "s_addr", ids->u32, 0);
	ids->ipv6 = btf__add_struct(btf, "in6_addr", 16);
	sample_member(btf, "s6_addr", ids->octets, 0);
	ids->task = btf__add_struct(btf, "task", sizeof(struct sample_task));
	sample_member(btf, "tid", ids->u32, offsetof(struct sample_task, tid));
	sample_member(btf, "tgid", ids->u32, offsetof(struct sample_task, tgid));
	sample_member(btf, "ppid", ids->u32, offsetof(struct sample_task, ppid));
	sample_member(btf, "mood", ids->mood, offsetof(struct sample_task, mood));
	sample_member(btf, "start_ns", ids->u64, offsetof(struct sample_task, start_ns));
	sample_member(btf, "comm", ids->comm, offsetof(struct sample_task, comm));
	ids->header = btf__add_struct(btf, "sample_header", sizeof(struct sample_header));
	sample_member(btf, "type", ids->type, offsetof(struct sample_header, type));
	sample_member(btf, "ts_ns", ids->u64, offsetof(struct sample_header, ts_ns));
	sample_member(btf, "task", ids->task, offsetof(struct sample_header, task));
}

/* The caller frees it with btf__free(). `ids` may be NULL. */
static inline struct btf *sample_btf(struct sample_ids *ids)
{
	struct btf *btf = btf__new_empty();
	struct sample_ids unused;

	if (!btf)
		abort();
	if (!ids)
		ids = &unused;
	sample_integers(btf, ids);
	sample_parts(btf, ids);
	ids->fork = btf__add_struct(btf, "fork_sample", sizeof(struct fork_sample));
	sample_member(btf, "", ids->header, 0);
	sample_member(btf, "parent", ids->task, offsetof(struct fork_sample, parent));
	sample_member(btf, "child", ids->task, offsetof(struct fork_sample, child));
	ids->exec = btf__add_struct(btf, "exec_sample", EXEC_SAMPLE_SIZE);
	sample_member(btf, "", ids->header, 0);
	sample_member(btf, "pids", ids->task, offsetof(struct exec_sample, pids));
	sample_member(btf, "filename", ids->varlen, offsetof(struct exec_sample, filename));
	sample_member(btf, "argv", ids->varlen, offsetof(struct exec_sample, argv));
	ids->exit = btf__add_struct(btf, "exit_sample", sizeof(struct exit_sample));
	sample_member(btf, "", ids->header, 0);
	sample_member(btf, "pids", ids->task, offsetof(struct exit_sample, pids));
	sample_member(btf, "exit_code", ids->s32, offsetof(struct exit_sample, exit_code));
	sample_member(btf, "flags", ids->u32, offsetof(struct exit_sample, flags));
	sample_member(btf, "address", ids->u64, offsetof(struct exit_sample, address));
	sample_member(btf, "samples", ids->samples, offsetof(struct exit_sample, samples));
	sample_member(btf, "ipv4", ids->ipv4, offsetof(struct exit_sample, flags));
	sample_member(btf, "ipv6", ids->ipv6, offsetof(struct exit_sample, address));
	return btf;
}

static inline struct fork_sample fork_sample(uint32_t parent, uint32_t child)
{
	struct fork_sample event = {
		.header.type = SAMPLE_FORK,
		.parent = { .tid = parent, .tgid = parent },
		.child = { .tid = child, .tgid = child, .ppid = parent },
	};

	return event;
}

static inline struct exec_sample exec_sample(uint32_t pid, const char *filename)
{
	struct exec_sample event = {
		.header.type = SAMPLE_EXEC,
		.pids = { .tid = pid, .tgid = pid },
		.filename = { EXEC_SAMPLE_SIZE, (uint16_t)(strlen(filename) + 1) },
	};

	memcpy(event.bytes, filename, strlen(filename) + 1);
	return event;
}

static inline struct exit_sample exit_sample(uint32_t pid, int32_t exit_code)
{
	struct exit_sample event = {
		.header.type = SAMPLE_EXIT,
		.pids = { .tid = pid, .tgid = pid },
		.exit_code = exit_code,
	};

	return event;
}

#endif
