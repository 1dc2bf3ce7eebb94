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

static inline uint64_t tb_load8(const uint8_t *p) {
  uint64_t v;
  memcpy(&v, p, 8);
  return v;
}
static inline uint32_t tb_load4(const uint8_t *p) {
  uint32_t v;
  memcpy(&v, p, 4);
  return v;
}

// Whether two runs of n bytes are the same. Short ones, which keys are, cost no call.
static inline int tb_equal(const uint8_t *a, const uint8_t *b, intptr_t n) {
  if (n > 16) return memcmp(a, b, (size_t)n) == 0;
  if (n >= 8) return tb_load8(a) == tb_load8(b) && tb_load8(a + n - 8) == tb_load8(b + n - 8);
  if (n >= 4) return tb_load4(a) == tb_load4(b) && tb_load4(a + n - 4) == tb_load4(b + n - 4);
  for (intptr_t i = 0; i < n; i++)
    if (a[i] != b[i]) return 0;
  return 1;
}

// Copies n bytes, 16 at a time: reads and writes up to 15 bytes behind the last one.
static inline void tb_copy_loosely(uint8_t *to, const uint8_t *from, intptr_t n) {
  for (intptr_t i = 0; i < n; i += 16) memcpy(to + i, from + i, 16);
}
#endif
