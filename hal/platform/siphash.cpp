#include "hal/platform/siphash.hpp"

#include <bit>
#include <cstring>

namespace hf {

namespace {

uint64_t little_endian(const unsigned char* p, size_t n = 8) {
  uint64_t v = 0;
  std::memcpy(&v, p, n);
  return std::endian::native == std::endian::little ? v : __builtin_bswap64(v);
}

struct State {
  uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1, v1 = std::rotl(v1, 13), v1 ^= v0, v0 = std::rotl(v0, 32);
    v2 += v3, v3 = std::rotl(v3, 16), v3 ^= v2;
    v0 += v3, v3 = std::rotl(v3, 21), v3 ^= v0;
    v2 += v1, v1 = std::rotl(v1, 17), v1 ^= v2, v2 = std::rotl(v2, 32);
  }
  void absorb(uint64_t word) {
    v3 ^= word;
    round(), round();
    v0 ^= word;
  }
};

}  // namespace

uint64_t siphash24(const SipKey& key, std::string_view bytes) {
  const uint64_t k0 = little_endian(key.data()), k1 = little_endian(key.data() + 8);
  State s{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t left = bytes.size();
  for (; left >= 8; p += 8, left -= 8) s.absorb(little_endian(p));
  s.absorb(little_endian(p, left) | static_cast<uint64_t>(bytes.size() & 255) << 56);
  s.v2 ^= 255;
  for (int i = 0; i < 4; ++i) s.round();
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

}  // namespace hf
