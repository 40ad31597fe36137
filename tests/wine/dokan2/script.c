#include "script.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Named {
    const char *table;
    const char *name;
    ULONG value;
} Named;

static const Named names[] = {
    {"access", "READ_DATA", 0x1}, {"access", "WRITE_DATA", 0x2}, {"access", "APPEND_DATA", 0x4}, {"access", "EXECUTE", 0x20},
    {"access", "DELETE_CHILD", 0x40}, {"access", "READ_ATTRIBUTES", 0x80}, {"access", "WRITE_ATTRIBUTES", 0x100}, {"access", "DELETE", 0x10000},
    {"access", "READ_CONTROL", 0x20000}, {"access", "SYNCHRONIZE", 0x100000}, {"access", "MAXIMUM_ALLOWED", 0x2000000},
    {"access", "GENERIC_ALL", 0x10000000}, {"access", "GENERIC_EXECUTE", 0x20000000}, {"access", "GENERIC_WRITE", 0x40000000}, {"access", "GENERIC_READ", 0x80000000},
    {"share", "READ", 1}, {"share", "WRITE", 2}, {"share", "DELETE", 4},
    {"disposition", "SUPERSEDE", 0}, {"disposition", "OPEN", 1}, {"disposition", "CREATE", 2},
    {"disposition", "OPEN_IF", 3}, {"disposition", "OVERWRITE", 4}, {"disposition", "OVERWRITE_IF", 5},
    {"options", "DIRECTORY_FILE", NT_DIRECTORY_FILE}, {"options", "NON_DIRECTORY_FILE", NT_NON_DIRECTORY_FILE}, {"options", "DELETE_ON_CLOSE", NT_DELETE_ON_CLOSE},
    {"attributes", "READONLY", 0x1}, {"attributes", "HIDDEN", 0x2}, {"attributes", "SYSTEM", 0x4}, {"attributes", "DIRECTORY", 0x10},
    {"attributes", "ARCHIVE", 0x20}, {"attributes", "NORMAL", 0x80}, {"attributes", "TEMPORARY", 0x100},
    {"parts", "OWNER", 1}, {"parts", "GROUP", 2}, {"parts", "DACL", 4}, {"parts", "SACL", 8}, {"parts", "LABEL", 16},
    {"level", "ANONYMOUS", 0}, {"level", "IDENTIFICATION", 1}, {"level", "IMPERSONATION", 2}, {"level", "DELEGATION", 3}, {"level", "PRIMARY", 4},
    {"status", "STATUS_SUCCESS", 0}, {"status", "STATUS_BUFFER_OVERFLOW", 0x80000005}, {"status", "STATUS_END_OF_FILE", 0xC0000011},
    {"status", "STATUS_INVALID_HANDLE", 0xC0000008}, {"status", "STATUS_INVALID_PARAMETER", 0xC000000D}, {"status", "STATUS_ACCESS_DENIED", 0xC0000022},
    {"status", "STATUS_OBJECT_NAME_INVALID", 0xC0000033}, {"status", "STATUS_OBJECT_NAME_NOT_FOUND", 0xC0000034}, {"status", "STATUS_OBJECT_NAME_COLLISION", 0xC0000035},
    {"status", "STATUS_OBJECT_PATH_NOT_FOUND", 0xC000003A}, {"status", "STATUS_OBJECT_PATH_SYNTAX_BAD", 0xC000003B}, {"status", "STATUS_SHARING_VIOLATION", 0xC0000043},
    {"status", "STATUS_DELETE_PENDING", 0xC0000056}, {"status", "STATUS_DISK_FULL", 0xC000007F}, {"status", "STATUS_MEDIA_WRITE_PROTECTED", 0xC00000A2},
    {"status", "STATUS_FILE_IS_A_DIRECTORY", 0xC00000BA}, {"status", "STATUS_NOT_SUPPORTED", 0xC00000BB}, {"status", "STATUS_INTERNAL_ERROR", 0xC00000E5},
    {"status", "STATUS_DIRECTORY_NOT_EMPTY", 0xC0000101}, {"status", "STATUS_NOT_A_DIRECTORY", 0xC0000103}, {"status", "STATUS_NAME_TOO_LONG", 0xC0000106},
    {"status", "STATUS_CANNOT_DELETE", 0xC0000121}, {"status", "STATUS_FILE_CORRUPT_ERROR", 0xC0000102}, {"status", "STATUS_NO_SUCH_FILE", 0xC000000F},
    {"status", "STATUS_NOT_SAME_DEVICE", 0xC00000D4}, {"status", "STATUS_CRC_ERROR", 0xC000003F}, {"status", "STATUS_DATA_ERROR", 0xC000003E},
    {"status", "STATUS_BAD_IMPERSONATION_LEVEL", 0xC00000A5}, {"status", "STATUS_UNSUCCESSFUL", 0xC0000001}, {"status", "STATUS_NOT_IMPLEMENTED", 0xC0000002}, {"status", "STATUS_TOO_MANY_OPENED_FILES", 0xC000011F},
};

#define NAMES (sizeof names / sizeof *names)

BOOL line_split(char *text, int number, Line *line) {
    memset(line, 0, sizeof *line);
    line->number = number;
    line->expected = "STATUS_SUCCESS";
    text[strcspn(text, "\r\n")] = 0;
    char *arrow = strstr(text, " -> ");
    if (arrow) {
        *arrow = 0;
        line->expected = arrow + 4;
    }
    char *next = NULL;
    for (char *word = strtok_s(text, " ", &next); word && line->count < MOST_WORDS; word = strtok_s(NULL, " ", &next)) {
        line->words[line->count++] = word;
    }
    return line->count > 0 && line->words[0][0] != '#' && strcmp(line->words[0], "given") != 0 && strcmp(line->words[0], "check") != 0;
}

const char *line_option(const Line *line, const char *key) {
    size_t length = strlen(key);
    for (int i = 1; i < line->count; i++) {
        if (strncmp(line->words[i], key, length) == 0 && line->words[i][length] == '=') {
            return line->words[i] + length + 1;
        }
    }
    return NULL;
}

static char *decode(const char *word) {
    char *bytes = malloc(strlen(word) + 1), *to = bytes;
    for (const char *at = word; *at; to++) {
        unsigned value;
        if (*at == '%' && sscanf(at + 1, "%2x", &value) == 1) {
            *to = (char)value;
            at += 3;
        } else {
            *to = *at++;
        }
    }
    *to = 0;
    return bytes;
}

WCHAR *word_text(const char *word) {
    char *bytes = decode(word);
    int length = MultiByteToWideChar(CP_UTF8, 0, bytes, -1, NULL, 0);
    WCHAR *text = malloc(sizeof *text * (size_t)length);
    MultiByteToWideChar(CP_UTF8, 0, bytes, -1, text, length);
    free(bytes);
    return text;
}

BYTE *word_data(const char *word, DWORD *length) {
    if (strncmp(word, "text:", 5) == 0) {
        char *text = decode(word + 5);
        *length = (DWORD)strlen(text);
        return (BYTE *)text;
    }
    unsigned count = 0, value = 0;
    if (sscanf(word, "fill:%u:%2x", &count, &value) == 2) {
        BYTE *bytes = malloc(count + 1);
        memset(bytes, (int)value, count);
        *length = count;
        return bytes;
    }
    const char *digits = strncmp(word, "hex:", 4) == 0 ? word + 4 : "";
    *length = (DWORD)strlen(digits) / 2;
    BYTE *bytes = malloc(*length + 1);
    for (DWORD i = 0; i < *length; i++) {
        sscanf(digits + 2 * i, "%2x", &value);
        bytes[i] = (BYTE)value;
    }
    return bytes;
}

ULONG word_bits(const char *word, const char *table_name) {
    ULONG bits = 0;
    for (const char *at = word; *at;) {
        size_t length = strcspn(at, "|");
        size_t i = 0;
        while (i < NAMES && (strcmp(names[i].table, table_name) != 0 || strlen(names[i].name) != length || strncmp(names[i].name, at, length) != 0)) {
            i++;
        }
        if (i == NAMES) {
            fprintf(stderr, "dokan2: no %s is called %s\n", table_name, at);
            exit(90);
        }
        bits |= names[i].value;
        at += length + (at[length] == '|');
    }
    return bits;
}

const char *status_name(NTSTATUS status, char *buffer) {
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(names[i].table, "status") == 0 && names[i].value == (ULONG)status) {
            return names[i].name;
        }
    }
    sprintf(buffer, "0x%08lX", (ULONG)status);
    return buffer;
}
