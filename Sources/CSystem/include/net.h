// Unix sockets, epoll, eventfd and signals: what Glibc's Swift module leaves out.
#ifndef TOLLBOOK_NET_H
#define TOLLBOOK_NET_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Every function returns 0 or a count when it worked, and -errno when it did not.

// What stands at a path: 0 nothing, 1 a socket, 2 something else; -errno when that is unknown.
int tb_path_kind(const char *path);
// Binds and listens on a stream socket with that mode, made under a closed umask. The descriptor.
int tb_listen_unix(const char *path, int mode, int backlog);
// Binds a datagram socket likewise. The descriptor.
int tb_bind_datagrams(const char *path, int mode);
// Binds and listens on an IPv4 address such as 127.0.0.1. The descriptor.
int tb_listen_inet(const char *address, int port, int backlog);
// 0 when the text is an IPv4 address.
int tb_check_inet(const char *address);
// What a descriptor is that another program opened: 1 a listening stream, 2 a socket for datagrams, both of
// Unix, 3 a listening stream of IPv4 or IPv6; -errno for anything else. `path` gets its name, if it has one.
int tb_adopt_socket(int descriptor, char *path, size_t count);
// Connects to a stream socket, or to one for datagrams. The descriptor.
int tb_connect_unix(const char *path);
int tb_connect_datagrams(const char *path);
// Takes one datagram that has come, not waiting. Its whole length, which may be more than `count`;
// -EAGAIN when none has. `uid` gets its sender's user id; -1 when unknown.
ssize_t tb_receive_datagram(int descriptor, void *bytes, size_t count, int64_t *uid);
int tb_unlink(const char *path);
// Accepts a connection, not blocking. The descriptor; -EAGAIN when there is none.
int tb_accept(int listener);
ssize_t tb_read(int descriptor, void *bytes, size_t count);
// Takes what has come, without waiting; -EAGAIN when nothing has.
ssize_t tb_receive(int descriptor, void *bytes, size_t count);
ssize_t tb_write(int descriptor, const void *bytes, size_t count);
// Sends without a signal and without waiting.
ssize_t tb_send(int descriptor, const void *bytes, size_t count);
// Sends all, waiting as long as it takes.
ssize_t tb_send_all(int descriptor, const void *bytes, size_t count);
int tb_close(int descriptor);
// Says that nothing more will be sent; what comes can still be read.
int tb_end_sending(int descriptor);
// Sends small answers at once: without it one on TCP waits for the other side's acknowledgement.
void tb_send_at_once(int descriptor);
// The name of an errno, such as EMFILE.
const char *tb_error_name(int error);
// Lets this process open as many files as it may; how many that is, at most 2^20.
int64_t tb_raise_files(void);
// Lets nobody have this process's memory: it leaves no core, and no other process of its user may look into it.
void tb_forbid_dumps(void);
// User id of a connected peer; -1 when unknown.
int64_t tb_peer_uid(int descriptor);
// User id that this process acts as.
int64_t tb_own_uid(void);
// Whether a connected peer is a member of the group that owns the file at `path`: 1 or 0.
int tb_peer_shares_group(int descriptor, const char *path);
// Whether a connected peer's address is one of loopback: 1 or 0.
int tb_peer_is_local(int descriptor);
// Room the kernel keeps for a socket's bytes.
int tb_set_receive_buffer(int descriptor, int bytes);

// Index of the first newline in `bytes[0..<count]`, or count.
int64_t tb_line_end(const uint8_t *bytes, int64_t count);

int tb_epoll_new(void);
// Watches a descriptor for input (1), output (2) or both (3); 0 for neither.
int tb_epoll_add(int epoll, int descriptor, int interest, uint64_t token);
int tb_epoll_change(int epoll, int descriptor, int interest, uint64_t token);
int tb_epoll_remove(int epoll, int descriptor);
// Waits up to `milliseconds` (-1: for ever). How many of `tokens` and `ready` were filled; bits of
// ready: 1 input, 2 output, 4 hung up.
int tb_epoll_wait(int epoll, uint64_t *tokens, uint32_t *ready, int capacity, int milliseconds);

int tb_event_new(void);
void tb_event_raise(int event);
void tb_event_clear(int event);

// Microseconds since 1970 by the wall clock, and by a clock that only goes forward.
int64_t tb_wall_us(void);
int64_t tb_steady_us(void);

// Leaves at once, without tidying up.
void tb_exit(int code);
void tb_pause(uint32_t microseconds);

// Catches SIGTERM, SIGINT and SIGHUP for `tb_wait_signal`, and ignores SIGPIPE. 0, or errno.
int tb_catch_signals(void);
// Waits for one that was caught, and tells which.
int tb_wait_signal(void);

// Starts a thread on `body(argument)`. 0, or errno.
int tb_thread(void (*body)(void *), void *argument, const char *name);
// Lets other threads go before the calling one where the processor is wanted by both.
void tb_thread_yields(void);
// Has the calling thread, when it wakes, wait until whoever runs pauses or has had its time. It is slowed in no other
// way.
void tb_thread_awaits_turn(void);

typedef struct tb_gate tb_gate;
// A lock with a condition to wait for.
tb_gate *tb_gate_new(void);
void tb_gate_lock(tb_gate *gate);
void tb_gate_unlock(tb_gate *gate);
// Waits for a notice, up to `milliseconds` (-1: for ever).
void tb_gate_wait(tb_gate *gate, int milliseconds);
void tb_gate_notify(tb_gate *gate);

// Bytes the process has in memory; user and system time it has used, in microseconds.
int64_t tb_resident_bytes(void);
int64_t tb_cpu_us(void);
#endif
