#include "agent/app/inbox.hpp"

#include <utility>

namespace hf::app {

void Inbox::on(std::vector<pbx::CallEvent> events, pbx::Cursor cursor) {
  std::unique_lock lock(mutex_);
  emptied_.wait(lock, [this] { return closed_ || events_ < kMaxEvents; });
  if (closed_) return;
  events_ += events.size();
  batches_.push_back({std::move(events), std::move(cursor)});
  if (events_ >= kMaxEvents) filled_.notify_one();
}

bool Inbox::post(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  if (closed_ || jobs_.size() >= kMaxJobs) return false;
  jobs_.push_back(std::move(job));
  filled_.notify_one();
  return true;
}

Inbox::Taken Inbox::take(Duration at_most) {
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, at_most, [this] { return closed_ || !jobs_.empty() || events_ >= kMaxEvents; });
  Taken taken{std::exchange(batches_, {}), std::exchange(jobs_, {})};
  events_ = 0;
  emptied_.notify_all();
  return taken;
}

std::vector<std::function<void()>> Inbox::take_jobs(Duration at_most) {
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, at_most, [this] { return closed_ || !jobs_.empty(); });
  return std::exchange(jobs_, {});
}

void Inbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  filled_.notify_all();
  emptied_.notify_all();
}

bool Inbox::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace hf::app
