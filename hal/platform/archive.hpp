// One description of a struct, three uses: save, load, compare by bytes.
// A type takes part with   template <class A> void fields(A& a) { a("queue", queue); a("count", count); }
// Names serve readable forms (text, JSON); the binary form writes fields in order and without names. Integers are
// little-endian, fixed width; strings and containers carry a 32-bit count; optionals a byte; variants their index.
// Unordered containers are not accepted: the bytes of equal values must be equal.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace hf {

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

// Appends to `bytes`. Never fails.
class Saver {
 public:
  std::string bytes;

  template <class T>
  void operator()(std::string_view, const T& value) { put(value); }

  template <Scalar T>
  void put(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    bytes.append(raw, sizeof(T));
  }
  void put(const std::string& s) { count(s.size()), bytes.append(s); }
  template <class R, class P>
  void put(std::chrono::duration<R, P> d) { put(d.count()); }
  template <class C, class D>
  void put(std::chrono::time_point<C, D> t) { put(t.time_since_epoch().count()); }
  template <class T>
  void put(const std::optional<T>& o) {
    put(static_cast<uint8_t>(o.has_value()));
    if (o) put(*o);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& p) { put(p.first), put(p.second); }
  template <class... T>
  void put(const std::variant<T...>& v) {
    put(static_cast<uint8_t>(v.index()));
    std::visit([this](const auto& x) { put(x); }, v);
  }
  void put(std::monostate) {}
  template <class T> void put(const std::vector<T>& c) { all(c); }
  template <class T> void put(const std::deque<T>& c) { all(c); }
  template <class T, class Order> void put(const std::set<T, Order>& c) { all(c); }
  template <class K, class V, class Order> void put(const std::map<K, V, Order>& c) { all(c); }
  template <class T, size_t N>
  void put(const std::array<T, N>& c) {
    for (const auto& x : c) put(x);
  }
  template <class T>
    requires requires(T& t, Saver& s) { t.fields(s); }
  void put(const T& value) {
    const_cast<T&>(value).fields(*this);  // NOLINT: fields() only reads through a Saver; one description serves both ways
  }

 private:
  void count(size_t n) { put(static_cast<uint32_t>(n)); }
  template <class C>
  void all(const C& c) {
    count(c.size());
    for (const auto& x : c) put(x);
  }
};

// Reads what Saver wrote. After the first short or absurd read every further read is a no-op and ok() stays false.
class Loader {
 public:
  explicit Loader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

  template <class T>
  void operator()(std::string_view, T& value) { get(value); }

  template <Scalar T>
  void get(T& value) {
    if (!need(sizeof(T))) return;
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
  }
  void get(std::string& s) {
    const uint32_t n = count(1);
    if (!need(n)) return;
    s.assign(rest_.substr(0, n));
    rest_.remove_prefix(n);
  }
  template <class R, class P>
  void get(std::chrono::duration<R, P>& d) {
    R n{};
    get(n);
    d = std::chrono::duration<R, P>(n);
  }
  template <class C, class D>
  void get(std::chrono::time_point<C, D>& t) {
    D d{};
    get(d);
    t = std::chrono::time_point<C, D>(d);
  }
  template <class T>
  void get(std::optional<T>& o) {
    uint8_t has = 0;
    get(has);
    o.reset();
    if (has && ok_) get(o.emplace());
  }
  template <class A, class B>
  void get(std::pair<A, B>& p) { get(p.first), get(p.second); }
  template <class... T>
  void get(std::variant<T...>& v) {
    uint8_t index = 0;
    get(index);
    emplace(v, index, std::index_sequence_for<T...>{});
  }
  void get(std::monostate&) {}
  template <class T> void get(std::vector<T>& c) { sequence(c); }
  template <class T> void get(std::deque<T>& c) { sequence(c); }
  template <class T, class Order>
  void get(std::set<T, Order>& c) {
    c.clear();
    for (uint32_t n = count(1); n > 0 && ok_; --n) {
      T x{};
      get(x);
      c.insert(std::move(x));
    }
  }
  template <class K, class V, class Order>
  void get(std::map<K, V, Order>& c) {
    c.clear();
    for (uint32_t n = count(1); n > 0 && ok_; --n) {
      K k{};
      get(k);
      get(c[std::move(k)]);
    }
  }
  template <class T, size_t N>
  void get(std::array<T, N>& c) {
    for (auto& x : c) get(x);
  }
  template <class T>
    requires requires(T& t, Loader& l) { t.fields(l); }
  void get(T& value) { value.fields(*this); }

 private:
  bool need(size_t n) { return ok_ = ok_ && rest_.size() >= n; }
  // A count can never exceed what is left, since every element takes at least one byte.
  uint32_t count(size_t element) {
    uint32_t n = 0;
    get(n);
    if (ok_ && n > rest_.size() / element) ok_ = false;
    return ok_ ? n : 0;
  }
  template <class C>
  void sequence(C& c) {
    c.clear();
    for (uint32_t n = count(1); n > 0 && ok_; --n) get(c.emplace_back());
  }
  template <class V, size_t... I>
  void emplace(V& v, uint8_t index, std::index_sequence<I...>) {
    const bool known = ((index == I ? (get(v.template emplace<I>()), true) : false) || ...);
    ok_ = ok_ && known;
  }

  std::string_view rest_;
  bool ok_ = true;
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
