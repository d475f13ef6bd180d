// One description of a struct, three uses: save, load, compare by bytes.
// A type takes part with   template <class A> void fields(A& a) { a("queue", queue); a("count", count); }
// Names serve readable forms (text, JSON); the binary form writes fields in order and without names. Integers are
// little-endian, fixed width; strings and containers carry a 32-bit count; optionals a byte; variants their index.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "hal/platform/archive_walk.hpp"

namespace hf {

// Appends to `bytes`. Never fails.
class Saver : public SavingWalk<Saver> {
  using Walk = SavingWalk<Saver>;
  friend Walk;

 public:
  std::string bytes;

  using Walk::put;
  template <Scalar T>
  void put(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    bytes.append(raw, sizeof(T));
  }
  void put(const std::string& s) { count(s.size()), bytes.append(s); }

 private:
  void count(size_t n) { put(static_cast<uint32_t>(n)); }
};

// Reads what Saver wrote. After the first short or absurd read every further read is a no-op and ok() stays false.
class Loader : public LoadingWalk<Loader> {
  using Walk = LoadingWalk<Loader>;
  friend Walk;

 public:
  explicit Loader(std::string_view bytes) : rest_(bytes) {}

  bool at_end() const { return ok_ && rest_.empty(); }

  using Walk::get;
  template <Scalar T>
  void get(T& value) {
    if (!need(sizeof(T))) return;
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
  }
  void get(std::string& s) {
    const size_t n = count();
    if (!need(n)) return;
    s.assign(rest_.substr(0, n));
    rest_.remove_prefix(n);
  }

 private:
  bool need(size_t n) { return ok_ = ok_ && rest_.size() >= n; }
  // A count can never exceed what is left, since every element takes at least one byte.
  size_t count() {
    uint32_t n = 0;
    get(n);
    if (ok_ && n > rest_.size()) ok_ = false;
    return ok_ ? n : 0;
  }

  std::string_view rest_;
};

template <class T>
std::string to_bytes(const T& value) {
  Saver s;
  s.put(value);
  return std::move(s.bytes);
}

// False when the bytes are short, too long or name an unknown alternative; `value` is then unspecified.
template <class T>
[[nodiscard]] bool from_bytes(std::string_view bytes, T& value) {
  Loader l(bytes);
  l.get(value);
  return l.at_end();
}

}  // namespace hf
