#define _GNU_SOURCE
#include "files.h"
#include <dirent.h>
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

// `path` with `.new` behind it; NULL when it is too long.
static const char *beside(const char *path, char *room, size_t count) {
  int n = snprintf(room, count, "%s.new", path);
  return n > 0 && (size_t)n < count ? room : NULL;
}

static int write_beside(const char *path, const void *bytes, size_t count, mode_t mode, int syncs) {
  char room[4096];
  const char *name = beside(path, room, sizeof room);
  if (!name) return ENAMETOOLONG;
  int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) return errno;
  int error = 0;
  const char *from = bytes;
  while (count > 0 && !error) {
    ssize_t n = write(fd, from, count);
    if (n < 0) {
      if (errno != EINTR) error = errno;
      continue;
    }
    from += n;
    count -= (size_t)n;
  }
  if (!error && syncs && fsync(fd) != 0) error = errno;
  if (close(fd) != 0 && !error) error = errno;
  if (error) unlink(name);
  return error;
}

int tb_write_beside(const char *path, const void *bytes, size_t count) {
  return write_beside(path, bytes, count, 0644, 1);
}

int tb_move_into_place(const char *path) {
  char room[4096];
  const char *name = beside(path, room, sizeof room);
  if (!name) return ENAMETOOLONG;
  return rename(name, path) == 0 ? 0 : errno;
}

void tb_take_away_beside(const char *path) {
  char room[4096];
  const char *name = beside(path, room, sizeof room);
  if (name) unlink(name);
}

int tb_replace_file(const char *path, const void *bytes, size_t count) {
  int error = write_beside(path, bytes, count, 0600, 0);
  if (!error) error = tb_move_into_place(path);
  if (error) tb_take_away_beside(path);
  return error;
}

int tb_open_to_read(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

ptrdiff_t tb_read_at(int descriptor, void *bytes, size_t count, int64_t offset) {
  size_t done = 0;
  while (done < count) {
    ssize_t n = pread(descriptor, (char *)bytes + done, count - done, offset + (off_t)done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -errno;
    if (n == 0) break;
    done += (size_t)n;
  }
  return (ptrdiff_t)done;
}

int tb_each_name(const char *path, void *context, void (*each)(void *context, const char *name)) {
  DIR *folder = opendir(path);
  if (!folder) return errno;
  struct dirent *entry;
  while ((entry = readdir(folder))) each(context, entry->d_name);
  closedir(folder);
  return 0;
}

int tb_sync_folder(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return errno;
  int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  return error;
}
