// Checksums by zlib.
#ifndef TOLLBOOK_CHECKSUM_H
#define TOLLBOOK_CHECKSUM_H
#include <stddef.h>
#include <stdint.h>

// CRC-32 of the bytes, going on from another; 0 begins one.
uint32_t tb_crc32(uint32_t before, const void *bytes, size_t count);
#endif
