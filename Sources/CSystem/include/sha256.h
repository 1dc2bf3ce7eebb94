// SHA-256 by libcrypto.
#ifndef TOLLBOOK_SHA256_H
#define TOLLBOOK_SHA256_H
#include <stddef.h>
#include <stdint.h>

// The digest of `count` bytes, in 32 bytes of `digest`.
void tb_sha256(const void *bytes, size_t count, uint8_t *digest);

// A digest made piece by piece. `tb_sha256_end` writes it and begins the next one.
typedef struct tb_sha256_state tb_sha256_state;
tb_sha256_state *tb_sha256_new(void);
void tb_sha256_add(tb_sha256_state *state, const void *bytes, size_t count);
void tb_sha256_end(tb_sha256_state *state, uint8_t *digest);
void tb_sha256_free(tb_sha256_state *state);
#endif
