// Unpacks gzip by zlib, piece by piece.
#ifndef TOLLBOOK_INFLATE_H
#define TOLLBOOK_INFLATE_H
#include <stddef.h>
#include <stdint.h>

typedef struct tb_inflate tb_inflate;
// NULL when there is no memory.
tb_inflate *tb_inflate_new(void);
void tb_inflate_free(tb_inflate *state);
// The next piece of what is packed; it stays the caller's until it is used up.
void tb_inflate_feed(tb_inflate *state, const uint8_t *bytes, size_t count);
// Unpacks into `bytes`. How many were written: fewer than `count` when the piece is used up; -1 when it is
// no gzip.
ptrdiff_t tb_inflate_take(tb_inflate *state, uint8_t *bytes, size_t count);
// Bytes of the piece that are not used up.
ptrdiff_t tb_inflate_left(const tb_inflate *state);
// Whether the last member has come to its end, with its checksum.
int tb_inflate_is_whole(const tb_inflate *state);
#endif
