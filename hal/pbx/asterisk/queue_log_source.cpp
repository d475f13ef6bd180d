#include "hal/pbx/asterisk/queue_log_source.hpp"

#include <algorithm>

#include "hal/platform/log.hpp"

namespace hf::pbx {

namespace {

constexpr const char* kLost = "lines of the queue_log are missing: it was rotated away while nobody read it";
constexpr size_t kBatch = 500;  // lines given at once while reading what was missed

CallEvent up(Time at) { return {at, {}, SourceUp{"Asterisk queue_log", false, false, false}}; }

}  // namespace

QueueLogSource::QueueLogSource(QueueLogOptions options, Clock& clock) : options_(std::move(options)), clock_(clock) {
  health_.since = clock_.now();
  health_.what = "reading " + options_.path.string();
}

Description QueueLogSource::describe() const {
  Description d;
  d.kind = "queue_log", d.address = options_.path.string(), d.live = d.resumable = true, d.grain = std::chrono::seconds(1);
  return d;
}

Status QueueLogSource::run(EventSink& sink, Cursor from) {
  LogTail tail(options_.path);
  if (auto good = tail.resume(from); !good) return good;
  while (!stop_.triggered()) {
    if (auto good = read_on(tail, sink); !good) failed(good.error(), tail, sink);
    count(tail);
    (void)stop_.wait_for(options_.look_every);
  }
  tell(Health::connecting, "stopped");
  return {};
}

// Everything that is there now.
Status QueueLogSource::read_on(LogTail& tail, EventSink& sink) {
  std::vector<CallEvent> batch;
  size_t lines = 0;
  while (!stop_.triggered()) {
    auto line = tail.next();
    if (!line) {
      give(std::move(batch), tail, sink);
      return fail(std::move(line.error()));
    }
    if (tail.gaps() != gaps_) batch.push_back({last_, {}, SourceDown{kLost}}), up_ = false;
    gaps_ = tail.gaps();
    if (!*line) break;
    for (CallEvent& event : take(**line)) batch.push_back(std::move(event));
    if (++lines % kBatch == 0) give(std::exchange(batch, {}), tail, sink), count(tail);
  }
  give(std::move(batch), tail, sink);
  if (!stop_.triggered()) caught_up(tail, sink);
  return {};
}

// While reading what was missed a line's own time counts, as far as it goes forward and is not in the future; live, the time of its coming does.
std::vector<CallEvent> QueueLogSource::take(const std::string& line) {
  std::vector<CallEvent> events;
  if (!mapper_.map(line, events) || events.empty()) return {};
  const Time now = clock_.now();
  last_ = std::max(last_, live_ ? now : std::min(now, *events.front().pbx_at));
  for (CallEvent& event : events) event.at = last_;
  if (!std::exchange(up_, true)) events.insert(events.begin(), up(last_));
  return events;
}

void QueueLogSource::give(std::vector<CallEvent> events, const LogTail& tail, EventSink& sink) {
  if (events.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    health_.events += events.size(), health_.last_event = events.back().at;
  }
  sink.on(std::move(events), tail.place());
}

void QueueLogSource::caught_up(const LogTail& tail, EventSink& sink) {
  failing_.reset();
  if (!std::exchange(live_, true) || !up_) {
    last_ = std::max(last_, clock_.now());
    up_ = true;
    give({up(last_)}, tail, sink);
  }
  const bool damaged = tail.gaps() + tail.overlong() > 0;
  tell(damaged ? Health::degraded : Health::healthy,
       damaged ? "following " + options_.path.string() + "; lines were lost: rotated away unread, or longer than 64 KiB" : "following " + options_.path.string());
}

// A moment without a file is a rotation. Longer than that nothing is observed, which is told as a gap.
void QueueLogSource::failed(const Error& why, const LogTail& tail, EventSink& sink) {
  if (!failing_) failing_ = clock_.steady();
  if (up_ && clock_.steady() - *failing_ < options_.missing_after) return;
  if (std::exchange(up_, false)) {
    last_ = std::max(last_, clock_.now());
    give({{last_, {}, SourceDown{why.what}}}, tail, sink);
    log_warning("pbx", "{}", why.what);
  }
  tell(Health::failed, why.what + "; is the mount there, and may the agent read it?");
}

void QueueLogSource::count(const LogTail& tail) {
  const std::lock_guard lock(mutex_);
  health_.bytes = tail.bytes();
  health_.unknown_messages = mapper_.unknown();
  health_.malformed_messages = mapper_.malformed() + tail.overlong();
}

void QueueLogSource::tell(Health state, std::string what) {
  const std::lock_guard lock(mutex_);
  if (health_.state != state) health_.since = clock_.now();
  health_.state = state;
  health_.what = std::move(what);
}

SourceHealth QueueLogSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace hf::pbx
