#define _GNU_SOURCE
#include "deliver.h"
#include "curl_common.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct way {
  const tb_message *message;
  tb_delivery *delivery;
  size_t words;
  size_t sent;
};

static size_t hear(char *bytes, size_t size, size_t count, void *context) {
  struct way *w = context;
  size_t more = size * count;
  for (size_t i = 0; i < more && w->words + 1 < sizeof w->delivery->words; i++)
    w->delivery->words[w->words++] = bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : ' ';
  return more;
}

static size_t give(char *bytes, size_t size, size_t count, void *context) {
  struct way *w = context;
  size_t room = size * count;
  size_t left = w->message->count - w->sent;
  if (left < room) room = left;
  memcpy(bytes, (const char *)w->message->body + w->sent, room);
  w->sent += room;
  return room;
}

// 169.254.0.0/16, fe80::/10, and the addresses at which clouds answer besides.
static int is_link_local(const struct sockaddr *address) {
  uint32_t v4 = 0;
  if (address->sa_family == AF_INET) {
    v4 = ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr);
  } else if (address->sa_family == AF_INET6) {
    const struct in6_addr *a = &((const struct sockaddr_in6 *)address)->sin6_addr;
    static const uint8_t amazon[16] = {0xfd, 0, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54};
    if (IN6_IS_ADDR_LINKLOCAL(a) || memcmp(a->s6_addr, amazon, 16) == 0) return 1;
    if (!IN6_IS_ADDR_V4MAPPED(a)) return 0;
    v4 = (uint32_t)a->s6_addr[12] << 24 | (uint32_t)a->s6_addr[13] << 16 |
         (uint32_t)a->s6_addr[14] << 8 | a->s6_addr[15];
  }
  return v4 >> 16 == 0xa9fe || v4 == 0x646464c8;
}

// Looks at the address that the name turned out to be, so that no name leads round the check.
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)purpose;
  struct way *w = context;
  if (!w->message->allows_link_local && is_link_local(&address->addr)) {
    w->delivery->outcome = TB_DELIVER_FORBIDDEN;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int outcome(CURLcode code, int sent) {
  switch (code) {
    case CURLE_OK: return TB_DELIVER_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return TB_DELIVER_UNREACHED;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return TB_DELIVER_TLS;
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return sent ? TB_DELIVER_IN_DOUBT : TB_DELIVER_UNREACHED;
    default: return TB_DELIVER_BROKEN;
  }
}

void tb_deliver(const tb_message *m, tb_delivery *d) {
  memset(d, 0, sizeof *d);
  d->retry_after_s = -1;
  CURL *c = tb_curl_new();
  if (!c) {
    d->outcome = TB_DELIVER_BROKEN;
    snprintf(d->error, sizeof d->error, "libcurl cannot be started");
    return;
  }
  struct way way = {.message = m, .delivery = d};
  char words[CURL_ERROR_SIZE] = {0};
  struct curl_slist *lines = NULL;
  for (int32_t i = 0; i < m->line_count; i++) lines = curl_slist_append(lines, m->lines[i]);
  CURLcode set = tb_curl_guard(c, m->url, m->sender != NULL, m->connect_ms, m->total_ms, words);
#define SET(option, value) \
  if (set == CURLE_OK) set = curl_easy_setopt(c, option, value)
  if (m->unix_socket) SET(CURLOPT_UNIX_SOCKET_PATH, m->unix_socket);
  if (m->sender) {
    SET(CURLOPT_USE_SSL, (long)(m->allows_plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    SET(CURLOPT_MAIL_FROM, m->sender);
    SET(CURLOPT_MAIL_RCPT, lines);
    if (m->user) SET(CURLOPT_USERNAME, m->user);
    if (m->password) SET(CURLOPT_PASSWORD, m->password);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, give);
    SET(CURLOPT_READDATA, &way);
    SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)m->count);
  } else {
    SET(CURLOPT_HTTPHEADER, lines);
    if (m->body) {
      SET(CURLOPT_POST, 1L);
      SET(CURLOPT_POSTFIELDS, (const char *)m->body);
      SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)m->count);
    }
    SET(CURLOPT_USERAGENT, m->user_agent);
  }
  SET(CURLOPT_WRITEFUNCTION, hear);
  SET(CURLOPT_WRITEDATA, &way);
  SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
  SET(CURLOPT_OPENSOCKETDATA, &way);
#undef SET
  CURLcode code = set == CURLE_OK ? curl_easy_perform(c) : set;
  // Before it began to send, nothing can have arrived.
  curl_off_t began = 0;
  curl_easy_getinfo(c, CURLINFO_PRETRANSFER_TIME_T, &began);
  int sent = m->sender ? way.sent > 0 : began > 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &d->status);
  // What was noted while connecting is the cause; libcurl's code is only its effect.
  if (d->outcome == TB_DELIVER_ANSWERED) d->outcome = outcome(code, sent);
  // A mail server that refuses has answered: libcurl's code is a fault, its number the answer.
  if (m->sender && code != CURLE_OK && d->status >= 400 && d->outcome != TB_DELIVER_TLS)
    d->outcome = TB_DELIVER_ANSWERED;
  if (code != CURLE_OK)
    snprintf(d->error, sizeof d->error, "%s", words[0] ? words : curl_easy_strerror(code));
  d->retry_after_s = tb_curl_retry_after(c);
  curl_slist_free_all(lines);
  curl_easy_cleanup(c);
}
