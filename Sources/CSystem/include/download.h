// One HTTP GET through libcurl, whose options are variadic and so not to be had from Swift.
#ifndef TOLLBOOK_DOWNLOAD_H
#define TOLLBOOK_DOWNLOAD_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
  int64_t connect_ms;
  int64_t total_ms;
  // Bytes of the body at most, as unpacked.
  int64_t bytes_max;
  const char *user_agent;
} tb_download_limits;

// Why there is no whole answer.
enum {
  TB_DOWNLOAD_OK = 0,
  TB_DOWNLOAD_UNREACHABLE,  // no name, no connection, a connection that broke
  TB_DOWNLOAD_TIMEOUT,
  TB_DOWNLOAD_TRUNCATED,    // it ended before the length that was stated
  TB_DOWNLOAD_TOO_LARGE,
  TB_DOWNLOAD_TLS,          // the other side could not be verified
  TB_DOWNLOAD_BROKEN,       // anything else: `error` says it
  TB_DOWNLOAD_NO_LIBRARY,
};

typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  int64_t bytes_max;
  int outcome;
  // HTTP status; 0 when there is none.
  long status;
  // What Retry-After says; -1 when nothing.
  int64_t retry_after_s;
  // Where a redirect leads, as a whole URL; empty when it is none.
  char redirect[2048];
  char error[256];
  void (*progress)(void *context, int64_t received, int64_t total);
  void *context;
} tb_download_answer;

// Asks for `url` without following redirects; TLS is verified, proxies are those of the environment
// but for loopback. Fills all of `answer` but `progress` and `context`, which the caller sets; its
// bytes are to be freed.
void tb_download(const char *url, const tb_download_limits *limits, tb_download_answer *answer);
void tb_download_free(tb_download_answer *answer);
#endif
