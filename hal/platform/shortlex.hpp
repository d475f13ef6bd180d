#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace hf {

// Shortlex order of ids: the shorter first, then by bytes. Ids that end in a counter so stand in the order of their numbers ("1/9" before "1/10").
// Eight bytes are compared at once, in place: the ids of one PBX share their first half, and a call into memcmp for each step
// down a tree is what looking one up costs. At most a few comparisons for ids of 16 bytes; no allocation, no failure.
struct Shortlex {
  bool operator()(const std::string& a, const std::string& b) const noexcept {
    if (a.size() != b.size()) return a.size() < b.size();
    const size_t n = a.size();
    if (n < kWord) return std::memcmp(a.data(), b.data(), n) < 0;
    for (size_t i = 0; i + kWord < n; i += kWord)
      if (const uint64_t left = word(a.data() + i), right = word(b.data() + i); left != right) return left < right;
    return word(a.data() + n - kWord) < word(b.data() + n - kWord);
  }

 private:
  static constexpr size_t kWord = sizeof(uint64_t);
  static uint64_t word(const char* at) noexcept {
    uint64_t bytes = 0;
    std::memcpy(&bytes, at, kWord);
    return std::endian::native == std::endian::little ? __builtin_bswap64(bytes) : bytes;
  }
};

// Pairs of ids, such as queue and member: by the first, then by the second.
struct ShortlexPair {
  bool operator()(const std::pair<std::string, std::string>& a, const std::pair<std::string, std::string>& b) const noexcept {
    return a.first == b.first ? Shortlex()(a.second, b.second) : Shortlex()(a.first, b.first);
  }
};

template <class Value>
using IdMap = std::map<std::string, Value, Shortlex>;
using IdSet = std::set<std::string, Shortlex>;

}  // namespace hf
