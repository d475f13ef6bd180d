#include "hal/pbx/hep_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/pbx/pbx_text.hpp"
#include "hal/platform/log.hpp"

namespace hf::pbx {

namespace {

constexpr std::chrono::milliseconds kTick{1'000}, kRetry{10'000}, kPoll{500};
constexpr std::chrono::milliseconds kSilent{
    3'600'000};  // a stream without a byte for so long is closed: its sender comes again
constexpr Duration kRemembered = std::chrono::minutes(10);  // how long health() tells of what was wrong
constexpr size_t kReadSize = size_t{64} << 10;

// Takes the same time wherever the two differ.
bool same_key(std::string_view a, std::string_view b) {
  unsigned different = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < b.size(); ++i) different |= static_cast<unsigned>(i < a.size() ? a[i] ^ b[i] : 1);
  return different == 0;
}

}  // namespace

HepSource::HepSource(HepOptions options, Clock& clock)
    : options_(std::move(options)), clock_(clock), feed_(options_.site_key, options_.pbx) {
  health_.since = clock_.now();
  health_.what = "not listening yet";
}

HepSource::~HepSource() = default;

std::string HepSource::where() const {
  return options_.address ? net::to_string(*options_.address) : options_.local.string();
}

Description HepSource::describe() const {
  Description d = sip_description();
  d.kind = options_.kind, d.address = where(), d.live = true;
  return d;
}

Result<HepSource::Listening> HepSource::listen() {
  Listening l;
  if (!options_.address) {
    auto local = net::Acceptor::local(options_.local);
    if (!local) return fail(std::move(local.error()));
    l.local.emplace(std::move(*local));
    return l;
  }
  auto udp = net::DatagramSocket::bind(*options_.address, kBuffer);
  if (!udp) return fail(std::move(udp.error()));
  auto tcp = net::Acceptor::tcp(*options_.address);
  if (!tcp) return fail(std::move(tcp.error()));
  l.udp.emplace(std::move(*udp)), l.tcp.emplace(std::move(*tcp));
  if (options_.tls_port) {
    auto tls = net::Acceptor::tcp({options_.address->host, *options_.tls_port});
    if (!tls) return fail(std::move(tls.error()));
    l.tls.emplace(std::move(*tls));
  }
  return l;
}

Status HepSource::run(EventSink& sink, Cursor) {
  if (!options_.address && options_.local.empty())
    return fail(ErrorKind::invalid_input, options_.kind + ": neither an address nor a local socket to listen on");
  if (options_.tls_port && !options_.tls)
    return fail(ErrorKind::invalid_input, options_.kind + ": TLS needs a certificate");
  while (!stop_->triggered()) {
    auto listening = listen();
    if (!listening && listening.error().kind == ErrorKind::invalid_input) return fail(std::move(listening.error()));
    if (listening) {
      serve(std::move(*listening), sink);
      break;
    }
    log_warning("pbx", "{}", listening.error().what);
    {
      const std::lock_guard lock(mutex_);
      health_.state = Health::failed, health_.what = listening.error().what + "; tried again every 10 s";
    }
    (void)stop_->wait_for(kRetry);
  }
  const std::lock_guard lock(mutex_);
  health_.what = "stopped";
  return {};
}

void HepSource::serve(Listening l, EventSink& sink) {
  {
    const std::lock_guard lock(mutex_);
    ports_ = {l.udp ? l.udp->port() : uint16_t{0}, l.tcp ? l.tcp->port() : uint16_t{0},
              l.tls ? l.tls->port() : uint16_t{0}};
  }
  std::vector<std::thread> threads;
  if (l.udp) threads.emplace_back([&] { receive(*l.udp, sink); });
  if (l.tcp) threads.emplace_back([&] { accept(*l.tcp, nullptr, sink); });
  if (l.tls) threads.emplace_back([&] { accept(*l.tls, &*options_.tls, sink); });
  if (l.local) threads.emplace_back([&] { accept(*l.local, nullptr, sink); });
  do tick(sink);
  while (!stop_->wait_for(kTick));
  for (std::thread& t : threads) t.join();
  const std::lock_guard lock(connecting_);
  for (Connection& c : connections_) c.stream->close(), c.thread.join();
  connections_.clear();
}

void HepSource::receive(net::DatagramSocket& socket, EventSink& sink) {
  std::string buffer(kMaxHepFrame + 1, '\0');
  while (!stop_->triggered()) {
    const auto got = socket.receive(buffer, kPoll, *stop_);
    if (got)
      take(std::string_view(buffer).substr(0, *got), sink);
    else if (got.error().kind == ErrorKind::io)
      (void)stop_->wait_for(kTick);
    const std::lock_guard lock(mutex_);
    udp_lost_ = socket.lost();
  }
}

void HepSource::accept(const net::Acceptor& acceptor, const net::TlsContext* tls, EventSink& sink) {
  while (!stop_->triggered()) {
    auto stream = acceptor.accept(kPoll, stop_, tls);
    if (stream)
      admit(std::move(*stream), sink);
    else if (stream.error().kind == ErrorKind::io)
      (void)stop_->wait_for(kTick);
  }
}

void HepSource::admit(std::unique_ptr<net::ByteStream> stream, EventSink& sink) {
  const std::lock_guard lock(connecting_);
  if (connections_.size() >= kMaxConnections) {
    ++turned_away_;
    return;
  }
  Connection& c = connections_.emplace_back();
  c.stream = std::move(stream);
  c.thread = std::thread([this, &c, &sink] {
    follow(*c.stream, sink);
    c.over = true;
  });
}

// A stream that is no HEP is given up: what follows could mean anything.
void HepSource::follow(net::ByteStream& stream, EventSink& sink) {
  HepStream frames;
  std::string buffer(kReadSize, '\0');
  for (;;) {
    const auto got = stream.read(buffer, kSilent);
    if (!got) return got.error().kind == ErrorKind::io ? complain(got.error().what) : void();
    frames.feed(std::string_view(buffer).substr(0, *got));
    for (std::string_view frame;;) {
      const auto more = frames.next(frame);
      if (!more) return complain(stream.peer() + ": " + more.error().what);
      if (!*more) break;
      take(frame, sink);
    }
  }
}

// Every second: ended connections, calls to be given up, and what health() tells.
void HepSource::tick(EventSink& sink) {
  bool left = false;
  {
    const std::lock_guard lock(connecting_);
    for (auto c = connections_.begin(); c != connections_.end();) {
      if (!c->over) {
        ++c;
        continue;
      }
      c->thread.join();
      c = connections_.erase(c);
      left = connections_.empty();
    }
  }
  const std::lock_guard lock(taking_);
  const Time now = clock_.now();
  std::vector<CallEvent> events;
  if (up_) feed_.advance(now, events);
  if (up_ && left && !options_.address) {
    events.push_back({now, {}, SourceDown{"holdfast-tap has gone"}});
    up_ = false;
  }
  give(std::move(events), {}, sink);
  refresh(now);
}

void HepSource::take(std::string_view bytes, EventSink& sink) {
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
  if (!options_.key.empty() && !same_key(frame->key, options_.key.reveal())) {
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
  take_payload(*frame, now, events);
  give(std::move(events), frame->sent, sink);
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
      return feed_.rtcp(frame.payload, now);
    case HepPayload::log:
      if (options_.kind == "tap") tap_words_ = clean_text(frame.payload.substr(0, 300));
      return;
    case HepPayload::other:
      return;
  }
}

// Events never go back in time, whatever somebody does to the box's clock.
void HepSource::give(std::vector<CallEvent> events, const std::optional<Time>& sent, EventSink& sink) {
  if (events.empty()) return;
  for (CallEvent& event : events) event.at = last_ = std::max(last_, event.at), event.pbx_at = sent;
  {
    const std::lock_guard lock(mutex_);
    health_.events += events.size(), health_.last_event = last_;
  }
  sink.on(std::move(events), {});
}

void HepSource::complain(std::string what) {
  const std::lock_guard lock(taking_);
  complaint_ = std::move(what);
}

void HepSource::refresh(Time now) {
  const SipCounts& sip = feed_.counts();
  if (complaint_ != told_complaint_) told_complaint_ = complaint_, complained_ = now;
  if (now - complained_ > kRemembered) complaint_.clear(), told_complaint_.clear();
  const bool quiet = !last_frame_ || now - *last_frame_ > options_.quiet;
  std::string what =
      !last_frame_ ? "listening on " + where() + ": nothing has come yet"
      : quiet      ? fmt::format("listening on {}: nothing came for {} s", where(),
                                 std::chrono::ceil<std::chrono::seconds>(now - *last_frame_).count())
                   : fmt::format("SIP comes to {}: {} messages, {} calls open", where(), sip.messages, feed_.calls());
  for (const std::string& more : {feed_.words(), feed_.quality().words(now), tap_words_, complaint_})
    if (!more.empty()) what += "; " + more;
  const std::lock_guard lock(mutex_);
  if (udp_lost_ > 0) what += fmt::format("; {} datagrams were lost here, since the agent was busy", udp_lost_);
  const Health state = !last_frame_                                    ? Health::connecting
                       : quiet || !complaint_.empty() || udp_lost_ > 0 ? Health::degraded
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

HepSource::Ports HepSource::ports() const {
  const std::lock_guard lock(mutex_);
  return ports_;
}

}  // namespace hf::pbx
