// Takes what a source gives, and waits until there is enough of it.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/pbx_source.hpp"

namespace hf::test {

struct KeptEvents final : pbx::EventSink {
  void on(std::vector<pbx::CallEvent> batch, pbx::Cursor place) override {
    const std::lock_guard lock(mutex);
    for (auto& event : batch) events.push_back(std::move(event));
    cursor = std::move(place);
    changed.notify_all();
  }
  [[nodiscard]] bool wait(size_t n) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] { return events.size() >= n; });
  }
  // The kinds of all that came, once there are n; fewer when they do not come.
  std::vector<std::string> kinds(size_t n) {
    (void)wait(n);
    const std::lock_guard lock(mutex);
    std::vector<std::string> names;
    for (const auto& event : events) names.emplace_back(kind_name(event.body));
    return names;
  }
  size_t count(std::string_view kind) {
    const std::lock_guard lock(mutex);
    return static_cast<size_t>(std::ranges::count_if(events, [&](const auto& e) { return kind_name(e.body) == kind; }));
  }
  void forget() {
    const std::lock_guard lock(mutex);
    events.clear();
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<pbx::CallEvent> events;
  pbx::Cursor cursor;
};

}  // namespace hf::test
