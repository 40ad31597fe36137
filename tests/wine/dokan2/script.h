/* The words of a script: tests/scripts/windows/README.md says what they mean. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "dokan2.h"

#define MOST_WORDS 16

typedef struct Line {
    int number;
    int count;
    char *words[MOST_WORDS];
    const char *expected; /* "STATUS_..." */
} Line;

/* Splits a line in place; FALSE for an empty one, a comment, and what the driver passes over (given, check). */
BOOL line_split(char *text, int number, Line *line);

/* The value of "key=..." among the words, or NULL. */
const char *line_option(const Line *line, const char *key);

/* Decodes %XX and UTF-8. The caller frees it. */
WCHAR *word_text(const char *word);

/* The bytes of text:, hex:, fill: or -. The caller frees them. */
BYTE *word_data(const char *word, DWORD *length);

/* The bits of a list of names joined by '|'; exits the process on a name that the table lacks. */
ULONG word_bits(const char *word, const char *table_name);

/* A number of NT for its name, and back. Unknown names exit; unknown numbers are spelled in hex. */
const char *status_name(NTSTATUS status, char *buffer);

#endif
