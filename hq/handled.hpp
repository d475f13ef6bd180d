// Which sequences of a stream HQ has dealt with, as a set of ranges: few ranges however many messages. Pure.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace hf::hq {

class Handled {
 public:
  using Range = std::pair<uint64_t, uint64_t>;  // both ends included

  void add(uint64_t first, uint64_t last);
  [[nodiscard]] bool contains(uint64_t sequence) const;
  uint64_t floor() const;  // all of 1..floor() are in; 0 = not even 1
  uint64_t count_up_to(uint64_t last) const;
  const std::vector<Range>& ranges() const { return ranges_; }

  bool operator==(const Handled&) const = default;
  template <class A>
  void fields(A& a) {
    a("ranges", ranges_);
  }

 private:
  std::vector<Range> ranges_;  // rising, not touching
};

}  // namespace hf::hq
