#include "hal/pbx/asterisk/syslog_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/pbx/asterisk/syslog_frame.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

namespace {
constexpr SipKey kLineKey{'s', 'y', 's', 'l', 'o', 'g'};  // no secret: the hash only tells lines apart
}  // namespace

SyslogSource::SyslogSource(SenderAddresses addresses, Clock& clock, Recorder* recorder) : clock_(clock), recorder_(recorder), hub_(std::move(addresses)) {
  health_.since = clock_.now();
  health_.what = "not listening yet";
}

Description SyslogSource::describe() const {
  Description d;
  d.kind = "syslog", d.address = hub_.where(), d.live = true, d.grain = std::chrono::seconds(1);
  return d;
}

Status SyslogSource::run(EventSink& sink, Cursor) {
  sink_ = &sink;
  if (auto served = hub_.run(*this, stop_); !served) return fail(std::move(served.error()).context("syslog"));
  const std::lock_guard lock(mutex_);
  health_.what = "stopped";
  return {};
}

std::unique_ptr<Senders::Stream> SyslogSource::stream() {
  struct Messages final : Stream {
    explicit Messages(SyslogSource& s) : source(s) {}
    Status take(std::string_view bytes) override {
      const uint64_t before = frames.passed_over();
      std::vector<std::string> messages;
      frames.feed(bytes, messages);
      for (const std::string& message : messages) source.take(message);
      const std::lock_guard lock(source.taking_);
      source.passed_over_ += frames.passed_over() - before;
      return {};
    }
    SyslogSource& source;
    SyslogFrames frames;
  };
  return std::make_unique<Messages>(*this);
}

void SyslogSource::take(std::string_view message) {
  const std::string_view line = logged_text(message);
  const std::lock_guard lock(taking_);
  {
    const std::lock_guard counting(mutex_);
    health_.bytes += message.size();
  }
  if (!queue_log_time(line)) {
    ++passed_over_;  // another program's, or no syslog at all
    return;
  }
  if (!lines_.fresh(siphash24(kLineKey, line))) {
    ++repeated_;
    return;
  }
  if (recorder_ != nullptr) recorder_->received(std::string(line) + '\n', clock_.now());
  std::vector<CallEvent> events;
  if (!mapper_.map(line, events) || events.empty()) return;
  last_ = std::max(last_, clock_.now());
  for (CallEvent& event : events) event.at = last_;
  if (!std::exchange(up_, true)) events.insert(events.begin(), {last_, {}, SourceUp{"Asterisk queue_log (syslog)", false, false, false}});
  {
    const std::lock_guard counting(mutex_);
    health_.events += events.size(), health_.last_event = last_;
  }
  sink_->on(std::move(events), {});
}

void SyslogSource::broken(std::string what) { log_warning("pbx", "syslog: {}", what); }

void SyslogSource::waiting(const Error& why) {
  log_warning("pbx", "{}", why.what);
  const std::lock_guard lock(mutex_);
  health_.state = Health::failed, health_.what = why.what + "; tried again every 10 s";
}

void SyslogSource::tick(bool) {
  const std::lock_guard taking(taking_);
  const std::lock_guard lock(mutex_);
  const uint64_t lost = hub_.datagrams_lost();
  std::string what = up_ ? "queue_log lines come to " + hub_.where() : "listening on " + hub_.where() + ": no queue_log line has come yet";
  if (lost > 0) what += fmt::format("; {} datagrams were lost here, since the agent was busy", lost);
  if (repeated_ > 0) what += fmt::format("; {} lines came twice and were counted once", repeated_);
  const Health state = lost > 0 ? Health::degraded : up_ ? Health::healthy : Health::connecting;
  if (health_.state != state) health_.since = clock_.now();
  health_.state = state, health_.what = std::move(what);
  health_.unknown_messages = mapper_.unknown() + passed_over_, health_.malformed_messages = mapper_.malformed();
}

SourceHealth SyslogSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace hf::pbx
