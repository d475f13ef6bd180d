#include "hal/pbx/ami_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/pbx/ami_survey.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kPiece = 64 * 1024;
constexpr size_t kMaxConnections = 100'000;
constexpr size_t kMaxWarnings = 100;

// The word up to the next blank, which is taken off.
std::string_view word(std::string_view& rest) {
  const size_t blank = rest.find(' ');
  const std::string_view first = rest.substr(0, blank);
  rest = blank == rest.npos ? std::string_view{} : rest.substr(blank + 1);
  return first;
}

}  // namespace

Result<std::unique_ptr<CaptureReader>> AmiCapture::open(const AmiCaptureFiles& files, const SipKey& site_key) {
  auto survey = survey_ami(files.stream);
  if (!survey) return fail(std::move(survey.error()));
  auto stream = InputFile::open(files.stream);
  if (!stream) return fail(std::move(stream.error()));
  std::unique_ptr<AmiCapture> capture(new AmiCapture(std::move(*stream), std::move(*survey), site_key));
  if (!files.times.empty()) {
    auto times = InputFile::open(files.times);
    if (!times) return fail(std::move(times.error()));
    capture->times_ = std::move(*times);
  } else if (!capture->survey_.first_time) {
    return fail(
        ErrorKind::invalid_input,
        files.stream.string() +
            ": nothing tells when its messages came: neither an ami.times file (\"unix-seconds offset length\" a line) "
            "beside it nor Timestamp keys in it (timestampevents=yes in manager.conf)");
  } else {
    capture->now_ = *capture->survey_.first_time;
  }
  if (!files.conns.empty())
    if (auto read = capture->read_connections(files.conns); !read) return fail(std::move(read.error()));
  return capture;
}

Status AmiCapture::read_connections(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  std::string line;
  for (uint64_t number = 1; connections_.size() < kMaxConnections; ++number) {
    const auto more = (*file)->line(line);
    if (!more) warn(more.error().what);
    if (!more || !*more) break;
    std::string_view rest = line;
    const auto at = to_time(word(rest));
    const auto offset = to_number<uint64_t>(word(rest));
    if (!at || !offset)
      warn(fmt::format("{}:{}: no \"unix-seconds offset what\", passed over", path.string(), number));
    else if (!rest.starts_with("refused"))
      connections_.push_back({*at, *offset, rest.starts_with("connect"), clean_text(rest)});
  }
  return {};
}

void AmiCapture::warn(std::string text) {
  if (warnings_.size() < kMaxWarnings) warnings_.push_back(std::move(text));
}

bool AmiCapture::next(Batch& out) {
  while (ready_.empty() && !done_) read_more();
  if (ready_.empty()) return false;
  out = std::move(ready_.front());
  ready_.pop_front();
  return true;
}

// Moves on to the next line of ami.times; false when it has ended.
bool AmiCapture::next_times_line() {
  std::string line;
  for (;;) {
    const auto more = times_->line(line);
    if (!more) warn(more.error().what);
    if (!more || !*more) return false;
    ++times_line_;
    std::string_view rest = line;
    const auto at = to_time(word(rest));
    const auto offset = to_number<uint64_t>(word(rest)), length = to_number<uint64_t>(word(rest));
    const uint64_t place = stream_->position();
    // Bytes no line tells of come with the next line that is good; a line about bytes already read is of no use.
    if (!at || !offset || !length || *offset + *length < *offset || *offset + *length <= place) {
      warn(fmt::format("{}:{}: no \"unix-seconds offset length\" that goes on at byte {}, passed over", times_->name(),
                       times_line_, place));
      continue;
    }
    if (*offset != place)
      warn(fmt::format("{}:{}: begins at byte {} where byte {} is next", times_->name(), times_line_, *offset, place));
    chunk_ = {*at, *offset + *length - place};
    chunk_start_ = true;
    return true;
  }
}

void AmiCapture::read_more() {
  if (times_ && chunk_.left == 0 && !next_times_line()) {
    char one = 0;
    if (const auto rest = stream_->read({&one, 1}); rest && *rest > 0)
      warn(fmt::format("{}: ends at byte {} of {}; the rest has no times and is not read", times_->name(),
                       stream_->position() - 1, stream_->name()));
    return finish();
  }
  const uint64_t place = stream_->position();
  buffer_.resize(times_ ? static_cast<size_t>(std::min<uint64_t>(kPiece, chunk_.left)) : kPiece);
  const auto got = stream_->read(buffer_);
  if (!got)
    warn(got.error().what);
  else if (*got == 0 && times_)
    warn(fmt::format("{}: ends at byte {}, but {} tells of more", stream_->name(), place, times_->name()));
  if (!got || *got == 0) return finish();
  connections_until(place);
  if (times_) chunk_.left -= std::min<uint64_t>(chunk_.left, *got), forward(chunk_.at);
  take_bytes(std::string_view(buffer_.data(), *got));
}

// Starts and ends of the connection that lie before this byte of the stream.
void AmiCapture::connections_until(uint64_t offset) {
  while (!connections_.empty() && connections_.front().offset <= offset) {
    const Connection c = std::move(connections_.front());
    connections_.pop_front();
    // An end at this very byte belongs to the bytes before it, a start to those after it.
    if (!c.opened || up_) lost(c.at, c.opened ? "connection lost" : c.what);
  }
}

void AmiCapture::lost(Time at, std::string reason) {
  if (framer_.pending())
    warn(fmt::format("{}: byte {}: the connection ended in the middle of a message", stream_->name(),
                     stream_->position()));
  framer_.reset();
  if (!up_) return;
  up_ = false;
  emit({CallEvent{forward(at), {}, SourceDown{std::move(reason)}}});
}

void AmiCapture::take_bytes(std::string_view bytes) {
  // A connection begins with a chunk of its own: without ami.conns the banner in front of one tells of a reconnect.
  if (chunk_start_ && bytes.starts_with(kAmiBanner)) lost(now_, "connection lost");
  chunk_start_ = false;
  std::vector<CallEvent> events;
  std::string_view message;
  while (framer_.next(bytes, message)) {
    take_message(message, events);
    if (!times_) emit(std::exchange(events, {}));
  }
  emit(std::move(events));
}

void AmiCapture::take_message(std::string_view message, std::vector<CallEvent>& events) {
  ++messages_;
  if (message.starts_with(kAmiBanner)) {
    if (up_) emit(std::exchange(events, {})), lost(now_, "connection lost");
    return;
  }
  if (!times_)
    if (const auto at = ami_timestamp(message)) forward(*at);
  const bool is_event = !ami_first_value(message, "Event").empty();
  if (!up_ && (is_event || message.find("Authentication accepted") != message.npos)) {
    up_ = true;
    events.push_back(
        {now_, {}, SourceUp{survey_.product, survey_.channel_events, survey_.dialplan_events, survey_.agent_state}});
  }
  mapper_.map(message, now_, events);
}

void AmiCapture::emit(std::vector<CallEvent> events) {
  if (!events.empty()) ready_.push_back({events.back().at, std::move(events)});
}

void AmiCapture::finish() {
  done_ = true;
  if (framer_.pending())
    warn(fmt::format("{}: byte {}: ends in the middle of a message", stream_->name(), stream_->position()));
  framer_.reset();
  connections_until(UINT64_MAX);
  lost(now_, "end of the capture");
}

Description AmiCapture::describe() const {
  Description d;
  d.kind = "replay", d.address = stream_->name();
  d.agent_state = survey_.agent_state, d.pre_queue = d.hold_times = survey_.channel_events, d.resumable = true;
  return d;
}

CaptureCounts AmiCapture::counts() const {
  return {stream_->position(), messages_, mapper_.unknown(), framer_.malformed()};
}

}  // namespace hf::pbx
