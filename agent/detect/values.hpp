// The numbers of a sentence by name: "callers": 14, "wait_s": 900.2. In the order of the names and saved as a map would
// be, but side by side in one piece of memory: a finding's numbers are copied into its incident's evidence, chain and
// every record of both.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hal/platform/state_archive.hpp"

namespace hf::detect {

class Values {
 public:
  using value_type = std::pair<std::string, double>;
  using const_iterator = std::vector<value_type>::const_iterator;

  Values() = default;
  Values(std::initializer_list<value_type> numbers) {
    all_.reserve(numbers.size());
    for (const auto& [name, number] : numbers) (*this)[name] = number;
  }

  // Adds the name with 0 where it is missing.
  double& operator[](std::string_view name) {
    const auto at = std::ranges::lower_bound(all_, name, {}, &value_type::first);
    if (at != all_.end() && at->first == name) return at->second;
    return all_.insert(at, value_type(name, 0))->second;
  }
  const_iterator find(std::string_view name) const {
    const auto at = std::ranges::lower_bound(all_, name, {}, &value_type::first);
    return at != all_.end() && at->first == name ? at : all_.end();
  }
  bool contains(std::string_view name) const { return find(name) != end(); }
  // Throws std::out_of_range where the name is missing: for tests.
  double at(std::string_view name) const { return all_.at(static_cast<size_t>(find(name) - begin())).second; }

  const_iterator begin() const { return all_.begin(); }
  const_iterator end() const { return all_.end(); }
  size_t size() const { return all_.size(); }
  bool empty() const { return all_.empty(); }

  bool operator==(const Values&) const = default;
  template <class A>
  void fields(A& a) {
    a("values", all_);
    if constexpr (kLoads<A>) std::ranges::sort(all_, {}, &value_type::first);
  }

 private:
  std::vector<value_type> all_;  // by name
};

}  // namespace hf::detect
