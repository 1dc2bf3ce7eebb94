// Byte scanning over 16 bytes at a time. Callers keep 16 readable bytes behind the last one.
#ifndef TOLLBOOK_SCAN_H
#define TOLLBOOK_SCAN_H
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// What stands in the next 16 bytes of a JSON string: bit i of `stop` for a quote, a backslash or a
// control character at i; `high` is nonzero when any byte is not ASCII.
typedef struct { uint32_t stop; uint32_t high; } tb_scan16;

static inline tb_scan16 tb_scan_string16(const uint8_t *p) {
  tb_scan16 r;
#if defined(__SSE2__)
  __m128i v = _mm_loadu_si128((const __m128i *)p);
  __m128i q = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  __m128i b = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  __m128i c = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
  r.stop = (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(q, b), c));
  r.high = (uint32_t)_mm_movemask_epi8(v);
#else
  r.stop = 0;
  r.high = 0;
  for (int i = 0; i < 16; i++) {
    uint8_t c = p[i];
    r.stop |= (uint32_t)(c == '"' || c == '\\' || c < 0x20) << i;
    r.high |= (uint32_t)(c >> 7) << i;
  }
#endif
  return r;
}

// Index of the first newline in `p[0..<n]`, or n when there is none.
static inline intptr_t tb_newline(const uint8_t *p, intptr_t n) {
  const void *q = memchr(p, '\n', (size_t)n);
  return q ? (const uint8_t *)q - p : n;
}

static inline int tb_equal(const uint8_t *a, const uint8_t *b, intptr_t n) {
  return memcmp(a, b, (size_t)n) == 0;
}
#endif
