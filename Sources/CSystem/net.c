#define _GNU_SOURCE
#include "net.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int tb_path_kind(const char *path) {
  struct stat s;
  if (lstat(path, &s) != 0) return errno == ENOENT ? 0 : -errno;
  return S_ISSOCK(s.st_mode) ? 1 : 2;
}

static int address(const char *path, struct sockaddr_un *a) {
  memset(a, 0, sizeof *a);
  a->sun_family = AF_UNIX;
  if (strlen(path) >= sizeof a->sun_path) return -ENAMETOOLONG;
  strcpy(a->sun_path, path);
  return 0;
}

static int bind_unix(const char *path, int mode, int type) {
  struct sockaddr_un a;
  int rc = address(path, &a);
  if (rc) return rc;
  int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  // The mode is there from the first instant: no one gets in between bind and chmod.
  mode_t old = umask((mode_t)(0777 & ~mode));
  rc = bind(fd, (struct sockaddr *)&a, sizeof a);
  int e = errno;
  umask(old);
  if (rc == 0) return fd;
  close(fd);
  return -e;
}

int tb_listen_unix(const char *path, int mode, int backlog) {
  int fd = bind_unix(path, mode, SOCK_STREAM);
  if (fd < 0 || listen(fd, backlog) == 0) return fd;
  int e = errno;
  close(fd);
  return -e;
}

// Has the kernel say with each datagram who sent it.
static void ask_for_senders(int fd) {
  int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
}

int tb_bind_datagrams(const char *path, int mode) {
  int fd = bind_unix(path, mode, SOCK_DGRAM);
  if (fd >= 0) ask_for_senders(fd);
  return fd;
}

int tb_check_inet(const char *text) {
  struct in_addr a;
  return inet_pton(AF_INET, text, &a) == 1 ? 0 : -EINVAL;
}

int tb_listen_inet(const char *text, int port, int backlog) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  if (inet_pton(AF_INET, text, &a.sin_addr) != 1) return -EINVAL;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, backlog) == 0) return fd;
  int e = errno;
  close(fd);
  return -e;
}

int tb_adopt_socket(int d, char *path, size_t count) {
  int type = 0, listens = 0;
  socklen_t n = sizeof type;
  struct sockaddr_storage a = {0};
  socklen_t length = sizeof a;
  path[0] = 0;
  if (getsockopt(d, SOL_SOCKET, SO_TYPE, &type, &n) != 0) return -errno;
  n = sizeof listens;
  if (getsockopt(d, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) != 0) return -errno;
  if (getsockname(d, (struct sockaddr *)&a, &length) != 0) return -errno;
  if (fcntl(d, F_SETFD, FD_CLOEXEC) != 0 || fcntl(d, F_SETFL, fcntl(d, F_GETFL) | O_NONBLOCK) != 0) return -errno;
  if (a.ss_family == AF_UNIX) {
    snprintf(path, count, "%s", ((struct sockaddr_un *)&a)->sun_path);
    if (type == SOCK_STREAM && listens) return 1;
    if (type != SOCK_DGRAM) return -EINVAL;
    ask_for_senders(d);
    return 2;
  }
  return (a.ss_family == AF_INET || a.ss_family == AF_INET6) && type == SOCK_STREAM && listens ? 3 : -EINVAL;
}

static int connect_unix(const char *path, int type) {
  struct sockaddr_un a;
  int rc = address(path, &a);
  if (rc) return rc;
  int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) return fd;
  int e = errno;
  close(fd);
  return -e;
}

int tb_connect_unix(const char *path) { return connect_unix(path, SOCK_STREAM); }
int tb_connect_datagrams(const char *path) { return connect_unix(path, SOCK_DGRAM); }

ssize_t tb_receive_datagram(int d, void *bytes, size_t count, int64_t *uid) {
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(struct ucred))];
  } control;
  struct iovec piece = {.iov_base = bytes, .iov_len = count};
  struct msghdr message = {
    .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t n;
  *uid = -1;
  // Descriptors that someone sends along have no room here, and the kernel closes them.
  do n = recvmsg(d, &message, MSG_DONTWAIT | MSG_TRUNC | MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  if (n < 0) return -errno;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
    struct ucred sender;
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS) continue;
    memcpy(&sender, CMSG_DATA(c), sizeof sender);
    *uid = (int64_t)sender.uid;
  }
  return n;
}

int tb_unlink(const char *path) { return unlink(path) == 0 ? 0 : -errno; }

int tb_accept(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  return fd >= 0 ? fd : -errno;
}

ssize_t tb_read(int d, void *bytes, size_t count) {
  ssize_t n;
  do n = read(d, bytes, count);
  while (n < 0 && errno == EINTR);
  return n >= 0 ? n : -errno;
}

ssize_t tb_receive(int d, void *bytes, size_t count) {
  ssize_t n;
  do n = recv(d, bytes, count, MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n >= 0 ? n : -errno;
}

ssize_t tb_write(int d, const void *bytes, size_t count) {
  ssize_t n;
  do n = write(d, bytes, count);
  while (n < 0 && errno == EINTR);
  return n >= 0 ? n : -errno;
}

ssize_t tb_send(int d, const void *bytes, size_t count) {
  ssize_t n;
  do n = send(d, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n >= 0 ? n : -errno;
}

ssize_t tb_send_all(int d, const void *bytes, size_t count) {
  const char *p = bytes;
  size_t left = count;
  while (left > 0) {
    ssize_t n = send(d, p, left, MSG_NOSIGNAL);
    if (n >= 0) {
      p += n;
      left -= (size_t)n;
    } else if (errno == EAGAIN) {
      struct pollfd w = {.fd = d, .events = POLLOUT};
      poll(&w, 1, -1);
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return (ssize_t)count;
}

const char *tb_error_name(int error) {
  const char *name = strerrorname_np(error);
  return name ? name : "unknown";
}

int64_t tb_raise_files(void) {
  struct rlimit r;
  if (getrlimit(RLIMIT_NOFILE, &r) != 0) return 1024;
  if (r.rlim_cur < r.rlim_max) {
    rlim_t old = r.rlim_cur;
    r.rlim_cur = r.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &r) != 0) r.rlim_cur = old;
  }
  return r.rlim_cur > 1 << 20 ? 1 << 20 : (int64_t)r.rlim_cur;
}

void tb_forbid_dumps(void) {
  struct rlimit none = {0, 0};
  // A core that is piped to a program knows no limit; one of a process that is not dumpable is not made at all.
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

int tb_close(int d) { return close(d) == 0 ? 0 : -errno; }

int tb_end_sending(int d) { return shutdown(d, SHUT_WR) == 0 ? 0 : -errno; }

void tb_send_at_once(int d) {
  int one = 1;
  setsockopt(d, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

int64_t tb_peer_uid(int d) {
  struct ucred c;
  socklen_t n = sizeof c;
  return getsockopt(d, SOL_SOCKET, SO_PEERCRED, &c, &n) == 0 ? (int64_t)c.uid : -1;
}

int64_t tb_own_uid(void) { return (int64_t)geteuid(); }

int tb_peer_shares_group(int d, const char *path) {
  struct stat s;
  struct ucred c;
  socklen_t n = sizeof c;
  if (stat(path, &s) != 0 || getsockopt(d, SOL_SOCKET, SO_PEERCRED, &c, &n) != 0) return 0;
  if (c.gid == s.st_gid) return 1;
#ifdef SO_PEERGROUPS
  // As many as the kernel lets a process have: what it wants more room for than this is no member.
  static const socklen_t most = 65536 * sizeof(gid_t);
  socklen_t size = 64 * sizeof(gid_t);
  while (size <= most) {
    gid_t *groups = malloc(size);
    if (!groups) return 0;
    socklen_t got = size;
    if (getsockopt(d, SOL_SOCKET, SO_PEERGROUPS, groups, &got) == 0) {
      int found = 0;
      for (socklen_t i = 0; i < got / sizeof(gid_t); i++) found |= groups[i] == s.st_gid;
      free(groups);
      return found;
    }
    int error = errno;
    free(groups);
    if (error != ERANGE) return 0;
    size = got > size ? got : size * 2;
  }
#endif
  return 0;
}

int tb_peer_is_local(int d) {
  union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
  } a;
  socklen_t n = sizeof a;
  if (getpeername(d, &a.any, &n) != 0) return 0;
  if (a.any.sa_family == AF_INET) return ntohl(a.four.sin_addr.s_addr) >> 24 == 127;
  if (a.any.sa_family != AF_INET6) return 0;
  const unsigned char *six = a.six.sin6_addr.s6_addr;
  return IN6_IS_ADDR_LOOPBACK(&a.six.sin6_addr) || (IN6_IS_ADDR_V4MAPPED(&a.six.sin6_addr) && six[12] == 127);
}

int tb_set_receive_buffer(int d, int bytes) {
  return setsockopt(d, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) == 0 ? 0 : -errno;
}

int64_t tb_line_end(const uint8_t *bytes, int64_t count) {
  const void *p = memchr(bytes, '\n', (size_t)count);
  return p ? (const uint8_t *)p - bytes : count;
}

int tb_epoll_new(void) {
  int fd = epoll_create1(EPOLL_CLOEXEC);
  return fd >= 0 ? fd : -errno;
}

static int control(int epoll, int op, int d, int interest, uint64_t token) {
  struct epoll_event e = {.data.u64 = token};
  if (interest & 1) e.events |= EPOLLIN | EPOLLRDHUP;
  if (interest & 2) e.events |= EPOLLOUT;
  return epoll_ctl(epoll, op, d, &e) == 0 ? 0 : -errno;
}

int tb_epoll_add(int epoll, int d, int interest, uint64_t token) {
  return control(epoll, EPOLL_CTL_ADD, d, interest, token);
}
int tb_epoll_change(int epoll, int d, int interest, uint64_t token) {
  return control(epoll, EPOLL_CTL_MOD, d, interest, token);
}
int tb_epoll_remove(int epoll, int d) { return control(epoll, EPOLL_CTL_DEL, d, 0, 0); }

int tb_epoll_wait(int epoll, uint64_t *tokens, uint32_t *ready, int capacity, int milliseconds) {
  struct epoll_event e[64];
  if (capacity > 64) capacity = 64;
  int n = epoll_wait(epoll, e, capacity, milliseconds);
  if (n < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < n; i++) {
    tokens[i] = e[i].data.u64;
    ready[i] = (e[i].events & (EPOLLIN | EPOLLRDHUP) ? 1 : 0) | (e[i].events & EPOLLOUT ? 2 : 0) |
               (e[i].events & (EPOLLHUP | EPOLLERR) ? 4 : 0);
  }
  return n;
}

int tb_event_new(void) {
  int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd >= 0 ? fd : -errno;
}
void tb_event_raise(int event) {
  uint64_t one = 1;
  ssize_t n = write(event, &one, sizeof one);
  (void)n;
}
void tb_event_clear(int event) {
  uint64_t count;
  ssize_t n = read(event, &count, sizeof count);
  (void)n;
}

static int64_t clock_us(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
int64_t tb_wall_us(void) { return clock_us(CLOCK_REALTIME); }
int64_t tb_steady_us(void) { return clock_us(CLOCK_MONOTONIC); }

void tb_exit(int code) { _exit(code); }

void tb_pause(uint32_t microseconds) {
  struct timespec t = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};
  nanosleep(&t, NULL);
}

// A handler may only do what is safe at any instant: it writes the number into a pipe.
static int signal_pipe[2] = {-1, -1};
static void caught(int number) {
  int e = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t n = write(signal_pipe[1], &byte, 1);
  (void)n;
  errno = e;
}
int tb_catch_signals(void) {
  if (pipe2(signal_pipe, O_CLOEXEC) != 0) return errno;
  struct sigaction a = {.sa_handler = caught, .sa_flags = SA_RESTART};
  sigemptyset(&a.sa_mask);
  int numbers[] = {SIGTERM, SIGINT, SIGHUP};
  for (int i = 0; i < 3; i++)
    if (sigaction(numbers[i], &a, NULL) != 0) return errno;
  // Whoever started us may have blocked them, and a mask is inherited.
  sigset_t ours;
  sigemptyset(&ours);
  for (int i = 0; i < 3; i++) sigaddset(&ours, numbers[i]);
  int error = pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
  if (error) return error;
  a.sa_handler = SIG_IGN;
  return sigaction(SIGPIPE, &a, NULL) == 0 ? 0 : errno;
}
int tb_wait_signal(void) {
  unsigned char byte = 0;
  while (read(signal_pipe[0], &byte, 1) != 1) {
  }
  return byte;
}

struct start {
  void (*body)(void *);
  void *argument;
  char name[16];
};
static void *run(void *p) {
  struct start s = *(struct start *)p;
  free(p);
  pthread_setname_np(pthread_self(), s.name);
  s.body(s.argument);
  return NULL;
}
int tb_thread(void (*body)(void *), void *argument, const char *name) {
  struct start *s = calloc(1, sizeof *s);
  if (!s) return ENOMEM;
  s->body = body;
  s->argument = argument;
  snprintf(s->name, sizeof s->name, "%s", name);
  pthread_t t;
  int rc = pthread_create(&t, NULL, run, s);
  if (rc == 0) pthread_detach(t);
  else free(s);
  return rc;
}

// On Linux a nice value is a thread's own, and 0 the calling one.
void tb_thread_yields(void) { (void)setpriority(PRIO_PROCESS, 0, 10); }

// Without it the kernel often lets the thread that a write wakes go before the one that wrote.
void tb_thread_awaits_turn(void) {
  struct sched_param none = {0};
  (void)sched_setscheduler(0, SCHED_BATCH, &none);
}

struct tb_gate {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
};
tb_gate *tb_gate_new(void) {
  tb_gate *g = malloc(sizeof *g);
  pthread_condattr_t a;
  pthread_condattr_init(&a);
  pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
  pthread_mutex_init(&g->mutex, NULL);
  pthread_cond_init(&g->condition, &a);
  return g;
}
void tb_gate_lock(tb_gate *g) { pthread_mutex_lock(&g->mutex); }
void tb_gate_unlock(tb_gate *g) { pthread_mutex_unlock(&g->mutex); }
void tb_gate_wait(tb_gate *g, int milliseconds) {
  if (milliseconds < 0) {
    pthread_cond_wait(&g->condition, &g->mutex);
    return;
  }
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_sec += milliseconds / 1000;
  t.tv_nsec += (long)(milliseconds % 1000) * 1000000;
  if (t.tv_nsec >= 1000000000) {
    t.tv_sec++;
    t.tv_nsec -= 1000000000;
  }
  pthread_cond_timedwait(&g->condition, &g->mutex, &t);
}
void tb_gate_notify(tb_gate *g) { pthread_cond_broadcast(&g->condition); }

int64_t tb_resident_bytes(void) {
  FILE *f = fopen("/proc/self/statm", "r");
  if (!f) return 0;
  long size = 0, resident = 0;
  int n = fscanf(f, "%ld %ld", &size, &resident);
  fclose(f);
  return n == 2 ? (int64_t)resident * sysconf(_SC_PAGESIZE) : 0;
}
int64_t tb_cpu_us(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return (int64_t)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000 + r.ru_utime.tv_usec +
         r.ru_stime.tv_usec;
}
