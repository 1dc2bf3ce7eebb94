#define _GNU_SOURCE
#include "mount.h"
#include <errno.h>
#include <sys/mount.h>
#include <unistd.h>

int tb_mount_memory(const char *folder, const char *options, int read_only) {
  return mount("tmpfs", folder, "tmpfs", read_only ? MS_RDONLY : 0, options) == 0 ? 0 : errno;
}

int tb_mount_read_only(const char *folder) {
  return mount(NULL, folder, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0 ? 0 : errno;
}

int tb_unmount(const char *folder) { return umount2(folder, MNT_DETACH) == 0 ? 0 : errno; }

int tb_user_is_root(void) { return geteuid() == 0; }
