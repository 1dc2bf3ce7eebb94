// What every use of libcurl here begins with: private to this target.
#ifndef TB_CURL_COMMON_H
#define TB_CURL_COMMON_H
#include <curl/curl.h>
#include <stdint.h>

// A transfer of its own, the library made ready once for all threads; NULL when it cannot be.
CURL *tb_curl_new(void);

// What holds for every transfer: only these schemes, no redirect followed, certificates checked from TLS 1.2 on,
// two time limits, no proxy to this machine, no signal. `words` takes CURL_ERROR_SIZE bytes of the last fault.
CURLcode tb_curl_guard(CURL *c, const char *url, int is_mail, int64_t connect_ms, int64_t total_ms, char *words);

// Seconds that the answer asks to wait; -1 when it does not ask.
int64_t tb_curl_retry_after(CURL *c);

#endif
