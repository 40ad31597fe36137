/* The exported functions of dokan2.dll that a file system calls. */
#include "dokan2.h"

#define API __declspec(dllexport)
#define DOKAN_VERSION_NUMBER 230
#define DRIVER_VERSION_NUMBER 0x190

static void report(Instance *instance, NTSTATUS (WINAPI *call)(LPCWSTR, DOKAN_FILE_INFO *)) {
    DOKAN_FILE_INFO info = {0};
    info.DokanOptions = &instance->options;
    if (call) {
        call(instance->mount_point, &info);
    }
}

static DWORD WINAPI serve(LPVOID argument) {
    Instance *instance = argument;
    DOKAN_FILE_INFO info = {0};
    info.DokanOptions = &instance->options;
    report(instance, instance->operations.Mounted);
    play_script(instance);
    if (instance->operations.Unmounted) {
        instance->operations.Unmounted(&info);
    }
    SetEvent(instance->closed);
    return 0;
}

API void WINAPI DokanInit(void) {
}

API void WINAPI DokanShutdown(void) {
}

API ULONG WINAPI DokanVersion(void) {
    return DOKAN_VERSION_NUMBER;
}

API ULONG WINAPI DokanDriverVersion(void) {
    return DRIVER_VERSION_NUMBER;
}

API int WINAPI DokanCreateFileSystem(DOKAN_OPTIONS *options, DOKAN_OPERATIONS *operations, Instance **handle) {
    Instance *instance = calloc(1, sizeof *instance);
    if (!instance) {
        return -1;
    }
    instance->options = *options;
    instance->operations = *operations;
    lstrcpynW(instance->mount_point, options->MountPoint, MAX_PATH);
    instance->options.MountPoint = instance->mount_point;
    instance->closed = CreateEventW(NULL, TRUE, FALSE, NULL);
    instance->thread = CreateThread(NULL, 0, serve, instance, 0, NULL);
    *handle = instance;
    return 0;
}

API int WINAPI DokanMain(DOKAN_OPTIONS *options, DOKAN_OPERATIONS *operations) {
    Instance *instance;
    int result = DokanCreateFileSystem(options, operations, &instance);
    if (result == 0) {
        WaitForSingleObject(instance->closed, INFINITE);
    }
    return result;
}

API BOOL WINAPI DokanIsFileSystemRunning(Instance *instance) {
    return WaitForSingleObject(instance->closed, 0) == WAIT_TIMEOUT;
}

API DWORD WINAPI DokanWaitForFileSystemClosed(Instance *instance, DWORD milliseconds) {
    return WaitForSingleObject(instance->closed, milliseconds);
}

API BOOL WINAPI DokanRegisterWaitForFileSystemClosed(Instance *instance, HANDLE *wait, WAITORTIMERCALLBACK callback, PVOID context, DWORD milliseconds) {
    return RegisterWaitForSingleObject(wait, instance->closed, callback, context, milliseconds, WT_EXECUTEONLYONCE);
}

API BOOL WINAPI DokanUnregisterWaitForFileSystemClosed(HANDLE wait, BOOL all) {
    return UnregisterWaitEx(wait, all ? INVALID_HANDLE_VALUE : NULL);
}

API void WINAPI DokanCloseHandle(Instance *instance) {
    WaitForSingleObject(instance->thread, INFINITE);
    CloseHandle(instance->thread);
    CloseHandle(instance->closed);
    free(instance);
}

/* A script ends the mount; asked to end it sooner the stand-in says that it is done when the script is. */
API BOOL WINAPI DokanUnmount(WCHAR letter) {
    return letter != 0;
}

API BOOL WINAPI DokanRemoveMountPoint(LPCWSTR mount_point) {
    return mount_point != NULL;
}

API BOOL WINAPI DokanResetTimeout(ULONG timeout, DOKAN_FILE_INFO *info) {
    return timeout > 0 && info != NULL;
}

API HANDLE WINAPI DokanOpenRequestorToken(DOKAN_FILE_INFO *info) {
    HANDLE token = requestor_token(info);
    return token ? token : INVALID_HANDLE_VALUE;
}

static DWORD user_flags(ULONG options) {
    static const struct { ULONG option; DWORD flag; } map[] = {
        {NT_WRITE_THROUGH, FILE_FLAG_WRITE_THROUGH},
        {NT_SEQUENTIAL_ONLY, FILE_FLAG_SEQUENTIAL_SCAN},
        {NT_RANDOM_ACCESS, FILE_FLAG_RANDOM_ACCESS},
        {NT_NO_INTERMEDIATE_BUFFERING, FILE_FLAG_NO_BUFFERING},
        {NT_DELETE_ON_CLOSE, FILE_FLAG_DELETE_ON_CLOSE},
        {NT_OPEN_FOR_BACKUP_INTENT, FILE_FLAG_BACKUP_SEMANTICS},
        {NT_OPEN_REPARSE_POINT, FILE_FLAG_OPEN_REPARSE_POINT},
    };
    DWORD flags = 0;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++) {
        flags |= options & map[i].option ? map[i].flag : 0;
    }
    return flags;
}

API void WINAPI DokanMapKernelToUserCreateFileFlags(ACCESS_MASK access, ULONG attributes, ULONG options, ULONG disposition, ACCESS_MASK *user_access, DWORD *user_attributes, DWORD *user_disposition) {
    static const DWORD dispositions[] = {CREATE_ALWAYS, OPEN_EXISTING, CREATE_NEW, OPEN_ALWAYS, TRUNCATE_EXISTING, CREATE_ALWAYS};
    if (user_attributes) {
        *user_attributes = attributes | user_flags(options);
    }
    if (user_disposition) {
        *user_disposition = disposition < 6 ? dispositions[disposition] : 0;
    }
    if (user_access) {
        static const struct { ACCESS_MASK all; ACCESS_MASK generic; } map[] = {
            {FILE_ALL_ACCESS, GENERIC_ALL}, {FILE_GENERIC_READ, GENERIC_READ}, {FILE_GENERIC_WRITE, GENERIC_WRITE}, {FILE_GENERIC_EXECUTE, GENERIC_EXECUTE},
        };
        ACCESS_MASK mapped = access;
        for (size_t i = 0; i < sizeof map / sizeof *map; i++) {
            if ((access & map[i].all) == map[i].all) {
                mapped |= map[i].generic;
                mapped &= ~map[i].all;
            }
        }
        *user_access = mapped;
    }
}


/* Nobody watches a folder here: a notification is taken and comes to nothing. */
API BOOL WINAPI DokanNotifyCreate(Instance *instance, LPCWSTR path, BOOL folder) {
    (void)folder;
    return instance && path;
}

API BOOL WINAPI DokanNotifyDelete(Instance *instance, LPCWSTR path, BOOL folder) {
    (void)folder;
    return instance && path;
}

API BOOL WINAPI DokanNotifyUpdate(Instance *instance, LPCWSTR path) {
    return instance && path;
}

API BOOL WINAPI DokanNotifyXAttrUpdate(Instance *instance, LPCWSTR path) {
    return instance && path;
}

API BOOL WINAPI DokanNotifyRename(Instance *instance, LPCWSTR path, LPCWSTR to, BOOL folder, BOOL same_folder) {
    (void)folder;
    (void)same_folder;
    return instance && path && to;
}
