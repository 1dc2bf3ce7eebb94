#include "rows.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
  sqlite3_vtab base;
  const tb_rows *rows;
} table;

typedef struct {
  sqlite3_vtab_cursor base;
  const tb_rows *rows;
  intptr_t row;
} cursor;

static int table_connect(sqlite3 *database, void *rows, int count, const char *const *words,
                         sqlite3_vtab **made, char **fault) {
  (void)count;
  (void)words;
  (void)fault;
  const tb_rows *source = rows;
  sqlite3_str *text = sqlite3_str_new(database);
  sqlite3_str_appendall(text, "create table x(");
  for (int32_t i = 0; i < source->integers; i++) sqlite3_str_appendf(text, i ? ", c%d" : "c%d", i);
  sqlite3_str_appendall(text, source->has_bytes ? ", blob, text)" : ")");
  char *statement = sqlite3_str_finish(text);
  if (!statement) return SQLITE_NOMEM;
  int code = sqlite3_declare_vtab(database, statement);
  sqlite3_free(statement);
  if (code != SQLITE_OK) return code;
  table *new = calloc(1, sizeof *new);
  if (!new) return SQLITE_NOMEM;
  new->rows = source;
  *made = &new->base;
  return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *gone) {
  free(gone);
  return SQLITE_OK;
}

static int table_plan(sqlite3_vtab *unused, sqlite3_index_info *plan) {
  (void)unused;
  plan->estimatedCost = 1000;
  plan->estimatedRows = 1000;
  return SQLITE_OK;
}

static int table_open(sqlite3_vtab *source, sqlite3_vtab_cursor **made) {
  cursor *new = calloc(1, sizeof *new);
  if (!new) return SQLITE_NOMEM;
  new->rows = ((table *)source)->rows;
  *made = &new->base;
  return SQLITE_OK;
}

static int table_close(sqlite3_vtab_cursor *gone) {
  free(gone);
  return SQLITE_OK;
}

static int table_rewind(sqlite3_vtab_cursor *place, int plan, const char *words, int count,
                        sqlite3_value **values) {
  (void)plan;
  (void)words;
  (void)count;
  (void)values;
  ((cursor *)place)->row = 0;
  return SQLITE_OK;
}

static int table_next(sqlite3_vtab_cursor *place) {
  ((cursor *)place)->row++;
  return SQLITE_OK;
}

static int table_ended(sqlite3_vtab_cursor *place) {
  const cursor *at = (const cursor *)place;
  return at->row >= at->rows->count;
}

static int table_value(sqlite3_vtab_cursor *place, sqlite3_context *result, int column) {
  const cursor *at = (const cursor *)place;
  const tb_rows *rows = at->rows;
  const int64_t *row = rows->cells + at->row * rows->width;
  if (column < rows->integers) {
    if (row[column] == tb_row_null) return SQLITE_OK;
    sqlite3_result_int64(result, row[column]);
    return SQLITE_OK;
  }
  int isText = column > rows->integers;
  const int64_t *run = row + rows->integers + (isText ? 2 : 0);
  if (run[1] == tb_row_no_bytes) return SQLITE_OK;
  const void *bytes = rows->bytes + run[0];
  // The bytes stay where they are until the statement has ended.
  if (isText) {
    sqlite3_result_text(result, bytes, (int)run[1], SQLITE_STATIC);
  } else {
    sqlite3_result_blob(result, bytes, (int)run[1], SQLITE_STATIC);
  }
  return SQLITE_OK;
}

static int table_number(sqlite3_vtab_cursor *place, sqlite3_int64 *number) {
  *number = ((cursor *)place)->row;
  return SQLITE_OK;
}

// Without xCreate: it is there under its name, and no schema can make another of it.
static const sqlite3_module module = {
    .iVersion = 0,
    .xConnect = table_connect,
    .xBestIndex = table_plan,
    .xDisconnect = table_disconnect,
    .xDestroy = table_disconnect,
    .xOpen = table_open,
    .xClose = table_close,
    .xFilter = table_rewind,
    .xNext = table_next,
    .xEof = table_ended,
    .xColumn = table_value,
    .xRowid = table_number,
};

int tb_rows_offer(sqlite3 *database, const char *name, tb_rows *rows) {
  return sqlite3_create_module_v2(database, name, &module, rows, NULL);
}
