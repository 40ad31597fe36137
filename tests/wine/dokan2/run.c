/* Plays a script from its first line to its last and says what came of each. */
#include "play.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TOGETHER 8

/* A line while it is played. */
typedef struct Play {
    Kernel *kernel;
    char text[8192], copy[8192];
    Line line;
    BOOL as_told;
    NTSTATUS status;
} Play;

static BOOL next_line(FILE *script, int *number, Play *play) {
    while (fgets(play->text, sizeof play->text, script)) {
        strcpy(play->copy, play->text);
        play->copy[strcspn(play->copy, "\r\n")] = 0;
        if (line_split(play->text, ++*number, &play->line)) {
            return TRUE;
        }
    }
    return FALSE;
}

static DWORD WINAPI run(LPVOID argument) {
    Play *play = argument;
    play->as_told = TRUE;
    play->status = play_line(play->kernel, &play->line, &play->as_told);
    return 0;
}

static void run_together(Play *plays, int count) {
    HANDLE threads[MOST_TOGETHER];
    for (int i = 0; i < count; i++) {
        threads[i] = CreateThread(NULL, 0, run, &plays[i], 0, NULL);
    }
    WaitForMultipleObjects((DWORD)count, threads, TRUE, INFINITE);
    for (int i = 0; i < count; i++) {
        CloseHandle(threads[i]);
    }
}

static int report(FILE *log, const Play *play) {
    char spelled[16];
    const char *came = status_name(play->status, spelled);
    BOOL passed = play->as_told && !strcmp(came, play->line.expected);
    fprintf(log, "%s %d: %s: %s%s\n", passed ? "ok" : "FAILED", play->line.number, play->copy, came, play->as_told ? "" : " with other content");
    fflush(log);
    return !passed;
}

static int play_all(FILE *script, FILE *log, Play *plays) {
    int failed = 0, number = 0;
    while (next_line(script, &number, plays)) {
        int count = 1;
        if (!strcmp(plays->line.words[0], "together")) {
            int wanted = atoi(plays->line.words[1]);
            for (count = 0; count < wanted && count < MOST_TOGETHER && next_line(script, &number, &plays[count]); count++) {
            }
            run_together(plays, count);
        } else {
            run(plays);
        }
        for (int i = 0; i < count; i++) {
            failed += report(log, &plays[i]);
        }
    }
    return failed;
}

int play_script(Instance *instance) {
    char path[MAX_PATH] = "";
    Kernel *kernel = calloc(1, sizeof *kernel);
    Play *plays = calloc(MOST_TOGETHER, sizeof *plays);
    kernel->instance = instance;
    for (int i = 0; i < MOST_TOGETHER; i++) {
        plays[i].kernel = kernel;
    }
    GetEnvironmentVariableA("DOKAN_LOG", path, sizeof path);
    FILE *log = fopen(path, "w");
    GetEnvironmentVariableA("DOKAN_SCRIPT", path, sizeof path);
    FILE *script = fopen(path, "r");
    int failed = log && script ? play_all(script, log, plays) : 1;
    if (log) {
        fprintf(log, "%s\n", !script ? "FAILED: no script" : failed ? "FAILED" : "PASSED");
        fclose(log);
    }
    if (script) {
        fclose(script);
    }
    free(plays);
    free(kernel);
    return failed;
}
