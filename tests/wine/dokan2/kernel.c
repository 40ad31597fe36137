#include "kernel.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define READS (FILE_READ_DATA | FILE_EXECUTE | GENERIC_READ | GENERIC_EXECUTE | GENERIC_ALL)
#define WRITES (FILE_WRITE_DATA | FILE_APPEND_DATA | GENERIC_WRITE | GENERIC_ALL)
#define DELETES (DELETE | GENERIC_ALL)

static BOOL same_path(LPCWSTR a, LPCWSTR b) {
    return _wcsicmp(a, b) == 0;
}

static BOOL succeeded(NTSTATUS status, ULONG disposition) {
    BOOL may_exist = disposition == NT_OPEN_IF || disposition == NT_SUPERSEDE || disposition == NT_OVERWRITE_IF;
    return status >= 0 || (status == STATUS_OBJECT_NAME_COLLISION && may_exist);
}

static int pending_index(Kernel *kernel, LPCWSTR path) {
    for (int i = 0; i < kernel->pending_count; i++) {
        if (same_path(kernel->pending[i], path)) {
            return i;
        }
    }
    return -1;
}

static void set_pending(Kernel *kernel, LPCWSTR path, BOOL remove) {
    int i = pending_index(kernel, path);
    if (remove && i < 0 && kernel->pending_count < MOST_HANDLES) {
        lstrcpynW(kernel->pending[kernel->pending_count++], path, MAX_PATH);
    } else if (!remove && i >= 0) {
        memmove(kernel->pending[i], kernel->pending[i + 1], sizeof *kernel->pending * (size_t)(--kernel->pending_count - i));
    }
}

static int open_count(Kernel *kernel, LPCWSTR path) {
    int count = 0;
    for (int i = 0; i < MOST_HANDLES; i++) {
        Handle *handle = &kernel->handles[i];
        count += handle->used && !handle->cleaned && same_path(handle->path, path);
    }
    return count;
}

/* The rule of IoCheckShareAccess: each side must allow what the other does. */
static BOOL shares(Kernel *kernel, LPCWSTR path, ACCESS_MASK access, ULONG share) {
    for (int i = 0; i < MOST_HANDLES; i++) {
        Handle *other = &kernel->handles[i];
        if (!other->used || other->cleaned || !same_path(other->path, path) || !(other->access & (READS | WRITES | DELETES)) || !(access & (READS | WRITES | DELETES))) {
            continue;
        }
        BOOL refused = ((access & READS) && !(other->share & FILE_SHARE_READ)) || ((access & WRITES) && !(other->share & FILE_SHARE_WRITE))
            || ((access & DELETES) && !(other->share & FILE_SHARE_DELETE)) || ((other->access & READS) && !(share & FILE_SHARE_READ))
            || ((other->access & WRITES) && !(share & FILE_SHARE_WRITE)) || ((other->access & DELETES) && !(share & FILE_SHARE_DELETE));
        if (refused) {
            return FALSE;
        }
    }
    return TRUE;
}

Handle *kernel_find(Kernel *kernel, const char *name) {
    for (int i = 0; i < MOST_HANDLES; i++) {
        if (kernel->handles[i].used && strcmp(kernel->handles[i].name, name) == 0) {
            return &kernel->handles[i];
        }
    }
    return NULL;
}

static Handle *take(Kernel *kernel, const char *name) {
    for (int i = 0; i < MOST_HANDLES; i++) {
        Handle *handle = &kernel->handles[i];
        if (!handle->used) {
            memset(handle, 0, sizeof *handle);
            lstrcpynA(handle->name, name, sizeof handle->name);
            handle->used = TRUE;
            handle->info.DokanOptions = &kernel->instance->options;
            handle->info.ProcessId = GetCurrentProcessId();
            return handle;
        }
    }
    return NULL;
}

/* The library's second question: may the parent folder's right to delete children stand in for the file's own? */
static NTSTATUS ask_parent(Kernel *kernel, Handle *handle, ULONG share, ULONG disposition, ULONG options, ULONG attributes) {
    WCHAR *parent = _wcsdup(handle->path);
    WCHAR *last = wcsrchr(parent, L'\\');
    if (last) {
        *last = 0;
    }
    options = (options | NT_OPEN_FOR_BACKUP_INTENT) & ~(ULONG)NT_NON_DIRECTORY_FILE;
    NTSTATUS status = kernel->instance->operations.ZwCreateFile(parent, NULL, 0x40 /* FILE_DELETE_CHILD */, attributes, share, disposition, options, &handle->info);
    free(parent);
    return status;
}

NTSTATUS kernel_create(Kernel *kernel, const char *name, LPCWSTR path, ACCESS_MASK access, ULONG share, ULONG disposition, ULONG options, ULONG attributes) {
    if (pending_index(kernel, path) >= 0) {
        return STATUS_DELETE_PENDING;
    }
    if (!shares(kernel, path, access, share)) {
        return STATUS_SHARING_VIOLATION;
    }
    Handle *handle = take(kernel, name);
    handle->path = _wcsdup(path);
    handle->access = access;
    handle->share = share;
    handle->delete_on_close = (options & NT_DELETE_ON_CLOSE) != 0;
    handle->info.IsDirectory = (options & NT_DIRECTORY_FILE) != 0;
    handle->info.ProcessingContext = handle; /* a token can be asked for while this runs, and never later */
    NTSTATUS status = kernel->instance->operations.ZwCreateFile(path, NULL, access, attributes, share, disposition, options, &handle->info);
    if (status == STATUS_ACCESS_DENIED && (access & DELETE)) {
        NTSTATUS second = ask_parent(kernel, handle, share, disposition, options, attributes);
        status = second == STATUS_SUCCESS ? second : status;
    }
    handle->info.ProcessingContext = NULL;
    if (succeeded(status, disposition) && handle->info.IsDirectory && (options & NT_NON_DIRECTORY_FILE)) {
        kernel_close(kernel, handle);
        return STATUS_FILE_IS_A_DIRECTORY;
    }
    if (!succeeded(status, disposition)) {
        free(handle->path);
        handle->used = FALSE;
    }
    return status;
}

void kernel_cleanup(Kernel *kernel, Handle *handle) {
    if (handle->cleaned) {
        return;
    }
    if (handle->delete_on_close) {
        set_pending(kernel, handle->path, TRUE);
    }
    BOOL last = open_count(kernel, handle->path) == 1;
    BOOL removes = last && pending_index(kernel, handle->path) >= 0;
    handle->info.DeletePending = removes;
    kernel->instance->operations.Cleanup(handle->path, &handle->info);
    handle->cleaned = TRUE;
    if (removes) {
        set_pending(kernel, handle->path, FALSE);
    }
}

void kernel_close(Kernel *kernel, Handle *handle) {
    kernel_cleanup(kernel, handle);
    kernel->instance->operations.CloseFile(handle->path, &handle->info);
    free(handle->path);
    handle->used = FALSE;
}

NTSTATUS kernel_dispose(Kernel *kernel, Handle *handle, BOOL remove) {
    DOKAN_OPERATIONS *operations = &kernel->instance->operations;
    handle->info.DeletePending = (UCHAR)remove;
    NTSTATUS status = handle->info.IsDirectory ? operations->DeleteDirectory(handle->path, &handle->info) : operations->DeleteFile(handle->path, &handle->info);
    if (status >= 0) {
        set_pending(kernel, handle->path, remove);
    } else {
        handle->info.DeletePending = FALSE;
    }
    return status;
}

/* SL_OPEN_TARGET_DIRECTORY: before a rename the library opens the target as if it were a file, lets it go, and then opens its folder. */
static NTSTATUS open_target(Kernel *kernel, LPCWSTR path) {
    const ACCESS_MASK access = FILE_WRITE_DATA | SYNCHRONIZE;
    DOKAN_OPERATIONS *operations = &kernel->instance->operations;
    DOKAN_FILE_INFO target = {0}, folder = {0};
    target.DokanOptions = folder.DokanOptions = &kernel->instance->options;
    target.ProcessId = folder.ProcessId = GetCurrentProcessId();
    target.ProcessingContext = folder.ProcessingContext = kernel;
    if (operations->ZwCreateFile(path, NULL, access, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NT_OPEN, NT_OPEN_FOR_BACKUP_INTENT, &target) >= 0) {
        operations->Cleanup(path, &target);
        operations->CloseFile(path, &target);
    }
    WCHAR *parent = _wcsdup(path);
    WCHAR *last = wcsrchr(parent, L'\\');
    if (last) {
        last[last == parent] = 0;
    }
    folder.IsDirectory = TRUE;
    NTSTATUS status = operations->ZwCreateFile(parent, NULL, access, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NT_OPEN, NT_OPEN_FOR_BACKUP_INTENT | NT_DIRECTORY_FILE, &folder);
    if (status >= 0) {
        operations->Cleanup(parent, &folder);
        operations->CloseFile(parent, &folder);
    }
    free(parent);
    return status;
}

NTSTATUS kernel_move(Kernel *kernel, Handle *handle, LPCWSTR path, BOOL replace) {
    NTSTATUS status = open_target(kernel, path);
    if (status < 0 && status != STATUS_OBJECT_NAME_NOT_FOUND) {
        return status; /* of a folder that is missing MoveFile shall speak itself */
    }
    status = kernel->instance->operations.MoveFile(handle->path, path, replace, &handle->info);
    if (status >= 0) {
        free(handle->path);
        handle->path = _wcsdup(path);
    }
    return status;
}
