/* Who asks. Wine makes no token of another user, so an actor is this user's token with some of its groups left for denying only. */
#ifndef ACTORS_H
#define ACTORS_H

#include "dokan2.h"

/* Makes the token of "user SID [GROUPSID ...]" current. DOKAN_ACTORS says which groups stand for which SID: "SID=GROUP,SID=GROUP,SID=". */
void actor_become(int count, char **sids);

#endif
