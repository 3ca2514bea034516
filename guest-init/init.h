/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the steps offer init.c, and each other, by the files of their names. Results: 0 or -errno. */
#pragma once
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

/* How the payload ended, as in the exit record. */
struct outcome {
	const char *reason;
	long long status, signal; /* -1: none */
	char error[128];	  /* or empty */
};

void console_open(void); /* as descriptors 0 to 2 */
#define say(format, ...) dprintf(STDERR_FILENO, "bpfcheck: " format "\n", ##__VA_ARGS__)
/* What could not be done, yet init goes on without: said now, told in hello. `err` is -errno. */
void failure_note(const char *step, const char *name, int err);
struct outcome outcome_failed(const char *doing, int err);
long long clock_us(void); /* since boot */
/* Read up to size - 1 bytes of text. Returns their number, or -errno with no text. */
ssize_t file_read(const char *path, char *text, size_t size);
void report_hello(void);
void report_taint(void); /* if it is not what was told last */
void report_exit(const struct outcome *outcome);
void report_command(char *const *args); /* that the payload is one, before it is run */
void report_output(void);		/* how much it said, when it has ended */

#define SHARE "/host"
/*
 * Make those that init needs; the rest, which may need modules; the share, with which QEMU would not
 * save the machine. Returns the last error.
 */
enum mounts { MOUNTS_NEEDED, MOUNTS_REST, MOUNTS_SHARE };
int mounts_make(enum mounts which);

#define SETTINGS_SIZE (64 * 1024)
struct setting_list {
	char *items[SETTINGS_SIZE / sizeof("arg=") + 1]; /* up to NULL; may be empty */
	size_t count;
};
struct settings {
	const char *nonce, *hostname, *entropy; /* hostname, entropy: or NULL */
	const char *root;   /* 9p, 9p-rw, block or initramfs: another root; or NULL */
	const char *folder; /* of the payload; NULL: / */
	long long deadline; /* seconds, for the payload; 0: none */
	long long time_ms;  /* since the epoch; 0: none */
	long long suite;    /* 0 or 1: it comes through the control port, after the hello */
	long long rescue, interactive; /* 0 or 1: end in the rescue shell; Ctrl-C does, too */
	/* 0 or 1: the payload is no test runner, its output has ports of its own; so has its input */
	long long command, input;
	struct setting_list args, env,
		collect; /* the payload; KEY=VALUE; files wanted afterwards */
};
/*
 * Read a file, whose text `settings`, all zero before, then points into. Says what is wrong with a
 * line. Returns 0 (an unknown key is no error) or -errno, -EBADMSG for a NUL byte or half a file.
 */
int settings_read(const char *path, struct settings *settings);

int root_make(void); /* a tmpfs, which can be pivoted away from */
/* Make another root ours, with all that is mounted; `how` as in the settings; NULL: leave it. */
int root_enter(const char *how);
void root_leave(const char *how); /* nothing may be written to it any more */

/* In the order of the names. Returns the last error, of which module_failed then says more. */
int modules_load(const char *folder);
extern char module_failed[];
void machine_prepare(void); /* network, limits, kernel settings */
/* What is this run's own, and may not come out of a snapshot: name, clock, randomness. */
void machine_personalize(const struct settings *settings);

/* The way of the records to the host. */
extern struct channel {
	const char *name; /* as in hello; NULL: records go nowhere */
	int fd;
	int err; /* of a write; nothing is sent any more */
	struct relay relay;
	struct records records; /* those that wait to be sent */
} channel;
/* Which of the entries of `folder` has an attribute that reads `value`; NULL: none. */
const char *sysfs_find(const char *folder, const char *attribute, const char *value);
#define VIRTIO_CONSOLE	   "0x0003"
#define VIRTIO_9P	   "0x0009"
#define virtio_present(id) (sysfs_find("/sys/bus/virtio/devices", "device", id) != NULL)
/* Open a virtio-serial port by its name. Returns a descriptor, or -1 with errno. */
int port_open(const char *name, int flags);
void channel_open(void); /* the best that the machine has, if it has any */
/* Send what can be sent without waiting. Returns 0, or -errno once and for all. */
int channel_send(void);
/* Send all, for as long as the host takes some; see to it that the host has it. */
int channel_close(void);

/* Open the port that this machine's suite and settings will come through: it can be saved now. */
int control_open(void);
/* Wait for the next cpio archive (newc) and unpack it into the root. */
int control_unpack(void);

/* A command's own stdin, stdout and stderr: pipes, and the ports that lead to the host. */
#define STREAMS 3
/* Find the ports. `mark`: what ends the input; NULL: there is none. Returns 0 or -ENODEV. */
int streams_open(const char *mark);
/* What is left in `ends` is the child's; input may be -1. Returns 0 or -errno. */
int streams_pipe(int ends[STREAMS]);
void streams_poll(struct pollfd fds[STREAMS]);
/* Move what there is to be moved; never waits. */
void streams_move(const struct pollfd fds[STREAMS]);
bool streams_left(void);       /* is there output that may still come? */
bool streams_flooded(void);    /* was there more of it than is good? */
void streams_close(void);      /* see to it that the host has all */
long long streams_said(int i); /* bytes of output that went to the host */
/* How many bytes at the end of the input may be the beginning of the mark, or are all of it. */
size_t streams_held(const char *data, size_t len, const char *mark);

int supervise_open(void); /* once, before the first child */
#define RUNNER "/bpfcheck/bin/testrunner"
/*
 * Start a runner that gets ready and then waits for its arguments. supervise() takes that one when
 * it is to run one. To be called before a machine is saved; no harm is done when it does not work.
 */
void supervise_standby(void);
struct payload {
	char *const *args;    /* found in PATH */
	const char *folder;   /* to run it in; NULL: / */
	const char *terminal; /* what controls it, or NULL */
	bool streams;	      /* with those above, and without records of its own */
	bool fresh;	      /* not by a runner that is ready */
	long long seconds;    /* 0: no limit */
};
/*
 * Run it to its end or to that of its time, leave no process behind, send what it and the kernel
 * had to say.
 */
struct outcome supervise(const struct payload *payload);

extern char *const rescue_args[]; /* the shell for people */
void rescue_applets(void);	  /* links to all that busybox can do, in /bin */
/* The device behind /dev/console, which itself can control nobody. */
const char *rescue_terminal(void);
