/* What the driver and its library do around the callbacks: open files, share modes, deletion by the last handle. */
#ifndef KERNEL_H
#define KERNEL_H

#include "dokan2.h"

#define MOST_HANDLES 64
#define LONGEST_PATH 32768

/* What the driver knows of one name by which something is open (its FCB): not of the file that the name leads to. */
typedef struct Fcb {
    WCHAR *path; /* as it was opened first; NULL: not in use */
    int opens;   /* not closed yet */
    int unclean; /* not cleaned up yet */
    BOOL pending;
} Fcb;

/* One file object. The context that the file system keeps is in info. */
typedef struct Handle {
    char name[32];
    BOOL used;
    BOOL cleaned;
    BOOL delete_on_close;
    ACCESS_MASK access;
    ULONG share;
    Fcb *fcb;
    DOKAN_FILE_INFO info;
} Handle;

typedef struct Kernel {
    Instance *instance;
    Handle handles[MOST_HANDLES];
    Fcb fcbs[MOST_HANDLES];
} Kernel;

Handle *kernel_find(Kernel *kernel, const char *name);

/* As IRP_MJ_CREATE: checks what the driver checks, calls ZwCreateFile, asks the parent folder when deletion was denied. The callback's own status. */
NTSTATUS kernel_create(Kernel *kernel, const char *name, LPCWSTR path, ACCESS_MASK access, ULONG share, ULONG disposition, ULONG options, ULONG attributes);

/* As closing the last user handle, of several at one moment: the last cleanup of a name whose deletion is pending says so. */
void kernel_cleanup(Kernel *kernel, Handle **handles, int count);

/* As the end of the file object. */
void kernel_close(Kernel *kernel, Handle *handle);

/* As FileDispositionInformation: asks the file system, then remembers; or refuses then, when the file is mapped as the image of a program. */
NTSTATUS kernel_dispose(Kernel *kernel, Handle *handle, BOOL remove, BOOL mapped);

/* As FileRenameInformation. */
NTSTATUS kernel_move(Kernel *kernel, Handle *handle, LPCWSTR path, BOOL replace);

#endif
