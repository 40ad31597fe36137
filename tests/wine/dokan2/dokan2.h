/* A stand-in for the native dokan2.dll: it plays the driver and its library for tests where no Windows kernel runs.
 *
 * Written from the documented interface (dokan.h, version 2.x): the structures below have that layout. It mounts nothing; a
 * script of NT operations is played on the table of callbacks that a file system hands over, in the order a kernel calls them.
 */
#ifndef DOKAN2_STANDIN_H
#define DOKAN2_STANDIN_H

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

typedef LONG NTSTATUS;

#define STATUS_SUCCESS ((NTSTATUS)0)
#define STATUS_OBJECT_NAME_NOT_FOUND ((NTSTATUS)0xC0000034)
#define STATUS_OBJECT_NAME_COLLISION ((NTSTATUS)0xC0000035)
#define STATUS_SHARING_VIOLATION ((NTSTATUS)0xC0000043)
#define STATUS_DELETE_PENDING ((NTSTATUS)0xC0000056)
#define STATUS_ACCESS_DENIED ((NTSTATUS)0xC0000022)
#define STATUS_CANNOT_DELETE_ ((NTSTATUS)0xC0000121)
#define STATUS_INVALID_HANDLE_ ((NTSTATUS)0xC0000008)

#define NT_SUPERSEDE 0
#define NT_OPEN 1
#define NT_CREATE 2
#define NT_OPEN_IF 3
#define NT_OVERWRITE 4
#define NT_OVERWRITE_IF 5

#define NT_DIRECTORY_FILE 0x00000001
#define NT_WRITE_THROUGH 0x00000002
#define NT_SEQUENTIAL_ONLY 0x00000004
#define NT_NO_INTERMEDIATE_BUFFERING 0x00000008
#define NT_NON_DIRECTORY_FILE 0x00000040
#define NT_RANDOM_ACCESS 0x00000800
#define NT_DELETE_ON_CLOSE 0x00001000
#define NT_OPEN_FOR_BACKUP_INTENT 0x00004000
#define NT_OPEN_REPARSE_POINT 0x00200000

typedef struct DOKAN_OPTIONS {
    USHORT Version;
    BOOLEAN SingleThread;
    ULONG Options;
    ULONG64 GlobalContext;
    LPCWSTR MountPoint;
    LPCWSTR UNCName;
    ULONG Timeout;
    ULONG AllocationUnitSize;
    ULONG SectorSize;
    ULONG VolumeSecurityDescriptorLength;
    CHAR VolumeSecurityDescriptor[16384];
} DOKAN_OPTIONS;

typedef struct DOKAN_FILE_INFO {
    ULONG64 Context;
    ULONG64 DokanContext;
    DOKAN_OPTIONS *DokanOptions;
    PVOID ProcessingContext;
    ULONG ProcessId;
    UCHAR IsDirectory;
    UCHAR DeletePending;
    UCHAR PagingIo;
    UCHAR SynchronousIo;
    UCHAR Nocache;
    UCHAR WriteToEndOfFile;
} DOKAN_FILE_INFO;

typedef int(WINAPI *FillFindData)(WIN32_FIND_DATAW *, DOKAN_FILE_INFO *);
typedef BOOL(WINAPI *FillFindStreamData)(PVOID, PVOID);

typedef struct DOKAN_OPERATIONS {
    NTSTATUS(WINAPI *ZwCreateFile)(LPCWSTR, PVOID, ACCESS_MASK, ULONG, ULONG, ULONG, ULONG, DOKAN_FILE_INFO *);
    void(WINAPI *Cleanup)(LPCWSTR, DOKAN_FILE_INFO *);
    void(WINAPI *CloseFile)(LPCWSTR, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *ReadFile)(LPCWSTR, LPVOID, DWORD, LPDWORD, LONGLONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *WriteFile)(LPCWSTR, LPCVOID, DWORD, LPDWORD, LONGLONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *FlushFileBuffers)(LPCWSTR, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *GetFileInformation)(LPCWSTR, BY_HANDLE_FILE_INFORMATION *, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *FindFiles)(LPCWSTR, FillFindData, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *FindFilesWithPattern)(LPCWSTR, LPCWSTR, FillFindData, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *SetFileAttributes)(LPCWSTR, DWORD, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *SetFileTime)(LPCWSTR, const FILETIME *, const FILETIME *, const FILETIME *, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *DeleteFile)(LPCWSTR, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *DeleteDirectory)(LPCWSTR, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *MoveFile)(LPCWSTR, LPCWSTR, BOOL, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *SetEndOfFile)(LPCWSTR, LONGLONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *SetAllocationSize)(LPCWSTR, LONGLONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *LockFile)(LPCWSTR, LONGLONG, LONGLONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *UnlockFile)(LPCWSTR, LONGLONG, LONGLONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *GetDiskFreeSpace)(PULONGLONG, PULONGLONG, PULONGLONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *GetVolumeInformation)(LPWSTR, DWORD, LPDWORD, LPDWORD, LPDWORD, LPWSTR, DWORD, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *Mounted)(LPCWSTR, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *Unmounted)(DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *GetFileSecurity)(LPCWSTR, PULONG, PVOID, ULONG, PULONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *SetFileSecurity)(LPCWSTR, PULONG, PVOID, ULONG, DOKAN_FILE_INFO *);
    NTSTATUS(WINAPI *FindStreams)(LPCWSTR, FillFindStreamData, PVOID, DOKAN_FILE_INFO *);
} DOKAN_OPERATIONS;

/* A mounted file system: the callbacks and the options as they were handed over. */
typedef struct Instance {
    DOKAN_OPTIONS options;
    DOKAN_OPERATIONS operations;
    WCHAR mount_point[MAX_PATH];
    HANDLE closed; /* manual-reset event */
    HANDLE thread;
} Instance;

/* Plays the script named by DOKAN_SCRIPT; what happened goes to DOKAN_LOG, one line an operation. Returns the expectations that failed. */
int play_script(Instance *instance);

/* The token of the actor who does the operation that is running, made for the caller of it; NULL outside ZwCreateFile. */
HANDLE requestor_token(const DOKAN_FILE_INFO *info);

#endif
