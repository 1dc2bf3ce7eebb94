// A way to files for SQLite that breaks at a chosen write: for tests of what a ledger survives.
#ifndef TOLLBOOK_FAULT_VFS_H
#define TOLLBOOK_FAULT_VFS_H

enum tb_fault_kind {
  // The operation fails and does nothing.
  tb_fault_error,
  // The operation finds no space.
  tb_fault_full,
  // Half of a write is done, then it fails.
  tb_fault_torn,
  // The operation is done in full, and fails nevertheless.
  tb_fault_late,
};

// Makes the way known to SQLite under the name "fault". 0, or SQLite's code.
int tb_fault_register(void);

// The operation that is `at`-th from now fails, and with `lasting` every later one; 0 for none.
void tb_fault_arm(long at, enum tb_fault_kind kind, int lasting);

// Operations since it was armed, and whether one failed.
long tb_fault_count(void);
int tb_fault_struck(void);
#endif
