#include "hal/pbx/sip/hep_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/net/digest.hpp"
#include "hal/pbx/pbx_text.hpp"
#include "hal/platform/log.hpp"

namespace hf::pbx {

namespace {

constexpr Duration kRemembered = std::chrono::minutes(10);  // how long health() tells of what was wrong

}  // namespace

HepSource::HepSource(HepOptions options, Clock& clock)
    : options_(std::move(options)), clock_(clock), hub_(options_.senders), feed_(options_.site_key, options_.pbx) {
  health_.since = clock_.now();
  health_.what = "not listening yet";
}

HepSource::~HepSource() = default;

Description HepSource::describe() const {
  Description d = sip_description();
  d.kind = options_.kind, d.address = hub_.where(), d.live = true;
  return d;
}

Status HepSource::run(EventSink& sink, Cursor) {
  sink_ = &sink;
  if (auto served = hub_.run(*this, stop_); !served) return fail(std::move(served.error()).context(options_.kind));
  const std::lock_guard lock(mutex_);
  health_.what = "stopped";
  return {};
}

void HepSource::waiting(const Error& why) {
  log_warning("pbx", "{}", why.what);
  const std::lock_guard lock(mutex_);
  health_.state = Health::failed, health_.what = why.what + "; tried again every 10 s";
}

// A stream that is no HEP is given up: what follows could mean anything.
std::unique_ptr<Senders::Stream> HepSource::stream() {
  struct Frames final : Stream {
    explicit Frames(HepSource& s) : source(s) {}
    Status take(std::string_view bytes) override {
      frames.feed(bytes);
      for (std::string_view frame;;) {
        const auto more = frames.next(frame);
        if (!more) return fail(more.error());
        if (!*more) return {};
        source.take(frame);
      }
    }
    HepSource& source;
    HepStream frames;
  };
  return std::make_unique<Frames>(*this);
}

// Calls to be given up, and what health() tells.
void HepSource::tick(bool last_left) {
  const std::lock_guard lock(taking_);
  const Time now = clock_.now();
  std::vector<CallEvent> events;
  if (up_) feed_.advance(now, events);
  if (up_ && last_left && !options_.senders.address) {
    events.push_back({now, {}, SourceDown{"holdfast-tap has gone"}});
    up_ = false;
  }
  give(std::move(events), {});
  refresh(now);
}

void HepSource::take(std::string_view bytes) {
  const auto frame = parse_hep(bytes);
  const std::lock_guard lock(taking_);
  const Time now = clock_.now();
  {
    const std::lock_guard counting(mutex_);
    health_.bytes += bytes.size();
  }
  if (!frame) {
    ++unread_;
    complaint_ = frame.error().what;
    return;
  }
  if (!options_.key.empty() && !net::equal_constant_time(frame->key, options_.key.reveal())) {
    ++refused_;
    complaint_ =
        "a frame without the right key was refused: the sender's authentication key and the agent's secret file must "
        "be the same";
    return;
  }
  last_frame_ = now;
  std::vector<CallEvent> events;
  if (!std::exchange(up_, true)) {
    events.push_back(
        {now, {}, SourceUp{options_.kind == "tap" ? "SIP (holdfast-tap)" : "SIP (HEP)", true, false, false}});
    feed_.picture(now, events);
  }
  record(*frame, now);
  take_payload(*frame, now, events);
  give(std::move(events), frame->sent);
}

// RTCP may name people in its binary form, and is not recorded; nor is the key.
void HepSource::record(const HepFrame& frame, Time now) {
  if (options_.recorder == nullptr || frame.compressed || frame.kind != HepPayload::sip) return;
  HepFrame clean = frame;
  clean.key = {};
  if (!clean.sent) clean.sent = now;
  options_.recorder->frame(frame.payload, now, [&clean](std::string_view payload) {
    clean.payload = payload;
    return render_hep(clean);
  });
}

void HepSource::take_payload(const HepFrame& frame, Time now, std::vector<CallEvent>& out) {
  if (frame.compressed) {
    ++compressed_;
    complaint_ = "compressed payloads are not read: switch compression off at the sender";
    return;
  }
  switch (frame.kind) {
    case HepPayload::sip:
      return feed_.sip(frame.payload, frame.from, frame.to, now, out);
    case HepPayload::rtcp:
      return feed_.rtcp(frame.payload, frame.from, frame.to, now, frame.correlation);
    case HepPayload::log:
      if (options_.kind == "tap") tap_words_ = clean_text(frame.payload.substr(0, 300));
      return;
    case HepPayload::other:
      return;
  }
}

// Events never go back in time, whatever somebody does to the box's clock.
void HepSource::give(std::vector<CallEvent> events, const std::optional<Time>& sent) {
  if (events.empty()) return;
  for (CallEvent& event : events) event.at = last_ = std::max(last_, event.at), event.pbx_at = sent;
  {
    const std::lock_guard lock(mutex_);
    health_.events += events.size(), health_.last_event = last_;
  }
  sink_->on(std::move(events), {});
}

void HepSource::broken(std::string what) {
  const std::lock_guard lock(taking_);
  complaint_ = std::move(what);
}

void HepSource::refresh(Time now) {
  const SipCounts& sip = feed_.counts();
  if (complaint_ != told_complaint_) told_complaint_ = complaint_, complained_ = now;
  if (now - complained_ > kRemembered) complaint_.clear(), told_complaint_.clear();
  const bool quiet = !last_frame_ || now - *last_frame_ > options_.quiet;
  std::string what =
      !last_frame_ ? "listening on " + hub_.where() + ": nothing has come yet"
      : quiet      ? fmt::format("listening on {}: nothing came for {} s", hub_.where(),
                                 std::chrono::ceil<std::chrono::seconds>(now - *last_frame_).count())
                   : fmt::format("SIP comes to {}: {} messages, {} legs open", hub_.where(), sip.messages, feed_.open_legs());
  for (const std::string& more : {feed_.words(), feed_.quality().words(now), tap_words_, complaint_})
    if (!more.empty()) what += "; " + more;
  const std::lock_guard lock(mutex_);
  const uint64_t lost = hub_.datagrams_lost();
  if (lost > 0) what += fmt::format("; {} datagrams were lost here, since the agent was busy", lost);
  const Health state = !last_frame_                                    ? Health::connecting
                       : quiet || !complaint_.empty() || lost > 0 ? Health::degraded
                                                                       : Health::healthy;
  if (health_.state != state) health_.since = now;
  health_.state = state, health_.what = std::move(what);
  health_.unknown_messages = sip.unknown + sip.foreign;
  health_.malformed_messages = sip.malformed + unread_ + refused_ + compressed_;
}

void HepSource::stop() { stop_->trigger(); }

SourceHealth HepSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace hf::pbx
