#define _GNU_SOURCE
#include "deliver.h"
#include "net.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t spawn(const char *path, int input, char *const *environment, int *error) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  // Signals as a program finds them, and a group of its own, so that all of it can be ended.
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  char *const arguments[] = {(char *)path, NULL};
  pid_t process = 0;
  *error = posix_spawn(&process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

// Writes all of it, as far as the program reads on and until `end`. SIGPIPE is blocked by the caller.
static void feed(int output, const char *bytes, size_t count, int64_t end) {
  fcntl(output, F_SETFL, O_NONBLOCK);
  size_t sent = 0;
  while (sent < count) {
    ssize_t more = write(output, bytes + sent, count - sent);
    if (more > 0) {
      sent += (size_t)more;
      continue;
    }
    if (more < 0 && errno != EAGAIN && errno != EINTR) return;
    int64_t left = (end - tb_steady_us()) / 1000;
    if (left <= 0) return;
    struct pollfd place = {.fd = output, .events = POLLOUT};
    poll(&place, 1, (int)left);
  }
}

void tb_run_program(
    const char *path, const void *bytes, size_t count, int64_t total_ms, tb_delivery *d) {
  memset(d, 0, sizeof *d);
  d->retry_after_s = -1;
  d->outcome = TB_DELIVER_BROKEN;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    snprintf(d->error, sizeof d->error, "no pipe: %s", tb_error_name(errno));
    return;
  }
  char search[4096];
  const char *own = getenv("PATH");
  snprintf(search, sizeof search, "PATH=%s", own ? own : "/usr/bin:/bin");
  char *const environment[] = {search, NULL};
  int error = 0;
  pid_t process = spawn(path, ends[0], environment, &error);
  close(ends[0]);
  if (error != 0) {
    close(ends[1]);
    d->outcome = TB_DELIVER_UNREACHED;
    snprintf(d->error, sizeof d->error, "it cannot be started: %s", tb_error_name(error));
    return;
  }
  int64_t end = tb_steady_us() + total_ms * 1000;
  sigset_t pipe_signal, before;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  feed(ends[1], bytes, count, end);
  close(ends[1]);
  struct timespec at_once = {0};
  while (sigtimedwait(&pipe_signal, NULL, &at_once) > 0) {}
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  int status = 0;
  pid_t ended;
  while ((ended = waitpid(process, &status, WNOHANG)) == 0 && tb_steady_us() < end) tb_pause(2000);
  if (ended == 0) {
    kill(-process, SIGKILL);
    waitpid(process, &status, 0);
    d->outcome = TB_DELIVER_IN_DOUBT;
    snprintf(d->error, sizeof d->error, "it ran longer than %lld ms", (long long)total_ms);
    return;
  }
  if (WIFEXITED(status)) {
    d->outcome = TB_DELIVER_ANSWERED;
    d->status = WEXITSTATUS(status);
    if (d->status != 0) snprintf(d->error, sizeof d->error, "it exits with %ld", d->status);
  } else {
    d->outcome = TB_DELIVER_IN_DOUBT;
    snprintf(d->error, sizeof d->error, "a signal ended it: %d", WTERMSIG(status));
  }
}
