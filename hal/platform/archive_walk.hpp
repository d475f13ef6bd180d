// How an archive takes a value apart and puts it together again: the part that archive.hpp and state_archive.hpp share.
// An archive derives from SavingWalk<itself> or LoadingWalk<itself>, says `using Walk::put` (`get`), and adds what its form
// decides: scalars, strings, counts, and times if they are not told by their ticks. Every element goes through the
// archive's own put (get), so that its form holds at every depth.
// Unordered containers are not accepted: the bytes of equal values must be equal.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace hf {

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

// Form adds: put(Scalar), put(const std::string&), count(size_t).
template <class Form>
class SavingWalk {
 public:
  template <class T>
  void operator()(std::string_view, const T& value) { form().put(value); }

  template <class R, class P>
  void put(std::chrono::duration<R, P> d) { form().put(d.count()); }
  template <class C, class D>
  void put(std::chrono::time_point<C, D> t) { form().put(t.time_since_epoch().count()); }
  template <class T>
  void put(const std::optional<T>& o) {
    form().put(static_cast<uint8_t>(o.has_value()));
    if (o) form().put(*o);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& p) { form().put(p.first), form().put(p.second); }
  template <class... T>
  void put(const std::variant<T...>& v) {
    form().put(static_cast<uint8_t>(v.index()));
    std::visit([this](const auto& x) { form().put(x); }, v);
  }
  void put(std::monostate) {}
  template <class T> void put(const std::vector<T>& c) { all(c); }
  template <class T> void put(const std::deque<T>& c) { all(c); }
  template <class T, class Order> void put(const std::set<T, Order>& c) { all(c); }
  template <class K, class V, class Order> void put(const std::map<K, V, Order>& c) { all(c); }
  template <class T, size_t N>
  void put(const std::array<T, N>& c) {
    for (const auto& x : c) form().put(x);
  }
  template <class T>
    requires requires(T& t, Form& f) { t.fields(f); }
  void put(const T& value) {
    const_cast<T&>(value).fields(form());  // NOLINT: fields() only reads through a saver; one description serves both ways
  }

 private:
  friend Form;
  SavingWalk() = default;
  Form& form() { return static_cast<Form&>(*this); }
  template <class C>
  void all(const C& c) {
    form().count(c.size());
    for (const auto& x : c) form().put(x);
  }
};

// Form adds: get(Scalar&), get(std::string&), and size_t count(): how many elements follow, 0 once ok() is false.
template <class Form>
class LoadingWalk {
 public:
  bool ok() const { return ok_; }

  template <class T>
  void operator()(std::string_view, T& value) { form().get(value); }

  template <class R, class P>
  void get(std::chrono::duration<R, P>& d) {
    R n{};
    form().get(n);
    d = std::chrono::duration<R, P>(n);
  }
  template <class C, class D>
  void get(std::chrono::time_point<C, D>& t) {
    D d{};
    form().get(d);
    t = std::chrono::time_point<C, D>(d);
  }
  template <class T>
  void get(std::optional<T>& o) {
    uint8_t has = 0;
    form().get(has);
    o.reset();
    if (has && ok_) form().get(o.emplace());
  }
  template <class A, class B>
  void get(std::pair<A, B>& p) { form().get(p.first), form().get(p.second); }
  template <class... T>
  void get(std::variant<T...>& v) {
    uint8_t index = 0;
    form().get(index);
    emplace(v, index, std::index_sequence_for<T...>{});
  }
  void get(std::monostate&) {}
  template <class T> void get(std::vector<T>& c) { sequence(c); }
  template <class T> void get(std::deque<T>& c) { sequence(c); }
  template <class T, class Order>
  void get(std::set<T, Order>& c) {
    c.clear();
    for (size_t n = form().count(); n > 0 && ok_; --n) {
      T x{};
      form().get(x);
      c.insert(std::move(x));
    }
  }
  template <class K, class V, class Order>
  void get(std::map<K, V, Order>& c) {
    c.clear();
    for (size_t n = form().count(); n > 0 && ok_; --n) {
      K k{};
      form().get(k);
      form().get(c[std::move(k)]);
    }
  }
  template <class T, size_t N>
  void get(std::array<T, N>& c) {
    for (auto& x : c) form().get(x);
  }
  template <class T>
    requires requires(T& t, Form& f) { t.fields(f); }
  void get(T& value) { value.fields(form()); }

 private:
  friend Form;
  LoadingWalk() = default;
  Form& form() { return static_cast<Form&>(*this); }
  template <class C>
  void sequence(C& c) {
    c.clear();
    for (size_t n = form().count(); n > 0 && ok_; --n) form().get(c.emplace_back());
  }
  template <class V, size_t... I>
  void emplace(V& v, uint8_t index, std::index_sequence<I...>) {
    const bool known = ((index == I ? (form().get(v.template emplace<I>()), true) : false) || ...);
    ok_ = ok_ && known;
  }

  bool ok_ = true;
};

}  // namespace hf
