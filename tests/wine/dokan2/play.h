/* One line of a script on the callbacks. */
#ifndef PLAY_H
#define PLAY_H

#include "kernel.h"
#include "script.h"

/* The callback's status. as_told becomes FALSE when something else came than the line says. Reads, writes and flushes may run side by side. */
NTSTATUS play_line(Kernel *kernel, const Line *line, BOOL *as_told);

#endif
