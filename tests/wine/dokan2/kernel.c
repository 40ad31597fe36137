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

static Fcb *fcb_of(Kernel *kernel, LPCWSTR path) {
    for (int i = 0; i < MOST_HANDLES; i++) {
        if (kernel->fcbs[i].path && same_path(kernel->fcbs[i].path, path)) {
            return &kernel->fcbs[i];
        }
    }
    return NULL;
}

/* The one that is open under the path, in any case of letters, or a new one. */
static Fcb *fcb_take(Kernel *kernel, LPCWSTR path) {
    Fcb *fcb = fcb_of(kernel, path);
    for (int i = 0; !fcb && i < MOST_HANDLES; i++) {
        if (!kernel->fcbs[i].path) {
            fcb = &kernel->fcbs[i];
            memset(fcb, 0, sizeof *fcb);
            fcb->path = _wcsdup(path);
        }
    }
    fcb->opens++;
    return fcb;
}

static void fcb_leave(Fcb *fcb) {
    if (--fcb->opens == 0) {
        free(fcb->path);
        fcb->path = NULL;
    }
}

/* The rule of IoCheckShareAccess: each side must allow what the other does. */
static BOOL shares(Kernel *kernel, const Fcb *fcb, ACCESS_MASK access, ULONG share) {
    for (int i = 0; i < MOST_HANDLES; i++) {
        Handle *other = &kernel->handles[i];
        if (!other->used || other->cleaned || other->fcb != fcb || !(other->access & (READS | WRITES | DELETES)) || !(access & (READS | WRITES | DELETES))) {
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
    WCHAR *parent = _wcsdup(handle->fcb->path);
    WCHAR *last = wcsrchr(parent, L'\\');
    if (last) {
        *last = 0;
    }
    ACCESS_MASK access = FILE_DELETE_CHILD | (handle->access & (FILE_READ_ATTRIBUTES | MAXIMUM_ALLOWED) ? FILE_LIST_DIRECTORY : 0);
    options = (options | NT_OPEN_FOR_BACKUP_INTENT) & ~(ULONG)NT_NON_DIRECTORY_FILE;
    NTSTATUS status = kernel->instance->operations.ZwCreateFile(parent, NULL, access, attributes, share, disposition, options, &handle->info);
    free(parent);
    return status;
}

/* What the driver looks at before it asks anybody. */
static NTSTATUS check(Kernel *kernel, const Fcb *fcb, ACCESS_MASK access, ULONG share, ULONG disposition) {
    if (fcb->unclean > 0 && disposition == NT_CREATE) {
        return STATUS_OBJECT_NAME_COLLISION;
    }
    if (fcb->opens > 1 && fcb->pending) {
        return STATUS_DELETE_PENDING;
    }
    return shares(kernel, fcb, access, share) ? STATUS_SUCCESS : STATUS_SHARING_VIOLATION;
}

NTSTATUS kernel_create(Kernel *kernel, const char *name, LPCWSTR path, ACCESS_MASK access, ULONG share, ULONG disposition, ULONG options, ULONG attributes) {
    Fcb *fcb = fcb_take(kernel, path);
    NTSTATUS status = check(kernel, fcb, access, share, disposition);
    if (status != STATUS_SUCCESS) {
        fcb_leave(fcb);
        return status;
    }
    Handle *handle = take(kernel, name);
    handle->fcb = fcb;
    handle->access = access;
    handle->share = share;
    handle->delete_on_close = (options & NT_DELETE_ON_CLOSE) != 0;
    handle->info.IsDirectory = (options & NT_DIRECTORY_FILE) != 0;
    handle->info.ProcessingContext = handle; /* a token can be asked for while this runs, and never later */
    status = kernel->instance->operations.ZwCreateFile(fcb->path, NULL, access, attributes, share, disposition, options, &handle->info);
    if (status == STATUS_ACCESS_DENIED && (access & DELETE)) {
        NTSTATUS second = ask_parent(kernel, handle, share, disposition, options, attributes);
        status = second == STATUS_SUCCESS ? second : status;
    }
    handle->info.ProcessingContext = NULL;
    if (succeeded(status, disposition)) {
        fcb->unclean++;
    } else {
        fcb_leave(fcb);
        handle->used = FALSE;
    }
    return status;
}

/* Told at the last cleanup of a name whose deletion is pending, and at no other. */
static BOOL goes(Handle *handle) {
    handle->fcb->pending |= handle->delete_on_close;
    handle->delete_on_close = FALSE;
    return handle->fcb->pending && handle->fcb->unclean == 1;
}

void kernel_cleanup(Kernel *kernel, Handle **handles, int count) {
    for (int i = 0; i < count; i++) {
        handles[i]->info.DeletePending = (UCHAR)goes(handles[i]);
    }
    for (int i = 0; i < count; i++) {
        kernel->instance->operations.Cleanup(handles[i]->fcb->path, &handles[i]->info);
        handles[i]->cleaned = TRUE;
        handles[i]->fcb->unclean--;
        handles[i]->info.DeletePending = FALSE;
    }
}

void kernel_close(Kernel *kernel, Handle *handle) {
    kernel->instance->operations.CloseFile(handle->fcb->path, &handle->info);
    fcb_leave(handle->fcb);
    handle->used = FALSE;
}

NTSTATUS kernel_dispose(Kernel *kernel, Handle *handle, BOOL remove, BOOL mapped) {
    DOKAN_OPERATIONS *operations = &kernel->instance->operations;
    LPCWSTR path = handle->fcb->path;
    BY_HANDLE_FILE_INFORMATION told = {0};
    if (handle->fcb->pending == remove) {
        return STATUS_SUCCESS;
    }
    if (remove && operations->GetFileInformation(path, &told, &handle->info) == STATUS_SUCCESS && (told.dwFileAttributes & FILE_ATTRIBUTE_READONLY)) {
        return STATUS_CANNOT_DELETE_;
    }
    handle->info.DeletePending = (UCHAR)remove;
    NTSTATUS status = handle->info.IsDirectory ? operations->DeleteDirectory(path, &handle->info) : operations->DeleteFile(path, &handle->info);
    handle->info.DeletePending = FALSE;
    if (status == STATUS_SUCCESS && remove && mapped) {
        return STATUS_CANNOT_DELETE_; /* MmFlushImageSection refused, after the file system agreed */
    }
    handle->fcb->pending = status == STATUS_SUCCESS ? remove : handle->fcb->pending;
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
    Fcb *fcb = handle->fcb, *replaced = fcb_of(kernel, path);
    status = kernel->instance->operations.MoveFile(fcb->path, path, replace, &handle->info);
    if (status >= 0) {
        if (replaced && replaced != fcb) {
            free(replaced->path);
            replaced->path = _wcsdup(L"");
        }
        free(fcb->path);
        fcb->path = _wcsdup(path);
    }
    return status;
}
