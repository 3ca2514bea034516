/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kernel's structs, each with the fields that a probe reads and no others: libbpf finds them in
 * the running kernel.
 */
#ifndef KERNEL_TYPES_H
#define KERNEL_TYPES_H

#include <linux/bpf.h>
#include <linux/in6.h>
#include <stdbool.h>

/* BPF_CORE_READ of libbpf 1.5 declares a variable of the field's type, const or not, and fills it. */
#if __has_warning("-Wdefault-const-init-var-unsafe")
#pragma clang diagnostic ignored "-Wdefault-const-init-var-unsafe"
#endif

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	__u32 val;
} kuid_t;

typedef struct {
	__u32 val;
} kgid_t;

/* ids and credentials */

struct ns_common {
	unsigned int inum;
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

/* Indexes of signal_struct.pids. */
enum pid_type { PIDTYPE_PGID = 2, PIDTYPE_SID = 3 };

/* For its place only: what is in it differs, see capabilities_read() in kernel_compat.h. */
struct capability_set {
	__u64 val;
};

/*
 * The kernel's struct cred (libbpf ignores what follows three underscores): events.h has one of
 * that name too.
 */
struct cred___kernel {
	kuid_t uid;
	kgid_t gid;
	kuid_t suid;
	kgid_t sgid;
	kuid_t euid;
	kgid_t egid;
	kuid_t fsuid;
	kgid_t fsgid;
	struct capability_set cap_inheritable;
	struct capability_set cap_permitted;
	struct capability_set cap_effective;
};

/* namespaces */

struct uts_namespace {
	struct ns_common ns;
};

struct ipc_ids {
	int in_use;
};

/* Indexes of ipc_namespace.ids. */
enum ipc_type { IPC_SHM_IDS = 2 };

struct ipc_namespace {
	struct ipc_ids ids[3];
	struct ns_common ns;
};

struct ipc_params {
	int key;
	int flg;
	union {
		unsigned long size;
	} u;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct net {
	struct ns_common ns;
};

struct cgroup_namespace {
	struct ns_common ns;
};

struct time_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct uts_namespace *uts_ns;
	struct ipc_namespace *ipc_ns;
	struct mnt_namespace *mnt_ns;
	struct net *net_ns;
	struct time_namespace *time_ns;
	struct cgroup_namespace *cgroup_ns;
};

/* files */

struct qstr {
	__u32 len;
	const unsigned char *name;
};

struct inode {
	unsigned short i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned long i_ino;
	long long i_size;
	unsigned int i_nlink;
	char *i_link;
};

struct super_block {
	unsigned long s_magic;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
	int mnt_flags;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	struct mnt_namespace *mnt_ns;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	unsigned int f_flags;
	unsigned int f_mode;
	void *private_data;
};

struct fdtable {
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct iattr {
	unsigned int ia_valid;
};

struct fs_struct {
	struct path root;
	struct path pwd;
};

/* tasks */

struct tty_driver {
	int major;
	int minor_start;
};

struct ktermios {
	unsigned int c_iflag, c_oflag, c_cflag, c_lflag;
};

struct winsize {
	unsigned short ws_row, ws_col;
};

struct tty_struct {
	struct tty_driver *driver;
	int index;
	struct ktermios termios;
	struct winsize winsize;
};

struct signal_struct {
	atomic_t live;
	int group_exit_code;
	unsigned int flags;
	struct pid *pids[4];
	struct tty_struct *tty;
};

struct mm_struct {
	unsigned long arg_start, arg_end, env_start, env_end;
};

struct kernfs_node {
	const char *name;
	__u64 id;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct task_struct {
	int pid;
	int tgid;
	int exit_code;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	__u64 start_boottime;
	const struct cred___kernel *real_cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct mm_struct *mm;
	struct css_set *cgroups;
};

/* BPF */

struct bpf_prog_aux {
	__u32 id;
};

struct bpf_prog {
	struct bpf_prog_aux *aux;
};

struct bpf_map {
	__u32 id;
};

enum kernel_load_data_id { LOADING_MODULE = 2 };

struct module {
	char name[56];
};

struct linux_binprm {
	struct file *file;
	unsigned int per_clear;
	const char *filename;
};

/* sockets */

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	__be32 skc_daddr, skc_rcv_saddr;
	__be16 skc_dport;
	unsigned short skc_family;
	possible_net_t skc_net;
	unsigned long skc_flags;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	int sk_err;
	__u32 sk_max_ack_backlog;
	__u16 sk_protocol;
};

struct inet_sock {
	__be16 inet_sport;
};

struct tcp_sock {
	__u32 snd_una, write_seq;
	__u64 bytes_acked, bytes_received;
};

struct socket {
	struct sock *sk;
};

struct msghdr {
	void *msg_name;
};

typedef struct {
	atomic_t refs;
} refcount_t;

struct sk_buff {
	unsigned int len;
	__be16 protocol;
	__u16 transport_header, network_header;
	unsigned char *head;
	refcount_t users;
};

#pragma clang attribute pop

#endif
