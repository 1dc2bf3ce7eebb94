// The files of `ledgers/` and `pricing/` as they were when the binary was built.
#ifndef TOLLBOOK_DATA_H
#define TOLLBOOK_DATA_H
#include <stddef.h>

// A file of its folder; not ended by a zero byte. `name` is NULL where there is no such file.
typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} tb_data_file;

// The file at `index`, from 0 on: schema steps in their order, the others by name.
tb_data_file tb_schema_file(size_t index);
tb_data_file tb_query_file(size_t index);
tb_data_file tb_pricing_file(size_t index);
#endif
