#include "hal/pbx/listener.hpp"

#include <algorithm>
#include <condition_variable>
#include <thread>


namespace hf::pbx {

namespace {

constexpr size_t kLongDigits = 7;  // a number to call; ids keep theirs, for they must be compared

bool digit(char c) { return c >= '0' && c <= '9'; }

// Keeps the last two digits of each long row.
std::string masked(std::string text) {
  for (size_t i = 0; i < text.size(); ++i) {
    size_t end = i;
    while (end < text.size() && digit(text[end])) ++end;
    if (end - i >= kLongDigits) std::fill(text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(end - 2), '*');
    i = std::max(i, end);
  }
  return text;
}

// An agent by his name, as a queue_log tells him: no device, no account.
bool is_name(std::string_view value) { return value.find_first_of("/@0123456789") == value.npos; }

// Rewrites the fields of a body that say something of people.
struct Masker {
  template <class T>
  void operator()(std::string_view, T&) const {}
  void operator()(std::string_view name, std::string& value) const {
    if (value.empty()) return;
    if (name == "name" || name == "pause_reason" || ((name == "member" || name == "device") && is_name(value))) value = "***";
    else if (name == "dialled" || name == "line" || name == "extension") value = value.size() > 2 ? "***" + value.substr(value.size() - 2) : "***";
    else if (name != "channel" && name != "linked" && name != "leg" && name != "call" && name != "bridge") value = masked(std::move(value));
  }
  void operator()(std::string_view name, CallerKey& value) const {
    if (name == "caller" && value != 0) value = 1;  // told or not told is all that is shown
  }
};

struct Expected {
  std::string_view source, kind, reason, words;
};
// In the order of what must work first.
constexpr auto kExpected = std::to_array<Expected>({
    {"ami", "source_up", "login", "the login did not succeed: see the state of the source"},
    {"ami", "resync_ended", "ami_reporting", "the pictures of queues and channels did not come: the account lacks write = reporting"},
    {"ami", "queue_seen", "ami_queues", "no queue was told: the PBX has none, or the account lacks read = agent"},
    {"ami", "channel_started", "ami_call_class", "no call began: a quiet minute, or the account lacks read = call"},
    {"ami", "channel_step", "ami_dialplan_class", "no step of the dialplan: no call, or the account lacks read = dialplan; a hold is then told later"},
    {"ami", "queue_joined", "no_caller", "nobody came to a queue: call one yourself and listen again"},
    {"ami", "member_state", "ami_agent_class", "no agent's state: nobody is logged in, or the account lacks read = agent"},
    {"esl", "source_up", "login", "the login did not succeed: see the state of the source"},
    {"esl", "queue_seen", "esl_callcenter", "no queue was told: mod_callcenter is not loaded, or the user may not ask callcenter_config"},
    {"esl", "channel_started", "no_call", "no call began: call one of your lines yourself and listen again"},
    {"esl", "queue_joined", "no_caller", "nobody came to a queue: call one yourself and listen again"},
    {"esl", "member_state", "esl_agents", "no agent's state: no agent is logged in, or the user may not ask callcenter_config"},
    {"queue_log", "source_up", "file", "the file could not be opened: see the state of the source"},
    {"queue_log", "queue_joined", "log_quiet", "no caller came to a queue: call one yourself, and look whether a line is added to the file"},
    {"queue_log", "member_connected", "no_answer", "nobody was answered in this time"},
    {"syslog", "queue_joined", "syslog_sender", "no line of a queue came: does the PBX's log daemon send here, and does a firewall let it through?"},
    {"smdr", "call_recorded", "smdr_quiet", "no record came: a record is printed when a call is over; check the cable or address, then end a call"},
    {"intake", "source_up", "intake_quiet", "no connector has posted source_up: is it running, and does its token fit?"},
    {"intake", "queue_joined", "no_caller", "nobody came to a queue, as far as the connector tells"},
    {"hep", "channel_started", "hep_quiet", "no call was seen: does the sender reach this address and port, and does its key fit?"},
    {"tap", "channel_started", "tap_quiet", "no call was seen: does holdfast-tap run, and does the switch mirror the PBX's port?"},
    {"simulator", "queue_joined", "no_caller", "nobody came to a queue"},
});

template <size_t... I>
std::string_view kind_name_at(size_t index, std::index_sequence<I...>) {
  std::string_view name;
  (void)((I == index ? (name = kind_name(CallEventBody(std::in_place_index<I>)), true) : false) || ...);
  return name;
}
std::string_view kind_name_of(size_t index) { return kind_name_at(index, std::make_index_sequence<std::variant_size_v<CallEventBody>>{}); }

}  // namespace

std::string_view in_words(const MissingEvent& missing) {
  for (const Expected& e : kExpected)
    if (e.kind == missing.kind && e.reason == missing.reason) return e.words;
  return {};
}

std::string masked_text(const CallEvent& event) {
  CallEvent copy = event;
  std::visit([](auto& body) { Masker mask; body.fields(mask); }, copy.body);
  return to_text(copy);
}

void Listener::on(std::vector<CallEvent> events, Cursor cursor) {
  {
    const std::lock_guard lock(mutex_);
    if (from_)
      for (const CallEvent& event : events)
        if (event.at < until_) take(event);
  }
  if (next_ != nullptr) next_->on(std::move(events), std::move(cursor));
}

void Listener::take(const CallEvent& event) {
  Count& count = counts_[event.body.index()];
  ++count.count;
  if (count.examples.size() < ListenReport::kExamples) count.examples.push_back(masked_text(event));
  if (!event.pbx_at) return;
  if (skews_.size() < kSkews) skews_.push_back(*event.pbx_at - event.at);
  else skews_[next_skew_++ % kSkews] = *event.pbx_at - event.at;
}

void Listener::begin(Time now, std::chrono::seconds length) {
  const std::lock_guard lock(mutex_);
  from_ = now, until_ = now + length;
  counts_ = {}, skews_.clear(), next_skew_ = 0;
}

bool Listener::listening(Time now) const {
  const std::lock_guard lock(mutex_);
  return from_ && now < until_;
}

std::optional<ListenReport> Listener::report(Time now, std::string_view kind) const {
  const std::lock_guard lock(mutex_);
  if (!from_) return {};
  ListenReport report;
  report.from = *from_, report.listened = std::max(Duration{}, std::min(now, until_) - *from_);
  for (size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i].count > 0) report.heard.push_back({kind_name_of(i), counts_[i].count, counts_[i].examples});
  const auto told = [&report](std::string_view name) { return std::ranges::find(report.heard, name, &ListenReport::Heard::kind) != report.heard.end(); };
  std::ranges::stable_sort(report.heard, std::greater{}, &ListenReport::Heard::count);
  if (!skews_.empty()) {
    std::vector<Duration> sorted = skews_;
    std::ranges::sort(sorted);
    report.clock_ahead = sorted[sorted.size() / 2];
  }
  for (const Expected& e : kExpected)
    if (e.source == kind && !told(e.kind)) {
      report.missing.push_back({e.kind, e.reason});
      if (e.kind == "source_up") break;  // nothing else can come without it
    }
  return report;
}

Status listen_to(PbxSource& source, Listener& listener, std::chrono::seconds length, const Clock& clock, SourceHealth* at_end) {
  std::mutex mutex;
  std::condition_variable over;
  bool done = false;
  listener.begin(clock.now(), length);
  Status ended;
  std::thread runner([&] {
    Status result = source.run(listener, {});
    const std::lock_guard lock(mutex);
    ended = std::move(result), done = true;
    over.notify_all();
  });
  {
    std::unique_lock lock(mutex);
    over.wait_for(lock, length, [&done] { return done; });
  }
  if (at_end != nullptr) *at_end = source.health();
  source.stop();
  runner.join();
  return ended;
}

}  // namespace hf::pbx
