#include "inflate.h"
#include <stdlib.h>
#include <zlib.h>

struct tb_inflate {
  z_stream stream;
  // Between two members, or behind the last one.
  int is_whole;
};

tb_inflate *tb_inflate_new(void) {
  tb_inflate *s = calloc(1, sizeof *s);
  if (!s) return NULL;
  // 15 bits of window; 16 more say gzip and nothing else.
  if (inflateInit2(&s->stream, 15 + 16) == Z_OK) return s;
  free(s);
  return NULL;
}

void tb_inflate_free(tb_inflate *s) {
  inflateEnd(&s->stream);
  free(s);
}

void tb_inflate_feed(tb_inflate *s, const uint8_t *bytes, size_t count) {
  s->stream.next_in = (Bytef *)(uintptr_t)bytes;
  s->stream.avail_in = (uInt)count;
}

ptrdiff_t tb_inflate_take(tb_inflate *s, uint8_t *bytes, size_t count) {
  s->stream.next_out = bytes;
  s->stream.avail_out = (uInt)count;
  while (s->stream.avail_out > 0 && (s->stream.avail_in > 0 || !s->is_whole)) {
    if (s->is_whole) {
      // gzip allows several members, one behind the other.
      if (inflateReset(&s->stream) != Z_OK) return -1;
      s->is_whole = 0;
    }
    int code = inflate(&s->stream, Z_NO_FLUSH);
    if (code == Z_STREAM_END) s->is_whole = 1;
    else if (code == Z_BUF_ERROR) break;
    else if (code != Z_OK) return -1;
  }
  return (ptrdiff_t)(count - s->stream.avail_out);
}

ptrdiff_t tb_inflate_left(const tb_inflate *s) { return (ptrdiff_t)s->stream.avail_in; }

int tb_inflate_is_whole(const tb_inflate *s) { return s->is_whole; }
