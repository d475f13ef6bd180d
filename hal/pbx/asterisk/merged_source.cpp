#include "hal/pbx/asterisk/merged_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace hf::pbx {

namespace {

constexpr std::chrono::milliseconds kLook{250};  // how late a line that waits for the manager may be given

}  // namespace

// Both wait at the mutex while the agent is busy: that is how it pushes back.
struct MergedSource::ManagerSink final : EventSink {
  ManagerSink(MergedSource& s, EventSink& o) : source(s), out(o) {}
  void on(std::vector<CallEvent> events, Cursor) override {
    const std::lock_guard lock(source.order_);
    std::vector<CallEvent> merged;
    source.merge_.on_manager(std::move(events), merged);
    source.give(out, std::move(merged));
  }
  MergedSource& source;
  EventSink& out;
};

struct MergedSource::LogSink final : EventSink {
  LogSink(MergedSource& s, EventSink& o) : source(s), out(o) {}
  // A chunk may hold many lines: each is decided by itself, and only the last one's end is a place to go on from.
  void on(std::vector<CallEvent> events, Cursor behind) override {
    const std::lock_guard lock(source.order_);
    std::vector<CallEvent> merged;
    const Time now = source.clock_.now();
    auto lines = AsteriskMerge::lines_of(std::move(events));
    for (size_t i = 0; i < lines.size(); ++i)
      source.merge_.on_log(std::move(lines[i]), i + 1 == lines.size() ? behind : source.merge_.cursor(), now, merged);
    source.give(out, std::move(merged));
  }
  MergedSource& source;
  EventSink& out;
};

MergedSource::MergedSource(std::unique_ptr<PbxSource> manager, std::unique_ptr<PbxSource> log, Clock& clock)
    : manager_(std::move(manager)), log_(std::move(log)), clock_(clock) {}

MergedSource::~MergedSource() = default;

Description MergedSource::describe() const {
  Description d = manager_->describe();
  d.address += ", " + log_->describe().address;
  d.resumable = true;  // of queues, not of channels
  return d;
}

void MergedSource::give(EventSink& sink, std::vector<CallEvent> events) {
  {
    const std::lock_guard lock(numbers_);
    counts_ = merge_.counts(), given_ += events.size();
    if (!events.empty()) last_event_ = events.back().at;
  }
  if (!events.empty()) sink.on(std::move(events), merge_.cursor());
}

// Lines that wait for the manager are given when it stays silent.
void MergedSource::keep_time(EventSink& sink) {
  std::unique_lock lock(order_);
  while (!changed_.wait_for(lock, kLook, [this] { return over_; })) {
    if (!merge_.next_deadline()) continue;
    std::vector<CallEvent> due;
    merge_.advance(clock_.now(), due);
    give(sink, std::move(due));
  }
}

Status MergedSource::run(EventSink& sink, Cursor from) {
  ManagerSink manager_sink(*this, sink);
  LogSink log_sink(*this, sink);
  {
    const std::lock_guard lock(order_);
    merge_.resume(from);
  }
  Status log_ended, manager_ended;
  std::thread timer([&] { keep_time(sink); });
  std::thread log([&] {
    log_ended = log_->run(log_sink, from);
    if (!log_ended) manager_->stop();
  });
  manager_ended = manager_->run(manager_sink, {});
  log_->stop();
  log.join();
  {
    const std::lock_guard lock(order_);
    over_ = true;
  }
  changed_.notify_all();
  timer.join();
  if (!manager_ended) return manager_ended;
  return log_ended;
}

void MergedSource::stop() {
  manager_->stop();
  log_->stop();
}

SourceHealth MergedSource::health() const {
  const SourceHealth manager = manager_->health(), log = log_->health();
  SourceHealth both = manager;
  both.bytes += log.bytes, both.unknown_messages += log.unknown_messages, both.malformed_messages += log.malformed_messages;
  both.since = std::max(manager.since, log.since);
  const std::lock_guard lock(numbers_);
  both.events = given_, both.last_event = last_event_;
  // With one of two a site is still seen, if less well.
  if (manager.state != log.state && (manager.state == Health::healthy || log.state == Health::healthy)) both.state = Health::degraded;
  const MergeCounts& c = counts_;
  both.what = fmt::format("manager: {}; queue_log: {}; told by both {}, by the log alone {} ({} while the manager was away), by the manager alone {}", manager.what, log.what,
                          c.both, c.filled_in_gap + c.manager_silent, c.filled_in_gap, c.log_silent);
  return both;
}

}  // namespace hf::pbx
