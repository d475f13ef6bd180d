#include "hal/pbx/live_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "hal/net/tls_stream.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/log.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kReadSize = 64 * 1024, kMaxPem = size_t{1} << 20;
constexpr std::chrono::milliseconds kWriteWithin{5'000};
constexpr std::chrono::milliseconds kReadWithin{60'000};  // close() ends a read at once; this only bounds the wait
constexpr std::chrono::milliseconds kLongestWait{1'000};

bool needs_a_person(ErrorKind kind) {
  return kind == ErrorKind::denied || kind == ErrorKind::unsupported || kind == ErrorKind::invalid_input;
}

}  // namespace

std::string shown(std::string_view text) {
  std::string out;
  while (text.ends_with('\r')) text.remove_suffix(1);
  for (const char c : text.substr(0, 60)) out += c >= 0x20 && c < 0x7f ? c : '.';
  return out;
}

LiveSource::LiveSource(LiveOptions options, Clock& clock, Random& random, LiveConnect connect)
    : options_(std::move(options)),
      clock_(clock),
      random_(random),
      connect_(std::move(connect)),
      backoff_(options_.first_retry, options_.last_retry) {
  health_.since = clock_.now();
  health_.what = "connecting to " + net::to_string(options_.address);
}

LiveSource::~LiveSource() = default;

Status LiveSource::run(EventSink& sink, Cursor) {
  if (auto good = check(); !good) return good;
  while (!stop_->triggered()) {
    auto secret = read_secret(options_.secret_file);
    if (!secret) {
      wait_after(secret.error(), false);
      continue;
    }
    auto stream = open();
    if (!stream) {
      wait_after(stream.error(), false);
      continue;
    }
    Served served = serve(**stream, std::move(*secret), sink);
    if (served.was_up) give({{served.lost, {}, SourceDown{served.why.what}}}, sink);
    wait_after(served.why, served.was_up);
  }
  tell(Health::connecting, "stopped");
  return {};
}

Result<std::unique_ptr<net::ByteStream>> LiveSource::open() {
  tell(Health::connecting, "connecting to " + net::to_string(options_.address));
  if (connect_) return connect_(stop_);
  if (!options_.tls_ca_file) return net::connect_tcp(options_.address, options_.connect_within, stop_);
  auto ca = read_file(*options_.tls_ca_file, kMaxPem);
  if (!ca) return fail(std::move(ca.error()).context("the PBX's certificate is not checked without its CA"));
  const auto tls = net::TlsContext::client(*ca, nullptr, net::TlsFloor::tls12_towards_site);
  if (!tls) return fail(Error(tls.error()).context(options_.tls_ca_file->string()));
  return net::connect_tls(options_.address, *tls, options_.connect_within, stop_);
}

LiveSource::Served LiveSource::serve(net::ByteStream& stream, Secret secret, EventSink& sink) {
  {
    const std::lock_guard lock(mutex_);
    stream_ = &stream;
    unknown_before_ = health_.unknown_messages, malformed_before_ = health_.malformed_messages;
  }
  ChunkQueue queue(options_.max_waiting_bytes);
  const auto session = make_session(std::move(secret), clock_.steady());
  std::thread reader([this, &stream, &queue] { receive(stream, queue); });
  Served served{follow(stream, queue, *session, sink), session->up(), clock_.now()};
  stream.close();
  reader.join();
  served.lost = std::min(served.lost, queue.closed_at().value_or(served.lost));
  const std::lock_guard lock(mutex_);
  stream_ = nullptr;
  return served;
}

// The reader's thread: takes bytes off the wire as they come, whatever the agent is doing.
void LiveSource::receive(net::ByteStream& stream, ChunkQueue& queue) {
  std::string buffer(kReadSize, '\0');
  for (;;) {
    const auto got = stream.read(buffer, kReadWithin);
    if (!got && got.error().kind == ErrorKind::timed_out) continue;
    if (!got) return queue.close(got.error(), clock_.now());
    if (queue.push({clock_.now(), buffer.substr(0, *got)})) continue;
    stream.close();
    return queue.close(
        {ErrorKind::busy,
         fmt::format("the agent could not keep up: {} bytes from {} were waiting, the connection was given up",
                     options_.max_waiting_bytes, net::to_string(options_.address))},
        clock_.now());
  }
}

Error LiveSource::follow(net::ByteStream& stream, ChunkQueue& queue, LiveSession& session, EventSink& sink) {
  for (;;) {
    const Status done = step(stream, queue, session, sink);
    if (stop_->triggered()) return {ErrorKind::closed, "stopped"};
    if (!done) return done.error();
  }
}

Status LiveSource::step(net::ByteStream& stream, ChunkQueue& queue, LiveSession& session, EventSink& sink) {
  const auto until = std::chrono::ceil<std::chrono::milliseconds>(session.deadline() - clock_.steady());
  auto chunk = queue.pop(std::clamp(until, std::chrono::milliseconds(0), kLongestWait));
  if (!chunk) return fail(std::move(chunk.error()));
  LiveOutput out;
  Status good;
  const size_t bytes = *chunk ? (*chunk)->bytes.size() : 0;
  if (*chunk) good = session.on((*chunk)->bytes, (*chunk)->at, clock_.steady(), out);
  if (good) good = session.tick(clock_.now(), clock_.steady(), out);
  count(session, bytes);
  if (!out.send.empty() && good) good = stream.write(out.send, kWriteWithin);
  wipe(out.send);
  give(std::move(out.events), sink);
  return good;
}

// Events never go back in time, whatever somebody does to the box's clock.
void LiveSource::give(std::vector<CallEvent> events, EventSink& sink) {
  if (events.empty()) return;
  for (CallEvent& event : events) event.at = last_ = std::max(last_, event.at);
  {
    const std::lock_guard lock(mutex_);
    health_.events += events.size(), health_.last_event = last_;
  }
  sink.on(std::move(events), {});
}

void LiveSource::count(const LiveSession& session, size_t bytes) {
  if (session.up()) {
    backoff_.reset();
    if (session.complaint().empty())
      tell(Health::healthy, "connected to " + net::to_string(options_.address));
    else
      tell(Health::degraded, session.complaint());
  }
  const std::lock_guard lock(mutex_);
  health_.bytes += bytes;
  health_.unknown_messages = unknown_before_ + session.unknown();
  health_.malformed_messages = malformed_before_ + session.malformed();
}

void LiveSource::wait_after(const Error& why, bool was_up) {
  if (stop_->triggered()) return;
  const bool slow = needs_a_person(why.kind);
  const auto delay = slow ? Backoff(options_.slow_retry, options_.slow_retry).next(random_) : backoff_.next(random_);
  tell(Health::failed,
       fmt::format("{}; next try in {} s", why.what, std::chrono::ceil<std::chrono::seconds>(delay).count()));
  log_warning("pbx", "{}", why.what);
  if (was_up) {
    const std::lock_guard lock(mutex_);
    ++health_.reconnects;
  }
  (void)stop_->wait_for(delay);
}

void LiveSource::tell(Health state, std::string what) {
  const std::lock_guard lock(mutex_);
  if (health_.state != state) health_.since = clock_.now();
  health_.state = state;
  health_.what = std::move(what);
}

void LiveSource::stop() {
  stop_->trigger();
  const std::lock_guard lock(mutex_);
  if (stream_ != nullptr) stream_->close();
}

SourceHealth LiveSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace hf::pbx
