#include "hal/pbx/smdr/smdr_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/platform/log.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kReadSize = 4096, kMaxLine = 4096;
constexpr std::chrono::milliseconds kWithin{10'000}, kLook{1'000};
constexpr Duration kJustNow = std::chrono::minutes(5);
constexpr uint64_t kClippedTold = 3;

}  // namespace

SmdrSource::SmdrSource(SmdrOptions options, TimeZone zone, Clock& clock, Random& random)
    : options_(std::move(options)), zone_(zone), clock_(clock), random_(random), backoff_(options_.first_retry, options_.last_retry) {
  health_.since = clock_.now();
  health_.what = "opening " + where();
}

std::string SmdrSource::where() const {
  if (options_.way == SmdrWay::serial) return options_.line.device + " (" + net::to_string(options_.line) + ")";
  if (options_.way == SmdrWay::file) return options_.file.string();
  if (options_.way == SmdrWay::listen && port_ != 0) return net::to_string(net::HostPort{options_.address.host, port_});
  return net::to_string(options_.address);
}

Description SmdrSource::describe() const {
  Description d;
  d.kind = "smdr", d.address = where(), d.live = true, d.resumable = options_.way == SmdrWay::file;
  d.queues = options_.how.has(SmdrField::queue);
  return d;
}

Status SmdrSource::run(EventSink& sink, Cursor from) {
  if (options_.way == SmdrWay::file) {
    tail_.emplace(options_.file);
    if (auto good = tail_->resume(from); !good) log_warning("pbx", "{}: read from its beginning: {}", where(), good.error().what);
  }
  while (!stop_->triggered()) {
    auto stream = open();
    if (!stream) {
      wait_after(stream.error(), sink);
      continue;
    }
    if (options_.way != SmdrWay::file) come_up(clock_.now(), sink);  // a file begins with the time of its first record
    if (options_.recorder != nullptr) *stream = std::make_unique<RecordedStream>(std::move(*stream), *options_.recorder, clock_);
    const Error why = follow(**stream, sink);
    tailed_ = nullptr;
    partial_.clear();
    // A PBX that calls keeps its records while it cannot reach us: that it hangs up is no gap.
    if (!stop_->triggered() && options_.way != SmdrWay::listen) wait_after(why, sink);
  }
  tell(Health::connecting, "stopped");
  return {};
}

Result<std::unique_ptr<net::ByteStream>> SmdrSource::open() {
  if (options_.way == SmdrWay::serial) return net::open_serial(options_.line, stop_);
  if (options_.way == SmdrWay::file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(options_.file, error)) return fail(ErrorKind::not_found, where() + ": no such file; does the PBX write it already?");
    auto stream = std::make_unique<TailStream>(*tail_, where(), stop_);
    tailed_ = stream.get();
    return stream;
  }
  if (options_.way == SmdrWay::dial) return net::connect_tcp(options_.address, kWithin, stop_);
  if (!acceptor_) {
    auto acceptor = net::Acceptor::tcp(options_.address);
    if (!acceptor) return fail(std::move(acceptor.error()));
    acceptor_.emplace(std::move(*acceptor));
    port_ = acceptor_->port();
  }
  tell(Health::healthy, "waiting at " + where() + " for the PBX to call");
  for (;;) {
    auto caller = acceptor_->accept(kLook, stop_);
    if (caller || caller.error().kind != ErrorKind::timed_out) return caller;
  }
}

Error SmdrSource::follow(net::ByteStream& stream, EventSink& sink) {
  backoff_.reset();
  tell(Health::healthy, options_.way == SmdrWay::listen ? stream.peer() + " is connected at " + where() : "reading " + where());
  std::string buffer(kReadSize, '\0');
  for (;;) {
    const auto got = stream.read(buffer, kLook);
    std::vector<CallEvent> events;
    const bool over = !got && got.error().kind != ErrorKind::timed_out;
    if (got) take(std::string_view(buffer).substr(0, *got), events);
    else if (const auto last = partial_.empty() ? records_.end() : std::nullopt) take_record(*last, events);  // no further line of it comes
    if (!got && !over) calls_.advance(clock_.now(), events);
    if (!events.empty() || (!got && !over)) come_up(events.empty() ? clock_.now() : events.front().at, sink);
    give(std::move(events), sink);
    if (over) return got.error();
  }
}

void SmdrSource::come_up(Time at, EventSink& sink) {
  if (!std::exchange(up_, true)) give({{at, {}, SourceUp{"SMDR, " + options_.how.label, false, false, false, true}}}, sink);
}

// What was written while nobody read it counts in its own time; what has just come, when it came.
Time SmdrSource::time_of(const SmdrRecord& record) const {
  const Time now = clock_.now();
  if (options_.way != SmdrWay::file) return now;
  const auto end = over_at(record);
  return end && now - *end > kJustNow ? *end : now;
}

// Printers' lines: ended by CR, LF or both, with form feeds between pages and NULs as padding.
void SmdrSource::take(std::string_view bytes, std::vector<CallEvent>& out) {
  for (const char c : bytes) {
    if (c == '\0' || c == '\f') continue;
    if (c != '\r' && c != '\n') {
      if (partial_.size() < kMaxLine) partial_ += c;
      else skipping_ = true;
      continue;
    }
    if (!skipping_ && !partial_.empty()) take_line(partial_, out);
    else if (skipping_) problem_ = "a line longer than 4096 signs", ++lines_;
    const std::lock_guard lock(mutex_);
    if (std::exchange(skipping_, false)) ++health_.malformed_messages;
    partial_.clear();
  }
  const std::lock_guard lock(mutex_);
  health_.bytes += bytes.size();
}

void SmdrSource::take_line(std::string_view line, std::vector<CallEvent>& out) {
  ++lines_;
  if (const auto record = records_.take(line)) take_record(*record, out);
}

void SmdrSource::take_record(std::string_view line, std::vector<CallEvent>& out) {
  SmdrRecord record;
  const SmdrVerdict verdict = read_smdr(line, options_.how, zone_, options_.site_key, record, problem_);
  if (verdict == SmdrVerdict::record) {
    clipped_ += record.clipped ? 1 : 0;
    calls_.take(record, fmt::format("smdr-{:016x}", siphash24(options_.site_key, line)), time_of(record), out);
  }
  if (verdict != SmdrVerdict::malformed && clipped_ < kClippedTold) return;
  const std::lock_guard lock(mutex_);
  health_.state = Health::degraded;
  if (verdict == SmdrVerdict::malformed) ++health_.malformed_messages;
  health_.what = verdict == SmdrVerdict::malformed ? fmt::format("line {} does not fit the template {}: {}", lines_, options_.how.id, problem_)
                                                   : fmt::format("{} durations stand at the highest value that the PBX can print: they were as long, or longer", clipped_);
}

void SmdrSource::give(std::vector<CallEvent> events, EventSink& sink) {
  if (events.empty()) return;
  for (CallEvent& event : events) event.at = last_ = std::max(last_, event.at);
  {
    const std::lock_guard lock(mutex_);
    health_.events += events.size(), health_.last_event = last_;
  }
  // A call whose records are not all there must be read again, and so must a record that may go on.
  const bool placed = tailed_ != nullptr && tailed_->whole() && calls_.open() == 0 && records_.empty();
  sink.on(std::move(events), placed ? tail_->place() : Cursor{});
}

void SmdrSource::wait_after(const Error& why, EventSink& sink) {
  if (stop_->triggered()) return;
  if (std::exchange(up_, false)) {
    give({{clock_.now(), {}, SourceDown{why.what}}}, sink);
    const std::lock_guard lock(mutex_);
    ++health_.reconnects;
  }
  const auto delay = backoff_.next(random_);
  tell(Health::failed, fmt::format("{}; next try in {} s", why.what, std::chrono::ceil<std::chrono::seconds>(delay).count()));
  log_warning("pbx", "{}", why.what);
  (void)stop_->wait_for(delay);
}

void SmdrSource::tell(Health state, std::string what) {
  const std::lock_guard lock(mutex_);
  if (health_.state != state) health_.since = clock_.now();
  health_.state = state;
  health_.what = std::move(what);
}

SourceHealth SmdrSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace hf::pbx
