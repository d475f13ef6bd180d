#include "agent/app/inbox.hpp"

#include <utility>

namespace hf::app {

class Inbox::Door final : public pbx::EventSink {
 public:
  Door(Inbox& inbox, std::string pbx) : inbox_(inbox), pbx_(std::move(pbx)) {}

  void on(std::vector<pbx::CallEvent> events, pbx::Cursor cursor) override {
    for (auto& event : events) event.pbx = pbx_;
    inbox_.put(*this, {pbx_, std::move(events), std::move(cursor)});
  }

  size_t waiting = 0;  // events, guarded by the inbox

 private:
  Inbox& inbox_;
  std::string pbx_;
};

Inbox::Inbox() = default;
Inbox::~Inbox() = default;

pbx::EventSink& Inbox::door(const std::string& pbx) {
  const std::lock_guard lock(mutex_);
  auto& door = doors_[pbx];
  if (!door) door = std::make_unique<Door>(*this, pbx);
  return *door;
}

void Inbox::put(Door& door, SourceBatch batch) {
  std::unique_lock lock(mutex_);
  emptied_.wait(lock, [&] { return closed_ || door.waiting < kMaxEvents; });
  if (closed_) return;
  door.waiting += batch.events.size();
  batches_.push_back(std::move(batch));
  if (door.waiting < kMaxEvents) return;
  full_ = true;
  filled_.notify_one();
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
  filled_.wait_for(lock, at_most, [this] { return closed_ || !jobs_.empty() || full_; });
  Taken taken{std::exchange(batches_, {}), std::exchange(jobs_, {})};
  for (auto& [pbx, door] : doors_) door->waiting = 0;
  full_ = false;
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
