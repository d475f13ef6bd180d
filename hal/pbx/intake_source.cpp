#include "hal/pbx/intake_source.hpp"

#include <algorithm>

#include "hal/platform/log.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kMaxWaiting = 20'000, kMaxRefusedTold = 20;
constexpr std::chrono::milliseconds kLook{500};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

}  // namespace

IntakeSource::IntakeSource(SipKey site_key, Clock& clock, Duration silence) : site_key_(site_key), clock_(clock), silence_(silence) {
  health_.since = clock_.now();
  health_.what = "no connector has called yet";
}

Description IntakeSource::describe() const {
  const std::lock_guard lock(mutex_);
  Description d;
  d.kind = "intake", d.address = "/api/v1/events", d.live = true, d.resumable = true;
  if (up_) d.agent_state = up_->agent_state, d.pre_queue = d.hold_times = up_->channel_events;
  return d;
}

void IntakeSource::refuse(IntakeTaken& taken, size_t line, std::string problem) {
  ++taken.refused_in_all, ++health_.malformed_messages;
  if (taken.refused.size() < kMaxRefusedTold) taken.refused.push_back({line, std::move(problem)});
}

// Whether the event is to be handed on.
bool IntakeSource::judge(PostedEvent& event, IntakeTaken& taken, size_t line) {
  auto* up = std::get_if<SourceUp>(&event.body);
  if (up != nullptr && up->product.empty()) return refuse(taken, line, "source_up needs product: what the PBX is"), false;
  if (!ids_.fresh(event.id)) return ++taken.duplicates, false;
  if (up != nullptr) up_ = *up, link_ = true;
  if (std::holds_alternative<SourceDown>(event.body)) link_ = false;
  last_id_ = event.id;
  ++taken.accepted;
  return true;
}

void IntakeSource::heard() {
  last_heard_ = clock_.steady();
  health_.since = health_.state == Health::healthy ? health_.since : clock_.now();
  health_.state = Health::healthy, health_.what = "a connector posts events";
  if (!up_ || link_) return;
  link_ = true;  // it is back, and sees what it saw before
  last_ = std::max(last_, clock_.now());
  waiting_.push_back({last_, {}, *up_});
}

Result<IntakeTaken> IntakeSource::take(std::string_view text) {
  const auto lines = lines_of(text);
  const std::lock_guard lock(mutex_);
  if (!begun_ || stopped_) return fail(ErrorKind::busy, "the agent is not ready for events yet");
  if (waiting_.size() + lines.size() > kMaxWaiting) return fail(ErrorKind::busy, "more events wait than the agent can take now; post these again");
  IntakeTaken taken;
  std::vector<std::pair<size_t, PostedEvent>> read;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    auto event = from_json(lines[i], site_key_);
    if (event) read.emplace_back(i + 1, std::move(*event));
    else refuse(taken, i + 1, event.error().what);
  }
  if (const auto known = std::ranges::find(read, resumed_, [](const auto& e) { return e.second.id; }); !resumed_.empty() && known != read.end()) {
    for (auto at = read.begin(); at != std::next(known); ++at) (void)ids_.fresh(at->second.id), ++taken.duplicates;
    read.erase(read.begin(), std::next(known));
  }
  if (!read.empty() && !up_ && !std::holds_alternative<SourceUp>(read.front().second.body))
    return fail(ErrorKind::denied, "post source_up first: it says what the connector can see");
  if (!read.empty()) resumed_.clear();
  heard();
  for (auto& [line, event] : read) {
    if (!judge(event, taken, line)) continue;
    last_ = std::max(last_, clock_.now());
    waiting_.push_back({last_, event.at, std::move(event.body)});
  }
  health_.bytes += text.size();
  changed_.notify_all();
  return taken;
}

// A connector that died cannot say so.
void IntakeSource::watch() {
  if (!link_ || clock_.steady() - last_heard_ < silence_) return;
  link_ = false;
  const std::string why = "nothing was heard from the connector for " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(silence_).count()) + " s";
  last_ = std::max(last_, clock_.now());
  waiting_.push_back({last_, {}, SourceDown{why}});
  health_.state = Health::failed, health_.since = clock_.now(), health_.what = why;
  ++health_.reconnects;
  log_warning("pbx", "{}", why);
}

Status IntakeSource::run(EventSink& sink, Cursor from) {
  std::unique_lock lock(mutex_);
  begun_ = true;
  resumed_ = last_id_ = from;
  while (!stopped_) {
    changed_.wait_for(lock, kLook, [this] { return stopped_ || !waiting_.empty(); });
    watch();
    if (waiting_.empty() || stopped_) continue;
    std::vector<CallEvent> events(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    health_.events += events.size(), health_.last_event = events.back().at;
    const Cursor place = last_id_;
    lock.unlock();
    sink.on(std::move(events), place);
    lock.lock();
  }
  return {};
}

void IntakeSource::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

SourceHealth IntakeSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace hf::pbx
