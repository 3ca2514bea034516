// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Writes records: to init, which stamps them, or stamped by ourselves to a file. */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base64.h"
#include "file.h"

struct record_writer {
	int fd;		/* -1: nowhere */
	int error;	/* of the first write that failed, -errno */
	char nonce[33]; /* empty: init stamps */
	unsigned long seq;
};

static void write_all(struct record_writer *writer, const char *data, size_t len)
{
	while (len > 0 && !writer->error) {
		ssize_t n = write(writer->fd, data, len);

		if (n < 0 && errno != EINTR)
			writer->error = -errno;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
}

/* Takes over `record`, NULL when it could not be built. */
static void emit(struct record_writer *writer, json_t *record)
{
	char *text = record ? json_dumps(record, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	char *line = NULL;
	int len;

	json_decref(record);
	if (writer->fd < 0) {
		free(text);
		return;
	}
	if (text && writer->nonce[0])
		len = asprintf(&line, "{\"nonce\":\"%s\",\"seq\":%lu,\"from\":\"runner\",%s\n",
			       writer->nonce, writer->seq++, text + 1);
	else
		len = text ? asprintf(&line, "%s\n", text) : -1;
	if (len < 0 && !writer->error)
		writer->error = -ENOMEM;
	if (len > 0)
		write_all(writer, line, (size_t)len);
	if (len >= 0)
		free(line);
	free(text);
}

json_t *record_text(const char *text)
{
	json_t *json = json_string(text);
	char *ascii;

	if (json)
		return json;
	ascii = strdup(text);
	for (char *c = ascii; c && *c; c++) {
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	}
	json = ascii ? json_string(ascii) : NULL;
	free(ascii);
	return json;
}

static json_t *text_or_null(const char *text)
{
	return text ? record_text(text) : json_null();
}

static json_t *number_or_null(long number)
{
	return number < 0 ? json_null() : json_integer(number);
}

static void write_hello(struct record_writer *writer)
{
	struct utsname uts;
	struct sysinfo info;
	struct timespec now;
	json_int_t boot_ms;

	uname(&uts);
	sysinfo(&info);
	clock_gettime(CLOCK_BOOTTIME, &now);
	boot_ms = (json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	emit(writer,
	     json_pack("{s:s, s:s, s:s, s:s, s:i, s:I, s:s, s:I, s:I, s:[]}", "type", "hello",
		       "release", uts.release, "version", uts.version, "machine", uts.machine,
		       "cpus", get_nprocs(), "memory_kb",
		       (json_int_t)(info.totalram * info.mem_unit / 1024), "channel", "file",
		       "boot_ms", boot_ms, "taint",
		       (json_int_t)file_read_number("/proc/sys/kernel/tainted", 0), "failed"));
}

static int make_nonce(char nonce[33])
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -errno;
	for (size_t i = 0; i < sizeof(bytes); i++)
		sprintf(nonce + 2 * i, "%02x", bytes[i]);
	return 0;
}

int record_open(const char *path, struct record_writer **out, char *error, size_t error_size)
{
	const char *inherited = getenv("BPFCHECK_RECORDS_FD");
	struct record_writer *writer = calloc(1, sizeof(*writer));
	int err = 0;

	if (!writer)
		return -ENOMEM;
	writer->fd = -1;
	/* Any will do, as nobody here attacks the hashes of JSON objects; the default reads a file. */
	json_object_seed(1);
	if (inherited && !path) {
		writer->fd = atoi(inherited);
		/* A generator must not be able to write records. */
		if (fcntl(writer->fd, F_SETFD, FD_CLOEXEC) < 0)
			err = -errno;
	} else if (path) {
		writer->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		err = writer->fd < 0 ? -errno : make_nonce(writer->nonce);
	}
	unsetenv("BPFCHECK_RECORDS_FD");
	if (err) {
		snprintf(error, error_size, "open %s for records: %s",
			 path ? path : "BPFCHECK_RECORDS_FD", strerror(-err));
		free(writer);
		return err;
	}
	if (writer->nonce[0])
		write_hello(writer);
	*out = writer;
	return 0;
}

bool record_goes_to_init(const struct record_writer *writer)
{
	return writer->fd >= 0 && !writer->nonce[0];
}

int record_close(struct record_writer *writer, int status)
{
	int err;

	if (!writer)
		return 0;
	if (writer->nonce[0])
		emit(writer,
		     json_pack("{s:s, s:s, s:i, s:n, s:n, s:I, s:i, s:I}", "type", "exit", "reason",
			       "exited", "status", status, "signal", "error", "records",
			       (json_int_t)(writer->seq - 1), "dropped_lines", 0, "taint",
			       (json_int_t)file_read_number("/proc/sys/kernel/tainted", 0)));
	if (writer->fd >= 0 && close(writer->fd) < 0 && !writer->error)
		writer->error = -errno;
	err = writer->error;
	free(writer);
	return err;
}

void record_plan(struct record_writer *writer, const char *suite, const char *const *names,
		 size_t count)
{
	json_t *tests = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(tests, json_string(names[i]));
	emit(writer, json_pack("{s:s, s:s, s:o}", "type", "plan", "suite", suite, "tests", tests));
}

void record_probe(struct record_writer *writer, const struct probe_record *probe)
{
	const struct verifier_statistics *statistics = &probe->statistics;

	emit(writer,
	     json_pack(
		     "{s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		     "type", "probe", "object", probe->object, "program", probe->program, "section",
		     probe->section, "loaded", probe->loaded, "attached", probe->attached, "error",
		     text_or_null(probe->error), "class", text_or_null(probe->class), "log",
		     text_or_null(probe->log), "insns", number_or_null(statistics->insns), "states",
		     number_or_null(statistics->states), "peak_states",
		     number_or_null(statistics->peak_states), "stack",
		     number_or_null(statistics->stack), "verify_us",
		     number_or_null(statistics->verify_us), "jited", number_or_null(probe->jited),
		     "load_ms", number_or_null(probe->load_ms)));
}

void record_event(struct record_writer *writer, const char *test, const char *object,
		  const char *event, json_t *fields)
{
	emit(writer, json_pack("{s:s, s:s, s:s, s:s, s:o}", "type", "event", "test", test, "object",
			       object, "event", event, "fields", fields));
}

/* Control characters become %XX; so does all that is not ASCII, where it is no UTF-8. */
static json_t *name_json(const char *name)
{
	json_t *json = json_string(name);
	unsigned char highest = json ? 0xff : 0x7e;
	char *text = calloc(3, strlen(name) + 1), *out = text;

	json_decref(json);
	for (const unsigned char *c = (const unsigned char *)name; text && *c; c++)
		out += sprintf(out, *c < ' ' || *c == 0x7f || *c > highest ? "%%%02X" : "%c", *c);
	json = text ? json_string(text) : NULL;
	free(text);
	return json;
}

void record_file(struct record_writer *writer, const struct file_record *file)
{
	char *text = malloc(BASE64_SIZE(file->len));

	if (text)
		base64_encode(file->data, file->len, text);
	emit(writer, json_pack("{s:s, s:o, s:I, s:o, s:s, s:b, s:o}", "type", "file", "name",
			       name_json(file->name), "offset", (json_int_t)file->offset, "size",
			       number_or_null(file->size), "data", text, "last", file->last,
			       "error", text_or_null(file->error)));
	free(text);
}

void record_subtest(struct record_writer *writer, const char *test, const char *name,
		    const char *outcome, const char *reason, json_t *details, int64_t duration_ms)
{
	emit(writer,
	     json_pack("{s:s, s:s, s:s, s:s, s:o, s:O, s:o}", "type", "subtest", "test", test,
		       "name", name, "outcome", outcome, "reason", text_or_null(reason), "details",
		       details, "duration_ms", number_or_null((long)duration_ms)));
}

void record_test(struct record_writer *writer, const char *name, const char *outcome,
		 const char *reason, json_t *details, uint64_t duration_ms, uint64_t dropped)
{
	json_t *list = details ? json_incref(details) : json_array();

	emit(writer,
	     json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:I}", "type", "test", "name", name,
		       "outcome", outcome, "reason", text_or_null(reason), "details", list,
		       "duration_ms", (json_int_t)duration_ms, "dropped", (json_int_t)dropped));
}
