/* Who asks. Wine makes no token of another user, so an actor is this user's token with some of its groups left for denying only. */
#ifndef ACTORS_H
#define ACTORS_H

#include "dokan2.h"

/* A process's own token, not one given away. */
#define ACTOR_PRIMARY 4

/* Makes the token of "user SID [GROUPSID ...]" current, at a SECURITY_IMPERSONATION_LEVEL or ACTOR_PRIMARY. DOKAN_ACTORS says which groups stand for which SID: "SID=GROUP,SID=GROUP,SID=". */
void actor_become(int count, char **sids, ULONG level);

#endif
