/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the parts of the .test parser; no other file includes it. */
#ifndef SUITE_PARSER_H
#define SUITE_PARSER_H

#include "suite/test.h"

/* Limits: far more than any test needs, so that a wrong file is an error soon. */
#define LINES_MAX      10000
#define LINE_MAX_BYTES 4096
#define WORDS_MAX      256 /* blocks in a file, conditions in a block, words in `run`, ... */

/* A string that a test owns. */
struct text_chunk {
	struct text_chunk *next;
	char text[];
};

/* All that a file's lines say, before it is known which kind of test they make. */
struct draft {
	char **argv;		    /* of `run` or `exec` */
	bool program;		    /* `exec` */
	enum program_format format; /* of `exec` */
	bool columns;		    /* `format columns` */
	struct load_test load;
	struct block *blocks;
	size_t block_count;
	struct probe_part probe;
	struct listen_part listen;
};

/* One line being read: a cursor over its bytes, without the line end. */
struct parser {
	struct test *test;   /* of any kind: requirements, timeout, ... */
	struct draft *draft; /* the rest */
	struct parse_error *error;
	const char *line;
	size_t len;
	size_t at;
	unsigned int line_number;
	unsigned int *first_lines; /* by directive: the line where it was first seen, or 0 */
	bool in_block;		   /* the last block still takes conditions */
};

/* Bytes of a line. `at` is where the word begins. Text is in the test's store. */
struct word {
	size_t at;
	char *text; /* NULL: the line has no further word */
	size_t len;
};

/* Fill in the error at byte `at` of the line; returns -EINVAL. */
int parser_error(struct parser *parser, size_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Column of byte `at`, counted in characters. */
unsigned int parser_column(const struct parser *parser, size_t at);

/* Copies into the test's store; NULL when out of memory. */
char *parser_copy(struct parser *parser, const char *data, size_t len);
/*
 * The rest of the line from `at` without comment and outer blanks, inner blanks squeezed. NULL: out
 * of memory.
 */
char *parser_rest(struct parser *parser, size_t at);
/* For messages: the word at `at`, shortened. Valid until the next call. */
const char *parser_shown(const struct parser *parser, size_t at);

/* Skip blanks; does the rest of the line hold nothing except a comment? */
bool parser_at_end(struct parser *parser);
/*
 * Returns 0, or an error if something follows; `after` names the words before it ("the timeout").
 */
int parser_expect_end(struct parser *parser, const char *after);

/* The next word up to a blank, quoted parts decoded and joined. */
int parser_word(struct parser *parser, struct word *word);
/* The next word, which must exist (else the error names `what`) and contain no NUL byte. */
int parser_need_word(struct parser *parser, const char *what, struct word *word);
/* The same, and it must be an identifier. */
int parser_need_identifier(struct parser *parser, const char *what, struct word *word);
/* The quoted string that begins at the cursor. */
int parser_quoted(struct parser *parser, struct word *word);
/* A number that begins at the cursor, up to the first byte that cannot belong to a number. */
int parser_number(struct parser *parser, struct value *value);
/* A path that begins at the cursor: name, .name, [index]. */
int parser_path(struct parser *parser, struct word *word);

bool is_blank(char c);
bool is_name_start(char c);
bool is_name(char c);

/* Room for one more zeroed element in an array that the test owns. NULL: out of memory. */
void *grow(void *array, size_t *count, size_t element_size);
#define GROW(array, count) grow(&(array), &(count), sizeof(*(array)))

/* block.c */
int parse_expect(struct parser *parser);
int parse_then(struct parser *parser);
int parse_refuse(struct parser *parser);

/* condition.c */
int parse_condition(struct parser *parser);
/* A value that stands at the cursor. */
int parse_operand(struct parser *parser, struct operand *operand);
/*
 * Resolve each right-hand path to a field of a block or of the event itself. All blocks must be
 * parsed.
 */
int parse_references(struct parser *parser);
/* The operator at the cursor, comparisons of order and equality only when `ordering_only`. */
int parse_operator(struct parser *parser, bool ordering_only, enum comparison *op);

/* OP VALUE, and nothing after it. */
int parse_comparison(struct parser *parser, struct condition *condition);

/* external.c */
/* Is there any line about an external object? */
bool probe_has_external_lines(const struct probe_part *probe);
int parse_events(struct parser *parser);
int parse_order(struct parser *parser);
int parse_map(struct parser *parser);
int parse_global(struct parser *parser);
int parse_iter(struct parser *parser);
/* attachment.c */
int parse_attach(struct parser *parser);
/* A program and its arguments, to the line's end; *argv is NULL-terminated. `what` as above. */
int parse_command(struct parser *parser, const char *what, char ***argv, unsigned int *column);
/* Whole seconds, `least` to 3600, to the line's end; `what` words them ("timeout"). */
int parse_seconds(struct parser *parser, uint64_t least, const char *what, unsigned int *ms);

/* listening.c */
int parse_listen(struct parser *parser);
int parse_type(struct parser *parser);
int parse_ready(struct parser *parser);
int parse_stop(struct parser *parser);
int parse_settle(struct parser *parser);
/* Has `listen` all that it needs, and nothing that excludes it? The whole file has been read. */
int check_listening(struct parser *parser);

/* requirement.c */
int parse_requirement(struct parser *parser);

/* draft.c */
/* The whole file has been read: hand the draft's parts to the kind of test that they make. */
void draft_finish(struct draft *draft, struct test *test);
void draft_free(struct draft *draft); /* one that was not finished */

#endif
