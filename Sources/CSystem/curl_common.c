#include "curl_common.h"
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode ready = CURLE_FAILED_INIT;

static void start(void) { ready = curl_global_init(CURL_GLOBAL_DEFAULT); }

CURL *tb_curl_new(void) {
  pthread_once(&once, start);
  return ready == CURLE_OK ? curl_easy_init() : NULL;
}

CURLcode tb_curl_guard(CURL *c, const char *url, int is_mail, int64_t connect_ms, int64_t total_ms, char *words) {
  CURLcode set = CURLE_OK;
#define SET(option, value) \
  if (set == CURLE_OK) set = curl_easy_setopt(c, option, value)
  SET(CURLOPT_URL, url);
#if LIBCURL_VERSION_NUM >= 0x075500
  SET(CURLOPT_PROTOCOLS_STR, is_mail ? "smtp,smtps" : "http,https");
#else
  SET(CURLOPT_PROTOCOLS, (long)(is_mail ? CURLPROTO_SMTP | CURLPROTO_SMTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_SSL_VERIFYPEER, 1L);
  SET(CURLOPT_SSL_VERIFYHOST, 2L);
  SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  SET(CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
  SET(CURLOPT_TIMEOUT_MS, (long)total_ms);
  SET(CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_ERRORBUFFER, words);
#undef SET
  return set;
}

int64_t tb_curl_retry_after(CURL *c) {
  curl_off_t after = 0;
  return curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &after) == CURLE_OK && after > 0 ? after : -1;
}
