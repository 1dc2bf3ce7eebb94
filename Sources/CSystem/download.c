#include "download.h"
#include "curl_common.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t take(char *bytes, size_t size, size_t count, void *context) {
  tb_download_answer *a = context;
  size_t more = size * count;
  if (a->count + more > (size_t)a->bytes_max) {
    a->outcome = TB_DOWNLOAD_TOO_LARGE;
    return 0;
  }
  if (a->count + more > a->capacity) {
    size_t room = a->capacity ? a->capacity * 2 : 1 << 16;
    while (room < a->count + more) room *= 2;
    uint8_t *grown = realloc(a->bytes, room);
    if (!grown) return 0;
    a->bytes = grown;
    a->capacity = room;
  }
  memcpy(a->bytes + a->count, bytes, more);
  a->count += more;
  return more;
}

static int moved(void *context, curl_off_t total, curl_off_t now, curl_off_t up, curl_off_t sent) {
  (void)up;
  (void)sent;
  tb_download_answer *a = context;
  if (a->progress) a->progress(a->context, now, total);
  return 0;
}

static int outcome(CURLcode code) {
  switch (code) {
    case CURLE_OK: return TB_DOWNLOAD_OK;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return TB_DOWNLOAD_UNREACHABLE;
    case CURLE_OPERATION_TIMEDOUT: return TB_DOWNLOAD_TIMEOUT;
    case CURLE_PARTIAL_FILE: return TB_DOWNLOAD_TRUNCATED;
    case CURLE_FILESIZE_EXCEEDED: return TB_DOWNLOAD_TOO_LARGE;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return TB_DOWNLOAD_TLS;
    default: return TB_DOWNLOAD_BROKEN;
  }
}

void tb_download(const char *url, const tb_download_limits *limits, tb_download_answer *a) {
  a->bytes = NULL;
  a->count = a->capacity = 0;
  a->bytes_max = limits->bytes_max;
  a->outcome = TB_DOWNLOAD_OK;
  a->status = 0;
  a->retry_after_s = -1;
  a->redirect[0] = a->error[0] = 0;
  CURL *c = tb_curl_new();
  if (!c) {
    a->outcome = TB_DOWNLOAD_NO_LIBRARY;
    return;
  }
  char words[CURL_ERROR_SIZE] = {0};
  struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
  CURLcode set = tb_curl_guard(c, url, 0, limits->connect_ms, limits->total_ms, words);
#define SET(option, value) \
  if (set == CURLE_OK) set = curl_easy_setopt(c, option, value)
  SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)limits->bytes_max);
  SET(CURLOPT_ACCEPT_ENCODING, "gzip");
  SET(CURLOPT_HTTPHEADER, headers);
  SET(CURLOPT_USERAGENT, limits->user_agent);
  SET(CURLOPT_WRITEFUNCTION, take);
  SET(CURLOPT_WRITEDATA, a);
  SET(CURLOPT_NOPROGRESS, 0L);
  SET(CURLOPT_XFERINFOFUNCTION, moved);
  SET(CURLOPT_XFERINFODATA, a);
#undef SET
  CURLcode code = set == CURLE_OK ? curl_easy_perform(c) : set;
  // What was noted while taking bytes is the cause; libcurl's code is only its effect.
  if (a->outcome == TB_DOWNLOAD_OK) a->outcome = outcome(code);
  if (code != CURLE_OK)
    snprintf(a->error, sizeof a->error, "%s", words[0] ? words : curl_easy_strerror(code));
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &a->status);
  char *redirect = NULL;
  if (curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &redirect) == CURLE_OK && redirect)
    snprintf(a->redirect, sizeof a->redirect, "%s", redirect);
  a->retry_after_s = tb_curl_retry_after(c);
  curl_slist_free_all(headers);
  curl_easy_cleanup(c);
}

void tb_download_free(tb_download_answer *answer) {
  free(answer->bytes);
  answer->bytes = NULL;
  answer->count = answer->capacity = 0;
}
