#include "agent/app/inbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hf::app {

class Inbox::Door final : public pbx::EventSink {
 public:
  Door(Inbox& inbox, std::string pbx) : inbox_(inbox), pbx_(std::move(pbx)) {}

  void on(std::vector<pbx::CallEvent> events, pbx::Cursor cursor) override {
    for (auto& event : events) event.pbx = pbx_;
    inbox_.put(*this, {pbx_, std::move(events), std::move(cursor)});
  }

  // Guarded by the inbox.
  size_t waiting = 0;  // events
  uint64_t held_back = 0;
  bool past = false;
  std::optional<Time> latest;

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
  if (door.waiting >= kMaxEvents) ++door.held_back;
  emptied_.wait(lock, [&] { return closed_ || door.waiting < kMaxEvents; });
  if (closed_) return;
  door.waiting += batch.events.size();
  if (!batch.events.empty()) door.latest = batch.events.back().at;
  batches_.push_back(std::move(batch));
  if (pressing()) filled_.notify_one();
}

void Inbox::begin_past(const std::string& pbx) {
  (void)door(pbx);
  const std::lock_guard lock(mutex_);
  doors_.at(pbx)->past = true;
}

void Inbox::end_past(const std::string& pbx) {
  const std::lock_guard lock(mutex_);
  doors_.at(pbx)->past = false;
}

std::optional<Time> Inbox::latest(const std::string& pbx) const {
  const std::lock_guard lock(mutex_);
  const auto door = doors_.find(pbx);
  return door == doors_.end() ? std::nullopt : door->second->latest;
}

uint64_t Inbox::held_back(const std::string& pbx) const {
  const std::lock_guard lock(mutex_);
  const auto door = doors_.find(pbx);
  return door == doors_.end() ? 0 : door->second->held_back;
}

Time Inbox::handed_out_until() const {
  Time until = Time::max();
  for (const auto& [pbx, door] : doors_)
    if (door->past) until = std::min(until, door->latest.value_or(Time::min()));
  return until;
}

// A door is full, and may be emptied.
bool Inbox::pressing() const {
  const Time until = handed_out_until();
  const auto full = [&](const auto& door) { return door.second->waiting >= kMaxEvents && door.second->latest <= until; };
  return std::ranges::any_of(doors_, full);
}

bool Inbox::post(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  if (closed_ || jobs_.size() >= kMaxJobs) return false;
  jobs_.push_back(std::move(job));
  filled_.notify_one();
  return true;
}

namespace {

// What of the batch lies up to `until` goes; its cursor goes with its end.
SourceBatch split(SourceBatch& batch, Time until) {
  const auto later = std::ranges::upper_bound(batch.events, until, {}, &pbx::CallEvent::at);
  if (later == batch.events.end()) return std::move(batch);
  SourceBatch taken{batch.pbx, {std::make_move_iterator(batch.events.begin()), std::make_move_iterator(later)}, {}};
  batch.events.erase(batch.events.begin(), later);
  return taken;
}

}  // namespace

Inbox::Taken Inbox::take(Duration at_most) {
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, at_most, [this] { return closed_ || !jobs_.empty() || pressing(); });
  const Time until = handed_out_until();
  Taken taken{{}, std::exchange(jobs_, {})};
  taken.batches.reserve(batches_.size());
  for (SourceBatch& batch : batches_) {
    taken.batches.push_back(split(batch, until));
    doors_.at(taken.batches.back().pbx)->waiting -= taken.batches.back().events.size();
  }
  std::erase_if(batches_, [](const SourceBatch& batch) { return batch.events.empty(); });
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
