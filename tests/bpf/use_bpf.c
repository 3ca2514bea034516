// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Loads a program and creates a map; before that, tries both in ways that fail. The attributes are
 * not in memory until the kernel reads them: a program that reads them earlier finds nothing.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

static int call_bpf(enum bpf_cmd command, const union bpf_attr *attr)
{
	int file = memfd_create("attr", MFD_CLOEXEC), fd;
	void *mapped;

	if (file < 0 || write(file, attr, sizeof(*attr)) != sizeof(*attr))
		die("write to a memfd: %m");
	mapped = mmap(NULL, sizeof(*attr), PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	if (mapped == MAP_FAILED)
		die("map a memfd: %m");
	close(file);
	fd = (int)syscall(SYS_bpf, command, mapped, sizeof(*attr));
	munmap(mapped, sizeof(*attr));
	return fd;
}

/* return 0 */
static const struct bpf_insn insns[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

static int load_program(uint32_t count)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uint64_t)(uintptr_t)insns,
		.insn_cnt = count,
		.license = (uint64_t)(uintptr_t) "GPL",
		.prog_name = "returns_zero",
	};

	return call_bpf(BPF_PROG_LOAD, &attr);
}

static int create_map(uint32_t entries)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_HASH,
		.key_size = 4,
		.value_size = 24,
		.max_entries = entries,
		.map_name = "some_entries",
	};

	return call_bpf(BPF_MAP_CREATE, &attr);
}

/* The kernel's view: a line "prog_id:\t7" of the descriptor's. */
static uint64_t id_of(int fd, const char *key)
{
	char path[64], line[128];
	uint64_t id = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = fopen(path, "re");
	if (!info)
		die("open %s: %m", path);
	while (fgets(line, sizeof(line), info)) {
		if (strncmp(line, key, strlen(key)) == 0)
			id = strtoull(line + strlen(key), NULL, 10);
	}
	fclose(info);
	if (!id)
		die("%s has no '%s'", path, key);
	return id;
}

int main(void)
{
	int program, map;

	/* Its end is missing; a map of nothing. */
	if (load_program(1) >= 0 || create_map(0) >= 0)
		die("what should have failed did not");
	program = load_program(ARRAY_SIZE(insns));
	if (program < 0)
		die("load a program: %m");
	map = create_map(7);
	if (map < 0)
		die("create a map: %m");
	truth_number("pid", (uint64_t)getpid());
	truth_open("program");
	truth_number("fd", (uint64_t)program);
	truth_number("id", id_of(program, "prog_id:"));
	truth_close();
	truth_open("map");
	truth_number("fd", (uint64_t)map);
	truth_number("id", id_of(map, "map_id:"));
	truth_close();
	truth_print();
	return 0;
}
