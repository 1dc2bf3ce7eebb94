#include "fault_vfs.h"
#include <errno.h>
#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

// One test at a time arms it; the counts need no lock.
static struct {
  long count, at;
  enum tb_fault_kind kind;
  int lasting, struck;
} armed;

void tb_fault_arm(long at, enum tb_fault_kind kind, int lasting) {
  memset(&armed, 0, sizeof armed);
  armed.at = at;
  armed.kind = kind;
  armed.lasting = lasting;
}

long tb_fault_count(void) { return armed.count; }
int tb_fault_struck(void) { return armed.struck; }

static int strikes(void) {
  armed.count++;
  int now = armed.at && (armed.count == armed.at || (armed.lasting && armed.count > armed.at));
  if (now) armed.struck = 1;
  return now;
}

typedef struct {
  sqlite3_file base;
  sqlite3_file *real;
} fault_file;

static sqlite3_file *real_of(sqlite3_file *file) { return ((fault_file *)file)->real; }

#define REAL(file) real_of(file)->pMethods

static int f_close(sqlite3_file *f) { return REAL(f)->xClose(real_of(f)); }
static int f_read(sqlite3_file *f, void *b, int n, sqlite3_int64 o) {
  return REAL(f)->xRead(real_of(f), b, n, o);
}
static int f_write(sqlite3_file *f, const void *b, int n, sqlite3_int64 o) {
  if (!strikes()) return REAL(f)->xWrite(real_of(f), b, n, o);
  switch (armed.kind) {
  case tb_fault_error: return SQLITE_IOERR_WRITE;
  case tb_fault_full: return SQLITE_FULL;
  case tb_fault_torn:
    // Behind the fault nothing more reaches the disk.
    if (armed.count == armed.at && n > 1) REAL(f)->xWrite(real_of(f), b, n / 2, o);
    return SQLITE_IOERR_WRITE;
  case tb_fault_late: REAL(f)->xWrite(real_of(f), b, n, o); return SQLITE_IOERR_WRITE;
  }
  return SQLITE_IOERR_WRITE;
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 n) {
  if (!strikes()) return REAL(f)->xTruncate(real_of(f), n);
  if (armed.kind == tb_fault_late) REAL(f)->xTruncate(real_of(f), n);
  return SQLITE_IOERR_TRUNCATE;
}
static int f_sync(sqlite3_file *f, int flags) {
  if (!strikes()) return REAL(f)->xSync(real_of(f), flags);
  if (armed.kind == tb_fault_late) REAL(f)->xSync(real_of(f), flags);
  return SQLITE_IOERR_FSYNC;
}
static int f_size(sqlite3_file *f, sqlite3_int64 *n) { return REAL(f)->xFileSize(real_of(f), n); }
static int f_lock(sqlite3_file *f, int k) { return REAL(f)->xLock(real_of(f), k); }
static int f_unlock(sqlite3_file *f, int k) { return REAL(f)->xUnlock(real_of(f), k); }
static int f_reserved(sqlite3_file *f, int *r) {
  return REAL(f)->xCheckReservedLock(real_of(f), r);
}
static int f_control(sqlite3_file *f, int op, void *p) {
  return REAL(f)->xFileControl(real_of(f), op, p);
}
static int f_sector(sqlite3_file *f) { return REAL(f)->xSectorSize(real_of(f)); }
static int f_traits(sqlite3_file *f) { return REAL(f)->xDeviceCharacteristics(real_of(f)); }
static int f_map(sqlite3_file *f, int page, int size, int extend, void volatile **p) {
  if (extend && strikes()) {
    *p = NULL;
    return armed.kind == tb_fault_full ? SQLITE_FULL : SQLITE_IOERR_SHMSIZE;
  }
  return REAL(f)->xShmMap(real_of(f), page, size, extend, p);
}
static int f_shm_lock(sqlite3_file *f, int o, int n, int flags) {
  return REAL(f)->xShmLock(real_of(f), o, n, flags);
}
static void f_barrier(sqlite3_file *f) { REAL(f)->xShmBarrier(real_of(f)); }
static int f_unmap(sqlite3_file *f, int delete) { return REAL(f)->xShmUnmap(real_of(f), delete); }

static const sqlite3_io_methods methods = {
    2,        f_close,  f_read,     f_write,   f_truncate, f_sync,  f_size,     f_lock,    f_unlock,
    f_reserved, f_control, f_sector, f_traits, f_map,      f_shm_lock, f_barrier, f_unmap, NULL, NULL,
};

static sqlite3_vfs *real;

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out) {
  (void)v;
  fault_file *file = (fault_file *)f;
  file->real = (sqlite3_file *)(file + 1);
  int code = real->xOpen(real, name, file->real, flags, out);
  file->base.pMethods = file->real->pMethods ? &methods : NULL;
  return code;
}
static int v_delete(sqlite3_vfs *v, const char *name, int sync) {
  (void)v;
  if (strikes() && armed.kind != tb_fault_late) return SQLITE_IOERR_DELETE;
  return real->xDelete(real, name, sync);
}

int tb_fault_register(void) {
  static sqlite3_vfs vfs;
  if (vfs.zName) return SQLITE_OK;
  int code = sqlite3_initialize();
  if (code != SQLITE_OK) return code;
  real = sqlite3_vfs_find(NULL);
  if (!real) return SQLITE_ERROR;
  vfs = *real;
  vfs.zName = "fault";
  vfs.pNext = NULL;
  vfs.szOsFile = (int)sizeof(fault_file) + real->szOsFile;
  vfs.xOpen = v_open;
  vfs.xDelete = v_delete;
  return sqlite3_vfs_register(&vfs, 0);
}
