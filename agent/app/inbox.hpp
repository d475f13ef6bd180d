// What waits for the core's loop: batches of a source, and jobs of other threads. In: from any thread. Out: to the one loop, in order.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "hal/pbx/pbx_source.hpp"

namespace hf::app {

struct SourceBatch {
  std::vector<pbx::CallEvent> events;
  pbx::Cursor cursor;
};

class Inbox final : public pbx::EventSink {
 public:
  // Blocks while kMaxEvents wait: the source is pushed back, nothing is dropped. After close() what comes is thrown away.
  void on(std::vector<pbx::CallEvent> events, pbx::Cursor cursor) override;
  // False when closed or when kMaxJobs wait already; the job will then not run.
  [[nodiscard]] bool post(std::function<void()> job);

  struct Taken {
    std::vector<SourceBatch> batches;
    std::vector<std::function<void()>> jobs;
  };
  // Waits up to `at_most`; returns at once for a job, and for events after they had `at_most` to gather.
  Taken take(Duration at_most);
  // The same for jobs alone: events go on waiting.
  std::vector<std::function<void()>> take_jobs(Duration at_most);
  void close();
  bool closed() const;

 private:
  static constexpr size_t kMaxEvents = 5'000;
  static constexpr size_t kMaxJobs = 1'000;

  mutable std::mutex mutex_;
  std::condition_variable filled_, emptied_;
  std::vector<SourceBatch> batches_;
  std::vector<std::function<void()>> jobs_;
  size_t events_ = 0;
  bool closed_ = false;
};

}  // namespace hf::app
