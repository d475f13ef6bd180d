// Runs every job at once, on the caller's thread; or holds them back until the test lets them go.
#pragma once

#include <deque>
#include <utility>

#include "hal/platform/executor.hpp"

namespace hf::test {

class InlineExecutor final : public Executor {
 public:
  [[nodiscard]] bool post(Job job) override {
    if (full) return false;
    resume(std::move(job));
    return true;
  }
  void resume(Job job) override {
    if (holding) waiting.push_back(std::move(job));
    else job();
  }
  void release() {  // those waiting now; what they post is held again
    for (auto jobs = std::exchange(waiting, {}); auto& job : jobs) job();
  }

  bool full = false, holding = false;
  std::deque<Job> waiting;
};

}  // namespace hf::test
