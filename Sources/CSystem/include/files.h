// Folders, lock files and random bytes: what the ledger asks of the system beside SQLite.
#ifndef TOLLBOOK_FILES_H
#define TOLLBOOK_FILES_H
#include <stddef.h>
#include <stdint.h>

// Makes the folder and those above it, for their owner only. 0, or errno.
int tb_make_folder(const char *path);

// Opens and locks the file, and writes this process's id into it. The descriptor (0 or more), or
// -errno; -EWOULDBLOCK when another holds it, with its id in `holder` (0 when unknown).
int tb_lock_file(const char *path, int32_t *holder);

// Empties the lock file and lets it go.
void tb_unlock_file(int descriptor);

// 0 when the path exists, else errno.
int tb_file_exists(const char *path);

// Bytes of the file; -errno when there is none.
int64_t tb_file_size(const char *path);

// 0 when files can be made in the folder, else errno.
int tb_folder_is_writable(const char *path);

// Fills `bytes` from the system's generator. 0, or errno.
int tb_random(void *bytes, size_t count);

// Writes the file beside its place and syncs it; it is not there yet. 0, or errno.
int tb_write_beside(const char *path, const void *bytes, size_t count);

// Puts what was written beside into its place, at once, or takes it away again. 0, or errno.
int tb_move_into_place(const char *path);
void tb_take_away_beside(const char *path);

// Syncs a folder, so that what was moved in it stays moved. 0, or errno.
int tb_sync_folder(const char *path);

// Writes a file for its owner only and puts it into its place at once, whatever stood there; syncs nothing.
// 0, or errno: then what stood there stands.
int tb_replace_file(const char *path, const void *bytes, size_t count);

// Opens a file for `tb_read_at`; not where a link stands. The descriptor, or -errno.
int tb_open_to_read(const char *path);
// Reads from a place in the file. How many bytes: fewer than `count` where it ends before; -errno.
ptrdiff_t tb_read_at(int descriptor, void *bytes, size_t count, int64_t offset);

// Tells each name in the folder. 0, or errno.
int tb_each_name(const char *path, void *context, void (*each)(void *context, const char *name));

// Whether an errno says that there is no space left; that another holds a lock; that writing is not
// allowed.
int tb_is_no_space(int error);
int tb_is_would_block(int error);
int tb_is_refused(int error);

// The system's words for an errno, in `text`.
void tb_error_text(int error, char *text, size_t count);
#endif
