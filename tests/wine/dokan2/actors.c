#include "actors.h"
#include <sddl.h>
#include <stdlib.h>
#include <string.h>

#define MOST_GROUPS 16

static HANDLE current;

/* The group that stands for a SID; "" for none, NULL for a SID that is not in the list. */
static const char *standing_for(char *list, const char *sid) {
    char *next = NULL;
    for (char *pair = strtok_s(list, ",", &next); pair; pair = strtok_s(NULL, ",", &next)) {
        char *group = strchr(pair, '=');
        *group = 0;
        if (strcmp(pair, sid) == 0) {
            return group + 1;
        }
    }
    return NULL;
}

static BOOL is_for(const char *group, int count, char **sids) {
    for (int i = 0; i < count; i++) {
        char list[1024];
        GetEnvironmentVariableA("DOKAN_ACTORS", list, sizeof list);
        const char *found = standing_for(list, sids[i]);
        if (found && strcmp(found, group) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A token given away at a level below a process's own. */
static HANDLE given_away(HANDLE token, ULONG level) {
    HANDLE copy = NULL;
    if (!DuplicateTokenEx(token, TOKEN_ALL_ACCESS, NULL, (SECURITY_IMPERSONATION_LEVEL)level, TokenImpersonation, &copy)) {
        exit(93);
    }
    CloseHandle(token);
    return copy;
}

void actor_become(int count, char **sids, ULONG level) {
    SID_AND_ATTRIBUTES left[MOST_GROUPS] = {0};
    DWORD left_count = 0;
    char list[1024], *next = NULL;
    GetEnvironmentVariableA("DOKAN_ACTORS", list, sizeof list);
    for (char *pair = strtok_s(list, ",", &next); pair; pair = strtok_s(NULL, ",", &next)) {
        const char *group = strchr(pair, '=') + 1;
        if (*group && !is_for(group, count, sids) && left_count < MOST_GROUPS) {
            ConvertStringSidToSidA(group, &left[left_count++].Sid);
        }
    }
    HANDLE own;
    OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &own);
    if (current) {
        CloseHandle(current);
    }
    if (!CreateRestrictedToken(own, 0, left_count, left, 0, NULL, 0, NULL, &current)) {
        exit(91);
    }
    current = level == ACTOR_PRIMARY ? current : given_away(current, level);
    CloseHandle(own);
    for (DWORD i = 0; i < left_count; i++) {
        LocalFree(left[i].Sid);
    }
}

HANDLE requestor_token(const DOKAN_FILE_INFO *info) {
    HANDLE copy = NULL;
    if (info->ProcessingContext && current) {
        DuplicateHandle(GetCurrentProcess(), current, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    }
    return copy;
}
