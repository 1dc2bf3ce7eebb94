// Small file systems in memory, to run out of space on.
#ifndef TOLLBOOK_MOUNT_H
#define TOLLBOOK_MOUNT_H

// Puts a file system in memory over the folder. 0, or errno.
int tb_mount_memory(const char *folder, const char *options, int read_only);
// Forbids writing to the file system over the folder from now on. 0, or errno.
int tb_mount_read_only(const char *folder);
int tb_unmount(const char *folder);
int tb_user_is_root(void);
#endif
