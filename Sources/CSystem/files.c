#define _GNU_SOURCE
#include "files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

int tb_make_folder(const char *path) {
  char *copy = strdup(path);
  if (!copy) return ENOMEM;
  int error = 0;
  for (char *p = copy + 1; !error; p++) {
    char c = *p;
    if (c != '/' && c != 0) continue;
    *p = 0;
    if (mkdir(copy, 0700) != 0) {
      error = errno;
      struct stat s;
      // What is there already is as good as made, also where making would not be allowed.
      if (stat(copy, &s) == 0) error = S_ISDIR(s.st_mode) ? 0 : ENOTDIR;
    }
    *p = c;
    if (c == 0) break;
  }
  free(copy);
  return error;
}

int tb_lock_file(const char *path, int32_t *holder) {
  *holder = 0;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return -errno;
  char text[16] = {0};
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    int error = errno;
    if (error == EWOULDBLOCK && pread(fd, text, sizeof text - 1, 0) > 0) *holder = atoi(text);
    close(fd);
    return -error;
  }
  int n = snprintf(text, sizeof text, "%d\n", (int)getpid());
  // The id is for people; a full disk must not keep the lock from being taken.
  if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) < 0) errno = 0;
  return fd;
}

void tb_unlock_file(int descriptor) {
  if (ftruncate(descriptor, 0) != 0) errno = 0;
  // A child that was forked and has not yet become its program shares the lock: closing alone
  // would leave it held until then.
  flock(descriptor, LOCK_UN);
  close(descriptor);
}

int tb_file_exists(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 ? 0 : errno;
}

int64_t tb_file_size(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 ? (int64_t)s.st_size : -(int64_t)errno;
}

int tb_folder_is_writable(const char *path) {
  return access(path, W_OK | X_OK) == 0 ? 0 : errno;
}

int tb_random(void *bytes, size_t count) {
  return getrandom(bytes, count, 0) == (ssize_t)count ? 0 : EIO;
}

int tb_is_no_space(int error) { return error == ENOSPC || error == EDQUOT; }

int tb_is_would_block(int error) { return error == EWOULDBLOCK || error == EAGAIN; }

int tb_is_refused(int error) { return error == EROFS || error == EACCES || error == EPERM; }

void tb_error_text(int error, char *text, size_t count) {
  const char *words = strerror_r(error, text, count);
  if (words != text) snprintf(text, count, "%s", words);
}
