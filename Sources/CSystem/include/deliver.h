// One message out: by libcurl to a web address or a mail server, or to a program's standard input.
#ifndef TOLLBOOK_DELIVER_H
#define TOLLBOOK_DELIVER_H
#include <stddef.h>
#include <stdint.h>

// What is sent, and where. Texts end in a zero byte; those that are not needed are NULL.
typedef struct {
  const char *url;
  // A Unix socket to speak HTTP over, whatever `url` names.
  const char *unix_socket;
  // Header lines of a POST, or the addresses of a mail's receivers; `lines` of them.
  const char *const *lines;
  int32_t line_count;
  // Of a mail only. With `sender` NULL it is a POST, or with `body` NULL as well a GET.
  const char *sender;
  const char *user;
  const char *password;
  const void *body;
  size_t count;
  const char *user_agent;
  int64_t connect_ms;
  int64_t total_ms;
  // Whether link-local addresses, where clouds keep their metadata, may be connected to.
  int32_t allows_link_local;
  // Whether a mail may go without TLS.
  int32_t allows_plain;
} tb_message;

// How it ended.
enum {
  TB_DELIVER_ANSWERED = 0,  // `status` says what the other side thinks of it
  TB_DELIVER_UNREACHED,     // it was not sent: no name, no connection
  TB_DELIVER_IN_DOUBT,      // it may have arrived: a time-out or a break after the connection stood
  TB_DELIVER_TLS,           // the other side could not be verified
  TB_DELIVER_FORBIDDEN,     // the address is link-local
  TB_DELIVER_BROKEN,        // anything else
};

typedef struct {
  int outcome;
  // HTTP or SMTP status; a program's exit status. 0 when there is none.
  long status;
  // What Retry-After says; -1 when nothing.
  int64_t retry_after_s;
  // The answer's first bytes, and libcurl's words; each ends in a zero byte.
  char words[1024];
  char error[256];
} tb_delivery;

// Sends without following redirects. TLS is verified; proxies are those of the environment but for
// loopback.
void tb_deliver(const tb_message *message, tb_delivery *delivery);

// Runs the program at `path`, without arguments and with nothing of this process's environment but
// PATH, and writes the bytes to its standard input; its own words go nowhere. Kills it and what it
// started when `total_ms` are over.
void tb_run_program(
    const char *path, const void *bytes, size_t count, int64_t total_ms, tb_delivery *delivery);
#endif
