// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Writes records: to init, which stamps them, or stamped by ourselves to a file. */
#include "record/record.h"

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

#include "base/base64.h"
#include "base/file.h"

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
static void write_line(struct record_writer *writer, json_t *record)
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

/* A field by its rule, from its place in the struct: the other way round from rules.c. */
static json_t *field_json(const struct field_rule *rule, const void *at)
{
	const char *text = NULL;
	json_t *json = NULL;

	switch (rule->kind) {
	case KIND_STRING:
		text = *(const char *const *)at;
		break;
	case KIND_WORD:
		text = *(const int *)at < 0 ? NULL : rule->words[*(const int *)at];
		break;
	case KIND_INTEGER:
		return *(const int64_t *)at < 0 ? json_null() : json_integer(*(const int64_t *)at);
	case KIND_BOOL:
		return json_boolean(*(const bool *)at);
	case KIND_STRINGS:
	case KIND_ROWS:
		json = *(json_t *const *)at;
		return json ? json_incref(json) : json_array();
	case KIND_OBJECT:
		return json_incref(*(json_t *const *)at);
	}
	return text ? record_text(text) : json_null();
}

/* `line` is the struct that the schema has for records of that kind. */
static void emit(struct record_writer *writer, enum record_kind kind, const void *line)
{
	const struct record_rule *row = &record_rules[kind];
	json_t *record = json_pack("{s:s}", "type", row->name);
	bool good = record;

	for (size_t i = 0; good && i < row->fields.count; i++) {
		const struct field_rule *rule = &row->fields.rules[i];

		good = json_object_set_new(record, rule->name,
					   field_json(rule, (const char *)line + rule->offset)) ==
		       0;
	}
	if (!good) {
		json_decref(record);
		record = NULL;
	}
	write_line(writer, record);
}

static void write_hello(struct record_writer *writer)
{
	struct utsname uts;
	struct sysinfo info;
	struct timespec now;

	uname(&uts);
	sysinfo(&info);
	clock_gettime(CLOCK_BOOTTIME, &now);
	emit(writer, RECORD_HELLO,
	     &(struct hello_line){
		     .release = uts.release,
		     .version = uts.version,
		     .machine = uts.machine,
		     .cpus = get_nprocs(),
		     .memory_kb = (int64_t)(info.totalram * info.mem_unit / 1024),
		     .channel = CHANNEL_FILE,
		     .boot_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
		     .taint = file_read_number("/proc/sys/kernel/tainted", 0),
	     });
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
		emit(writer, RECORD_EXIT,
		     &(struct exit_line){
			     .reason = REASON_EXITED,
			     .status = status,
			     .signal = -1,
			     .records = (int64_t)writer->seq - 1,
			     .taint = file_read_number("/proc/sys/kernel/tainted", 0),
		     });
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
	emit(writer, RECORD_PLAN, &(struct plan_line){ .suite = suite, .tests = tests });
	json_decref(tests);
}

void record_probe(struct record_writer *writer, const struct probe_line *probe)
{
	emit(writer, RECORD_PROBE, probe);
}

void record_event(struct record_writer *writer, const char *test, const char *object,
		  const char *event, json_t *fields)
{
	emit(writer, RECORD_EVENT,
	     &(struct event_line){
		     .test = test, .object = object, .event = event, .fields = fields });
	json_decref(fields);
}

/* Control characters become %XX; so does all that is not ASCII, where it is no UTF-8. */
static char *plain_name(const char *name)
{
	json_t *json = json_string(name);
	unsigned char highest = json ? 0xff : 0x7e;
	char *text = calloc(3, strlen(name) + 1), *out = text;

	json_decref(json);
	for (const unsigned char *c = (const unsigned char *)name; text && *c; c++)
		out += sprintf(out, *c < ' ' || *c == 0x7f || *c > highest ? "%%%02X" : "%c", *c);
	return text;
}

void record_file(struct record_writer *writer, const struct file_record *file)
{
	char *text = malloc(BASE64_SIZE(file->len));
	char *name = plain_name(file->name);

	if (text)
		base64_encode(file->data, file->len, text);
	emit(writer, RECORD_FILE,
	     &(struct file_line){
		     .name = name,
		     .offset = file->offset,
		     .size = file->size,
		     .data = text,
		     .last = file->last,
		     .error = file->error,
	     });
	free(text);
	free(name);
}

void record_subtest(struct record_writer *writer, const struct subtest_line *subtest)
{
	emit(writer, RECORD_SUBTEST, subtest);
}

void record_test(struct record_writer *writer, const struct test_line *test)
{
	emit(writer, RECORD_TEST, test);
}
