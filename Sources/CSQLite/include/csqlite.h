// SQLite's settings for the whole process; the function that sets them is variadic, which Swift can't call.
#ifndef CSQLITE_H
#define CSQLITE_H

/// Has SQLite not count its memory, for which it takes a lock with each allocation.
///
/// Call it before the first database is opened. Returns SQLite's code: afterwards it is SQLITE_MISUSE, and nothing changes.
int csqlite_count_no_memory(void);

#endif
