// The archive of archive.hpp for the state of the core, which names the same calls, queues and devices over and over and
// is full of times that lie close together: a text is written once and named by its number from then on, a time is told
// by what it differs from the one before, whole numbers take as many bytes as they have. In: the same fields(). Out: bytes
// that are equal for equal values, as there. For what lives and dies with its version (a snapshot): rows that are kept for
// years have the plain form, in which each can be read alone.
//   integers, enums of two bytes and more   LEB128; signed ones zigzag; bytes, bools and floating point as in archive.hpp
//   durations                               as their count; times: as the difference to the last time
//   counts of containers                    as integers
//   strings                                 0, count, bytes; or n for the n-th text so far. The empty one is the first
#pragma once

#include <cstring>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf {

namespace state_archive {

template <class T>
concept Integer = (std::is_integral_v<T> || std::is_enum_v<T>) && (sizeof(T) > 1);

constexpr uint64_t zigzag(int64_t v) { return static_cast<uint64_t>(v) << 1 ^ static_cast<uint64_t>(v >> 63); }
constexpr int64_t unzigzag(uint64_t v) { return static_cast<int64_t>(v >> 1 ^ (~(v & 1) + 1)); }

template <class T>
using Number = typename std::conditional_t<std::is_enum_v<T>, std::underlying_type<T>, std::type_identity<T>>::type;

}  // namespace state_archive

// Appends to `bytes`. Never fails.
class StateSaver : public SavingWalk<StateSaver> {
  using Walk = SavingWalk<StateSaver>;
  friend Walk;

 public:
  std::string bytes;

  using Walk::put;
  template <Scalar T>
  void put(T value) {
    if constexpr (state_archive::Integer<T>) {
      const auto number = static_cast<state_archive::Number<T>>(value);
      if constexpr (std::is_signed_v<decltype(number)>)
        integer(state_archive::zigzag(number));
      else
        integer(number);
    } else {
      char raw[sizeof(T)];
      std::memcpy(raw, &value, sizeof(T));
      bytes.append(raw, sizeof(T));
    }
  }
  void put(const std::string& text) {
    const auto [known, fresh] = texts_.try_emplace(text, texts_.size() + 1);
    if (!fresh) return integer(known->second);
    integer(0), integer(text.size());
    bytes.append(text);
  }
  void put(Time t) {
    const int64_t ticks = t.time_since_epoch().count();
    integer(state_archive::zigzag(static_cast<int64_t>(static_cast<uint64_t>(ticks) - static_cast<uint64_t>(last_))));
    last_ = ticks;
  }

 private:
  void integer(uint64_t v) {
    for (; v >= 0x80; v >>= 7) bytes += static_cast<char>(v | 0x80);
    bytes += static_cast<char>(v);
  }
  void count(size_t n) { integer(n); }

  std::unordered_map<std::string, size_t> texts_{{std::string(), 1}};
  int64_t last_ = 0;
};

// Reads what StateSaver wrote. After the first short or absurd read every further read is a no-op and ok() stays false.
class StateLoader : public LoadingWalk<StateLoader> {
  using Walk = LoadingWalk<StateLoader>;
  friend Walk;

 public:
  static constexpr size_t kMostText = size_t{256} << 20;  // in all: a long text is repeated by a single byte
  explicit StateLoader(std::string_view bytes, size_t most_text = kMostText) : rest_(bytes), text_left_(most_text) {}

  bool at_end() const { return ok_ && rest_.empty(); }

  using Walk::get;
  template <Scalar T>
  void get(T& value) {
    if constexpr (state_archive::Integer<T>) {
      using Number = state_archive::Number<T>;
      const uint64_t v = integer();
      if constexpr (std::is_signed_v<Number>)
        value = static_cast<T>(within<Number>(state_archive::unzigzag(v)));
      else
        value = static_cast<T>(within<Number>(v));
    } else {
      if (!need(sizeof(T))) return;
      std::memcpy(&value, rest_.data(), sizeof(T));
      rest_.remove_prefix(sizeof(T));
    }
  }
  void get(std::string& text) {
    const uint64_t number = integer();
    if (!ok_) return;
    if (number > 0) {
      ok_ = number <= texts_.size() && texts_[number - 1].size() <= text_left_;
      if (!ok_) return;
      text = texts_[number - 1];
      text_left_ -= text.size();
      return;
    }
    const size_t n = count();
    if (!need(n)) return;
    text = texts_.emplace_back(rest_.substr(0, n));
    rest_.remove_prefix(n);
  }
  void get(Time& t) {
    last_ = static_cast<int64_t>(static_cast<uint64_t>(last_) + static_cast<uint64_t>(state_archive::unzigzag(integer())));
    t = Time(Duration(last_));
  }

 private:
  bool need(size_t n) { return ok_ = ok_ && rest_.size() >= n; }
  uint64_t integer() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && need(1); shift += 7) {
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  template <class Number, class V>
  Number within(V v) {
    if (!std::in_range<Number>(v)) ok_ = false;
    return ok_ ? static_cast<Number>(v) : Number{};
  }
  // A count can never exceed what is left, since every element takes at least one byte.
  size_t count() {
    const uint64_t n = integer();
    if (n > rest_.size()) ok_ = false;
    return ok_ ? static_cast<size_t>(n) : 0;
  }

  std::string_view rest_;
  size_t text_left_;
  std::vector<std::string> texts_{std::string()};
  int64_t last_ = 0;
};

// For fields() that has more to do once the values were read.
template <class A>
inline constexpr bool kLoads = std::is_same_v<A, Loader> || std::is_same_v<A, StateLoader>;

}  // namespace hf
