#include "agent/wire/opaque_id.hpp"

#include <bit>
#include <charconv>
#include <string>

namespace hf::wire {
namespace {

uint64_t little_endian(const uint8_t* bytes, size_t count) {
  uint64_t value = 0;
  for (size_t i = 0; i < count; ++i) value |= uint64_t{bytes[i]} << (8 * i);
  return value;
}

struct State {
  uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1, v1 = std::rotl(v1, 13), v1 ^= v0, v0 = std::rotl(v0, 32);
    v2 += v3, v3 = std::rotl(v3, 16), v3 ^= v2;
    v0 += v3, v3 = std::rotl(v3, 21), v3 ^= v0;
    v2 += v1, v1 = std::rotl(v1, 17), v1 ^= v2, v2 = std::rotl(v2, 32);
  }
  void word(uint64_t m) {
    v3 ^= m;
    round(), round();
    v0 ^= m;
  }
};

}  // namespace

uint64_t siphash24(const SiteKey& key, std::string_view bytes) {
  const uint64_t k0 = little_endian(key.data(), 8), k1 = little_endian(key.data() + 8, 8);
  State s{k0 ^ 0x736f6d6570736575U, k1 ^ 0x646f72616e646f6dU, k0 ^ 0x6c7967656e657261U, k1 ^ 0x7465646279746573U};
  std::array<uint8_t, 8> part{};
  size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    bytes.copy(reinterpret_cast<char*>(part.data()), 8, at);
    s.word(little_endian(part.data(), 8));
  }
  const size_t rest = bytes.copy(reinterpret_cast<char*>(part.data()), 8, at);
  s.word(little_endian(part.data(), rest) | uint64_t{bytes.size() & 0xff} << 56);
  s.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) s.round();
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

Id opaque_id(const SiteKey& key, Scope scope, std::string_view name) {
  std::string scoped(1, scope == Scope::line ? 'l' : 'q');
  return Id{siphash24(key, scoped.append(name))};
}

Id incident_id(const SiteKey& key, std::string_view id) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value, 16);
  if (id.size() == 16 && error == std::errc() && end == id.data() + id.size()) return Id{value};
  return Id{siphash24(key, std::string("i").append(id))};
}

}  // namespace hf::wire
