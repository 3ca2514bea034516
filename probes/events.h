/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The records that the probes send. Readers decode them by BTF alone, so that what is written here
 * is all there is: EVENT_FORK names struct fork_event, and a field's name here is its name in a
 * .test file. Those of files and of the network are in file_events.h and network_events.h.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <linux/types.h>

/* A struct is embedded without a name (-fms-extensions), so that its fields are the event's own. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wmicrosoft-anon-tag"
#endif

enum event_type {
	EVENT_FORK = 1,
	EVENT_EXEC,
	EVENT_EXIT,
	EVENT_FILE_CREATE,
	EVENT_FILE_DELETE,
	EVENT_FILE_RENAME,

	EVENT_SETSID = 10,
	EVENT_SETUID = 11,
	EVENT_SETGID = 12,
	EVENT_CAPSET = 13,
	EVENT_PTRACE = 14,
	EVENT_MEMFD_CREATE = 15,
	EVENT_SHMGET = 16,
	EVENT_TTY_WRITE = 17,
	EVENT_MODULE_LOAD = 18,

	EVENT_FILE_LINK = 30,
	EVENT_FILE_MODIFY = 31,
	EVENT_FILE_XATTR = 32,
	EVENT_MEMORY_OPEN = 33,

	EVENT_TCP_CONNECT = 50,
	EVENT_TCP_CONNECT_RESULT = 51,
	EVENT_TCP_ACCEPT = 52,
	EVENT_TCP_CLOSE = 53,
	EVENT_UDP_SEND = 54,
	EVENT_UDP_RECEIVE = 55,
	EVENT_SOCKET_BIND = 56,
	EVENT_SOCKET_LISTEN = 57,

	EVENT_BPF_PROGRAM_LOAD = 70,
	EVENT_BPF_MAP_CREATE = 71,
};

/*
 * Bytes behind the fixed part: `off` counts from the start of the record. A string has no NUL at
 * its end; each string of a list has one. Bytes that did not fit are lost, and `<field>_truncated` is
 * 1: a path lost its front, any other field its end.
 */
struct varlen {
	__u16 off;
	__u16 len;
};

/* Ids are those of the initial pid namespace. */
struct task {
	__u64 start_ns; /* since boot, as in field 22 of /proc/PID/stat */
	__u32 tid;
	__u32 tgid;
	__u32 ppid;
	__u32 pgid;
	__u32 sid;
	char comm[16];
};

/* Ids are those of the initial user namespace. */
struct cred {
	__u64 cap_permitted;
	__u64 cap_effective;
	__u32 ruid, euid, suid;
	__u32 rgid, egid, sgid;
};

/* Inode numbers, those that /proc/PID/ns shows. */
struct namespaces {
	__u32 uts, ipc, mnt, pid, net, cgroup, time;
};

/* The controlling terminal's device number; both zero: none. */
struct tty {
	__u32 major, minor;
};

struct event_header {
	enum event_type type;
	__u64 ts_ns; /* since boot, time asleep included, as start_ns */
	struct task task;
	struct cred cred;
};

/* A new task: a process, or a thread (then child.tid != child.tgid). Seen before it first runs. */
struct fork_event {
	struct event_header;
	struct task parent; /* who called fork or clone; with CLONE_PARENT child.ppid is another */
	struct task child;
	struct namespaces namespaces; /* the child's */
	struct tty tty;
};

struct exec_flags {
	__u8 setuid; /* the file's set-user-ID bit was honoured */
	__u8 setgid;
	__u8 memfd; /* the file lives in memory only (memfd_create) */
};

/* An exec that succeeded; `task` and `cred` are those after it. */
struct exec_event {
	struct event_header;
	struct namespaces namespaces;
	struct tty tty;
	struct exec_flags flags;
	__u8 filename_truncated, argv_truncated, env_truncated, cwd_truncated;
	struct varlen filename;	 /* as the caller gave it */
	struct varlen argv, env; /* lists */
	struct varlen cwd;
};

/* A process has ended: its last thread has. `task` is that thread. */
struct exit_event {
	struct event_header;
	__u32 exit_code; /* what it exited with, 0 when a signal killed it */
	__u32 signal;	 /* what killed it, 0 when it exited */
};

/* A process has begun a session; `task` is as it is now. */
struct setsid_event {
	struct event_header;
	__u32 old_pgid, old_sid;
	struct tty old_tty; /* it has none any more */
};

/* Which call it was, in the kernel's own numbers (LSM_SETID_...). */
enum setid_call {
	SETID = 1,    /* setuid, setgid */
	SETREID = 2,  /* setreuid, setregid */
	SETRESID = 4, /* setresuid, setresgid */
	SETFSID = 8,  /* setfsuid, setfsgid */
};

/* A thread has other user ids than before, because it asked for them; `cred` is as it is now. */
struct setuid_event {
	struct event_header;
	struct cred old_cred;
	enum setid_call call;
	__u32 fsuid, old_fsuid;
};

struct setgid_event {
	struct event_header;
	struct cred old_cred;
	enum setid_call call;
	__u32 fsgid, old_fsgid;
};

/* A thread has given itself other capabilities with capset; `cred` is as it is now. */
struct capset_event {
	struct event_header;
	struct cred old_cred;
	__u64 cap_inheritable, old_cap_inheritable;
};

/* A ptrace call that worked: `task` asks for something that has to do with `target`. */
struct ptrace_event {
	struct event_header;
	struct task target; /* PTRACE_TRACEME: the one who asks, whom its parent is to trace */
	__u32 request;
};

/* A file in memory only. */
struct memfd_create_event {
	struct event_header;
	__u64 inode;
	__u32 flags; /* MFD_... */
	__s32 fd;
	char name[250]; /* as the caller gave it, without what the kernel puts in front */
};

/* A System V shared memory segment, old or new. */
struct shmget_event {
	struct event_header;
	__u64 size; /* as asked for */
	__s32 key;
	__u32 flags; /* IPC_..., SHM_..., permissions */
	__s32 id;
};

/* As in struct termios of the C library, without the c_. */
struct terminal_flags {
	__u32 iflag, oflag, cflag, lflag;
};

/* Bytes went to a terminal; to a master (what is typed) they are written, too. */
struct tty_write_event {
	struct event_header;
	struct tty tty; /* the one written to */
	__u16 rows, columns;
	struct terminal_flags termios;
	__u32 size; /* how many bytes it took */
	__u8 data_truncated;
	struct varlen data;
};

/* A kernel module was loaded, and its initialization has succeeded. */
struct module_load_event {
	struct event_header;
	char name[56];
	__u8 path_truncated;
	struct varlen path; /* of its file; empty when it came from the caller's memory */
};

/* bpf(BPF_PROG_LOAD) that succeeded. */
struct bpf_program_load_event {
	struct event_header;
	__u32 fd;
	__u32 id;	    /* as in /proc/PID/fdinfo/FD */
	__u32 program_type; /* enum bpf_prog_type */
	__u32 insn_count;   /* as given; the verifier may add and remove some */
	char name[16];
};

/* bpf(BPF_MAP_CREATE) that succeeded. */
struct bpf_map_create_event {
	struct event_header;
	__u32 fd;
	__u32 id;
	__u32 map_type;				 /* enum bpf_map_type */
	__u32 key_size, value_size, max_entries; /* as given */
	char name[16];
};

/* Value of the per-CPU map `event_counters`, key 0. */
struct event_counters {
	__u64 sent;
	__u64 dropped; /* no room in the ring buffer, or no room to remember an operation until its end */
};

#endif
