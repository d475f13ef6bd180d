// What waits for the core's loop: batches of the sources, each through a door of its own, and jobs of other threads. In: from any thread.
// Out: to the one loop, each door's batches in their order.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hal/pbx/pbx_source.hpp"

namespace hf::app {

struct SourceBatch {
  std::string pbx;
  std::vector<pbx::CallEvent> events;
  pbx::Cursor cursor;
};

class Inbox {
 public:
  Inbox();
  ~Inbox();

  // Where the source of the PBX of this name puts its events; lives as long as the inbox. on() blocks while kMaxEvents of this door wait: a
  // source that floods is pushed back, no other one is, and nothing is dropped. After close() what comes is thrown away.
  pbx::EventSink& door(const std::string& pbx = {});
  // A source that tells of the past begins, and is through with it. While any is at its past, only what lies before the latest word of each of
  // them is handed out: several pasts become one.
  void begin_past(const std::string& pbx);
  void end_past(const std::string& pbx);
  // The time of the latest event that came through the door; unset: none did.
  std::optional<Time> latest(const std::string& pbx) const;
  // How often the source came to a full door and had to wait.
  uint64_t held_back(const std::string& pbx) const;
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
  class Door;

  void put(Door& door, SourceBatch batch);
  Time handed_out_until() const;
  bool pressing() const;

  mutable std::mutex mutex_;
  std::condition_variable filled_, emptied_;
  std::map<std::string, std::unique_ptr<Door>> doors_;
  std::vector<SourceBatch> batches_;
  std::vector<std::function<void()>> jobs_;
  bool closed_ = false;
};

}  // namespace hf::app
