#include "sha256.h"
#include <openssl/evp.h>
#include <stdlib.h>

struct tb_sha256_state {
  EVP_MD_CTX *context;
};

// libcrypto refuses only for want of memory or of the algorithm; neither can be lived with.
static void need(int ok) {
  if (ok != 1) abort();
}

tb_sha256_state *tb_sha256_new(void) {
  tb_sha256_state *state = malloc(sizeof *state);
  need(state != NULL);
  state->context = EVP_MD_CTX_new();
  need(state->context != NULL);
  need(EVP_DigestInit_ex(state->context, EVP_sha256(), NULL));
  return state;
}

void tb_sha256_add(tb_sha256_state *state, const void *bytes, size_t count) {
  need(EVP_DigestUpdate(state->context, bytes, count));
}

void tb_sha256_end(tb_sha256_state *state, uint8_t *digest) {
  need(EVP_DigestFinal_ex(state->context, digest, NULL));
  need(EVP_DigestInit_ex(state->context, NULL, NULL));
}

void tb_sha256_free(tb_sha256_state *state) {
  if (!state) return;
  EVP_MD_CTX_free(state->context);
  free(state);
}

void tb_sha256(const void *bytes, size_t count, uint8_t *digest) {
  need(EVP_Digest(bytes, count, digest, NULL, EVP_sha256(), NULL));
}
