/* Plays the lines of a script on the callbacks and says what came of each. */
#include "play.h"
#include "actors.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_NAMES 4096

static WCHAR *listed[MOST_NAMES];
static int listed_count;

static int WINAPI take_entry(WIN32_FIND_DATAW *entry, DOKAN_FILE_INFO *info) {
    (void)info;
    if (listed_count < MOST_NAMES && wcscmp(entry->cFileName, L".") != 0 && wcscmp(entry->cFileName, L"..") != 0) {
        listed[listed_count++] = _wcsdup(entry->cFileName);
    }
    return 0;
}

static int by_units(const void *a, const void *b) {
    return wcscmp(*(WCHAR *const *)a, *(WCHAR *const *)b);
}

static NTSTATUS play_create(Kernel *kernel, const Line *line) {
    const char *access = line_option(line, "access"), *share = line_option(line, "share"), *disposition = line_option(line, "disposition");
    const char *options = line_option(line, "options"), *attributes = line_option(line, "attributes");
    WCHAR *path = word_text(line->words[2]);
    NTSTATUS status = kernel_create(kernel, line->words[1], path, word_bits(access ? access : "", "access"), word_bits(share ? share : "", "share"),
        word_bits(disposition ? disposition : "OPEN", "disposition"), word_bits(options ? options : "", "options"), word_bits(attributes ? attributes : "", "attributes"));
    free(path);
    return status;
}

static NTSTATUS play_read(Kernel *kernel, Handle *handle, const Line *line, BOOL paging, BOOL *as_told) {
    DWORD wanted, length = (DWORD)strtoul(line->words[3], NULL, 10), read = 0;
    BYTE *expected = word_data(line->words[4], &wanted), *buffer = calloc(length + 1, 1);
    DOKAN_FILE_INFO info = handle->info; /* each request has its own */
    info.PagingIo = (UCHAR)paging;
    NTSTATUS status = kernel->instance->operations.ReadFile(handle->fcb->path, buffer, length, &read, _strtoi64(line->words[2], NULL, 10), &info);
    *as_told = status < 0 || (read == wanted && memcmp(buffer, expected, wanted) == 0);
    free(buffer);
    free(expected);
    return status;
}

static NTSTATUS play_write(Kernel *kernel, Handle *handle, const char *offset, const char *data, BOOL paging, BOOL *as_told) {
    DWORD length, written = 0;
    BYTE *bytes = word_data(data, &length);
    DOKAN_FILE_INFO info = handle->info;
    info.PagingIo = (UCHAR)paging;
    info.WriteToEndOfFile = offset == NULL;
    NTSTATUS status = kernel->instance->operations.WriteFile(handle->fcb->path, bytes, length, &written, offset ? _strtoi64(offset, NULL, 10) : -1, &info);
    *as_told = status < 0 || written == length;
    free(bytes);
    return status;
}

static NTSTATUS play_times(Kernel *kernel, Handle *handle, const char *ticks) {
    ULONGLONG value = _strtoui64(ticks, NULL, 10);
    FILETIME none = {0, 0}, written = {(DWORD)value, (DWORD)(value >> 32)};
    return kernel->instance->operations.SetFileTime(handle->fcb->path, &none, &none, &written, &handle->info);
}

/* Serial number of the volume that is mounted, as the test knows it from the vault. */
static DWORD serial_of_vault(void) {
    char digits[32] = "";
    GetEnvironmentVariableA("DOKAN_SERIAL", digits, sizeof digits);
    return (DWORD)strtoul(digits, NULL, 16);
}

/* Whether index is what the word stands for: at its first use any number that no other word has. */
static BOOL is_index(const char *word, ULONGLONG index) {
    static struct { char word[32]; ULONGLONG index; } known[MOST_WORDS];
    static int count;
    int i = 0;
    while (i < count && known[i].index != index && strcmp(known[i].word, word) != 0) {
        i++;
    }
    if (i == count && count < MOST_WORDS) {
        strncpy(known[count].word, word, sizeof known[count].word - 1);
        known[count++].index = index;
    }
    return index != 0 && i < count && known[i].index == index && strcmp(known[i].word, word) == 0;
}

static NTSTATUS play_info(Kernel *kernel, Handle *handle, const Line *line, BOOL *as_told) {
    BY_HANDLE_FILE_INFORMATION told = {0};
    NTSTATUS status = kernel->instance->operations.GetFileInformation(handle->fcb->path, &told, &handle->info);
    const char *size = line_option(line, "size"), *attributes = line_option(line, "attributes"), *index = line_option(line, "index"), *links = line_option(line, "links");
    ULONGLONG length = ((ULONGLONG)told.nFileSizeHigh << 32) | told.nFileSizeLow;
    *as_told = (!size || length == _strtoui64(size, NULL, 10)) && (!attributes || told.dwFileAttributes == word_bits(attributes, "attributes"))
        && (!index || is_index(index, ((ULONGLONG)told.nFileIndexHigh << 32) | told.nFileIndexLow)) && (!links || told.nNumberOfLinks == strtoul(links, NULL, 10))
        && (status < 0 || told.dwVolumeSerialNumber == serial_of_vault());
    return status;
}

static BOOL is_text(const char *word, const WCHAR *text) {
    WCHAR *wanted = word_text(word);
    BOOL same = wcscmp(wanted, text) == 0;
    free(wanted);
    return same;
}

static NTSTATUS play_volume(Kernel *kernel, const Line *line, BOOL *as_told) {
    WCHAR label[33] = L"?", file_system[16] = L"?";
    DWORD serial = 0, longest = 0, features = 0;
    DOKAN_FILE_INFO info = {0};
    info.DokanOptions = &kernel->instance->options;
    NTSTATUS status = kernel->instance->operations.GetVolumeInformation(
        label, sizeof label / sizeof *label, &serial, &longest, &features, file_system, sizeof file_system / sizeof *file_system, &info);
    const char *wanted_label = line_option(line, "label"), *wanted_system = line_option(line, "filesystem");
    *as_told = serial == serial_of_vault() && (!wanted_label || is_text(wanted_label, label)) && (!wanted_system || is_text(wanted_system, file_system));
    if (!*as_told) {
        fprintf(stderr, "dokan2: line %d: volume %ls %ls %08lX\n", line->number, label, file_system, serial);
    }
    return status;
}

static NTSTATUS play_list(Kernel *kernel, Handle *handle, const Line *line, BOOL *as_told) {
    WCHAR *pattern = word_text(line->words[2]), *expected = word_text(line->words[3]);
    listed_count = 0;
    NTSTATUS status = kernel->instance->operations.FindFilesWithPattern(handle->fcb->path, pattern, take_entry, &handle->info);
    qsort(listed, (size_t)listed_count, sizeof *listed, by_units);
    size_t room = 2;
    for (int i = 0; i < listed_count; i++) {
        room += wcslen(listed[i]) + 1;
    }
    WCHAR *joined = calloc(room, sizeof *joined);
    wcscpy(joined, listed_count == 0 ? L"-" : L"");
    for (int i = 0; i < listed_count; i++) {
        wcscat(wcscat(joined, i ? L"," : L""), listed[i]);
        free(listed[i]);
    }
    *as_told = status < 0 || wcscmp(joined, expected) == 0;
    if (!*as_told) {
        fprintf(stderr, "dokan2: line %d: listed %ls\n", line->number, joined);
    }
    free(joined);
    free(pattern);
    free(expected);
    return status;
}

static NTSTATUS play_security(Kernel *kernel, Handle *handle, ULONG parts, BOOL *as_told) {
    BYTE descriptor[4096] = {0};
    ULONG needed = 0;
    BOOL present = FALSE, defaulted;
    PSID owner = NULL, group = NULL;
    PACL list = NULL;
    NTSTATUS status = kernel->instance->operations.GetFileSecurity(handle->fcb->path, &parts, descriptor, sizeof descriptor, &needed, &handle->info);
    *as_told = status < 0 || (IsValidSecurityDescriptor(descriptor) && GetSecurityDescriptorOwner(descriptor, &owner, &defaulted) && GetSecurityDescriptorGroup(descriptor, &group, &defaulted)
        && GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted) && !owner == !(parts & 1) && !group == !(parts & 2) && !present == !(parts & 4));
    return status;
}

static NTSTATUS play_set_security(Kernel *kernel, Handle *handle, ULONG parts) {
    SECURITY_DESCRIPTOR_RELATIVE empty = {.Revision = SECURITY_DESCRIPTOR_REVISION, .Control = SE_SELF_RELATIVE};
    return kernel->instance->operations.SetFileSecurity(handle->fcb->path, &parts, &empty, sizeof empty, &handle->info);
}

static NTSTATUS play_on_handle(Kernel *kernel, Handle *handle, const Line *line, BOOL *as_told) {
    DOKAN_OPERATIONS *call = &kernel->instance->operations;
    const char *what = line->words[0];
    if (!strcmp(what, "read") || !strcmp(what, "page-read")) {
        return play_read(kernel, handle, line, *what == 'p', as_told);
    }
    if (!strcmp(what, "write") || !strcmp(what, "page-write")) {
        return play_write(kernel, handle, line->words[2], line->words[3], *what == 'p', as_told);
    }
    if (!strcmp(what, "append")) {
        return play_write(kernel, handle, NULL, line->words[2], FALSE, as_told);
    }
    if (!strcmp(what, "flush")) {
        return call->FlushFileBuffers(handle->fcb->path, &handle->info);
    }
    if (!strcmp(what, "size")) {
        return call->SetEndOfFile(handle->fcb->path, _strtoi64(line->words[2], NULL, 10), &handle->info);
    }
    if (!strcmp(what, "allocate")) {
        return call->SetAllocationSize(handle->fcb->path, _strtoi64(line->words[2], NULL, 10), &handle->info);
    }
    if (!strcmp(what, "attributes")) {
        return call->SetFileAttributes(handle->fcb->path, word_bits(line->words[2], "attributes"), &handle->info);
    }
    if (!strcmp(what, "times")) {
        return play_times(kernel, handle, line->words[2]);
    }
    if (!strcmp(what, "delete")) {
        return kernel_dispose(kernel, handle, strcmp(line->words[2], "no") != 0, !strcmp(line->words[2], "mapped"));
    }
    if (!strcmp(what, "security")) {
        return play_security(kernel, handle, word_bits(line->words[2], "parts"), as_told);
    }
    if (!strcmp(what, "set-security")) {
        return play_set_security(kernel, handle, word_bits(line->words[2], "parts"));
    }
    if (!strcmp(what, "info")) {
        return play_info(kernel, handle, line, as_told);
    }
    if (!strcmp(what, "list")) {
        return play_list(kernel, handle, line, as_told);
    }
    if (!strcmp(what, "move")) {
        WCHAR *path = word_text(line->words[2]);
        NTSTATUS status = kernel_move(kernel, handle, path, line->count > 3);
        free(path);
        return status;
    }
    if (!strcmp(what, "close")) {
        kernel_close(kernel, handle);
        return STATUS_SUCCESS;
    }
    fprintf(stderr, "dokan2: line %d: no operation is called %s\n", line->number, what);
    exit(92);
}

static NTSTATUS play_cleanup(Kernel *kernel, const Line *line) {
    Handle *handles[MOST_WORDS];
    for (int i = 1; i < line->count; i++) {
        handles[i - 1] = kernel_find(kernel, line->words[i]);
        if (!handles[i - 1]) {
            return STATUS_INVALID_HANDLE_;
        }
    }
    kernel_cleanup(kernel, handles, line->count - 1);
    return STATUS_SUCCESS;
}

static NTSTATUS play_user(const Line *line) {
    const char *level = line_option(line, "level");
    actor_become(line->count - 1 - (level != NULL), (char **)line->words + 1, level ? word_bits(level, "level") : ACTOR_PRIMARY);
    return STATUS_SUCCESS;
}

NTSTATUS play_line(Kernel *kernel, const Line *line, BOOL *as_told) {
    if (!strcmp(line->words[0], "user")) {
        return play_user(line);
    }
    if (!strcmp(line->words[0], "create")) {
        return play_create(kernel, line);
    }
    if (!strcmp(line->words[0], "volume")) {
        return play_volume(kernel, line, as_told);
    }
    if (!strcmp(line->words[0], "cleanup")) {
        return play_cleanup(kernel, line);
    }
    Handle *handle = kernel_find(kernel, line->words[1]);
    return handle ? play_on_handle(kernel, handle, line, as_told) : STATUS_INVALID_HANDLE_;
}
