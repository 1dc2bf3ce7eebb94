// Rows in memory that a statement reads as a table.
//
// One statement then writes a whole batch: SQLite opens its cursors and checks its schema once, and
// nothing is bound value by value.
#ifndef TOLLBOOK_ROWS_H
#define TOLLBOOK_ROWS_H
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

// The integer that stands for NULL, and the count of a blob or text that is NULL.
static const int64_t tb_row_null = INT64_MIN;
static const int64_t tb_row_no_bytes = -1;

// Columns are the integers c0, c1, ... and, where `has_bytes`, then `blob` and `text`. A row is `width`
// cells: its integers, then where in `bytes` its blob begins and how long it is, then the same of its text.
typedef struct {
  int64_t *cells;
  uint8_t *bytes;
  intptr_t count;
  int32_t integers;
  int32_t has_bytes;
  int32_t width;
} tb_rows;

// Makes the rows readable as a table of that name on this connection, for as long as it is open. 0, or
// SQLite's code.
int tb_rows_offer(sqlite3 *database, const char *name, tb_rows *rows);
#endif
