// SQLite's C interface, and what of it Swift does not import: macros and variadic functions.
#ifndef TOLLBOOK_SQLITE_H
#define TOLLBOOK_SQLITE_H
#include "rows.h"
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

// Settings of the whole process; to be made before the first connection. 0, or SQLite's code.
int tb_sqlite_configure(void);

// Extended codes of faults that are the file's and not the disk's.
static const int tb_sqlite_short_read = SQLITE_IOERR_SHORT_READ;
static const int tb_sqlite_corrupt_fs = SQLITE_IOERR_CORRUPTFS;

// Binds a copy of the bytes.
int tb_bind_text_copy(sqlite3_stmt *statement, int place, const char *bytes, size_t count);
int tb_bind_blob_copy(sqlite3_stmt *statement, int place, const void *bytes, size_t count);

// Keeps in `pages` how many pages the write-ahead log holds after each commit. In SQLite this takes
// the place of automatic checkpoints, whose errors nobody would see.
void tb_watch_wal(sqlite3 *database, int32_t *pages);

// Asks the processor to fetch what will be written soon.
static inline void tb_prefetch(const void *place) { __builtin_prefetch(place, 1, 1); }
#endif
