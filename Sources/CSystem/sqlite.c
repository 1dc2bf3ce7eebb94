#include "sqlite.h"

int tb_sqlite_configure(void) {
  int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  // Refused when SQLite runs already, for another library's sake; it then counts its memory.
  return code == SQLITE_MISUSE ? SQLITE_OK : code;
}

int tb_bind_text_copy(sqlite3_stmt *statement, int place, const char *bytes, size_t count) {
  return sqlite3_bind_text64(
      statement, place, count ? bytes : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

int tb_bind_blob_copy(sqlite3_stmt *statement, int place, const void *bytes, size_t count) {
  return sqlite3_bind_blob64(statement, place, count ? bytes : "", count, SQLITE_TRANSIENT);
}

static int keep_wal_pages(void *cell, sqlite3 *database, const char *name, int pages) {
  (void)database;
  (void)name;
  *(int32_t *)cell = pages;
  return SQLITE_OK;
}

void tb_watch_wal(sqlite3 *database, int32_t *pages) {
  sqlite3_wal_hook(database, keep_wal_pages, pages);
}
