// The latest of many, each once: what tells a thing that comes again from a new one.
#pragma once

#include <cstddef>
#include <deque>
#include <set>

namespace hf::pbx {

template <class T>
class Recent {
 public:
  explicit Recent(size_t most) : most_(most) {}

  // False when it is among the latest `most` already. The oldest is forgotten for a new one.
  bool fresh(const T& one) {
    if (!known_.insert(one).second) return false;
    order_.push_back(one);
    if (order_.size() > most_) known_.erase(order_.front()), order_.pop_front();
    return true;
  }

 private:
  const size_t most_;
  std::set<T> known_;
  std::deque<T> order_;
};

}  // namespace hf::pbx
