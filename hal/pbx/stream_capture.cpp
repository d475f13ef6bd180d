#include "hal/pbx/stream_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/pbx/json_members.hpp"
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

// Unix seconds, or the milliseconds that other recorders write: thirteen digits are no second before the year 9999.
std::optional<Time> chunk_time(std::string_view text) {
  if (const auto at = to_time(text)) return at;
  const auto ms = to_number<int64_t>(text);
  if (!ms || *ms < 0 || *ms / 1000 > 253'402'300'799) return {};
  return Time(std::chrono::milliseconds(*ms));
}

}  // namespace

Status StreamCapture::open_companions(const StreamFiles& files, std::optional<Time> first_time,
                                      const std::string& missing) {
  if (!files.times.empty()) {
    auto times = InputFile::open(files.times);
    if (!times) return fail(std::move(times.error()));
    times_ = std::move(*times);
  } else if (!first_time) {
    return fail(ErrorKind::invalid_input, files.stream.string() + ": nothing tells when its messages came: " + missing);
  } else {
    now_ = *first_time;
  }
  return files.conns.empty() ? Status{} : read_connections(files.conns);
}

// "unix-seconds offset what", or {"t": milliseconds, "offset": n, "event": "connected|eof|refused|end"}.
std::optional<StreamCapture::Connection> StreamCapture::read_connection(std::string_view line, bool& refused) {
  std::string at_text, offset_text, what;
  if (line.starts_with('{')) {
    JsonMembers members(line);
    for (std::string_view key, value; members.next(key, value);)
      (key == "t" ? at_text : key == "offset" ? offset_text : what) = json_text(value);
    if (what == "eof" || what == "end") what = "connection lost";
  } else {
    at_text = word(line), offset_text = word(line), what = clean_text(line);
  }
  refused = what.starts_with("refused") || what.starts_with("[Errno");
  const auto at = chunk_time(at_text);
  const auto offset = to_number<uint64_t>(offset_text);
  if (!at || !offset) return {};
  return Connection{*at, *offset, what.starts_with("connect") && what != "connection lost", what};
}

Status StreamCapture::read_connections(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  std::string line;
  for (uint64_t number = 1; connections_.size() < kMaxConnections; ++number) {
    const auto more = (*file)->line(line);
    if (!more) warn(more.error().what);
    if (!more || !*more) break;
    bool refused = false;
    auto connection = read_connection(line, refused);
    if (!connection)
      warn(fmt::format("{}:{}: no \"unix-seconds offset what\", passed over", path.string(), number));
    else if (!refused)
      connections_.push_back(std::move(*connection));
  }
  return {};
}

void StreamCapture::warn(std::string text) {
  if (warnings_.size() < kMaxWarnings) warnings_.push_back(std::move(text));
}

bool StreamCapture::next(Batch& out) {
  while (ready_.empty() && !done_) read_more();
  if (ready_.empty()) return false;
  out = std::move(ready_.front());
  ready_.pop_front();
  return true;
}

// Moves on to the next line of ami.times; false when it has ended.
bool StreamCapture::next_times_line() {
  std::string line;
  for (;;) {
    const auto more = times_->line(line);
    if (!more) warn(more.error().what);
    if (!more || !*more) return false;
    ++times_line_;
    std::string_view rest = line;
    const auto at = chunk_time(word(rest));
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

void StreamCapture::read_more() {
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
void StreamCapture::connections_until(uint64_t offset) {
  while (!connections_.empty() && connections_.front().offset <= offset) {
    const Connection c = std::move(connections_.front());
    connections_.pop_front();
    // An end at this very byte belongs to the bytes before it, a start to those after it.
    if (!c.opened || up_) lost(c.at, c.opened ? "connection lost" : c.what);
  }
}

void StreamCapture::lost(Time at, std::string reason) {
  if (pending())
    warn(fmt::format("{}: byte {}: the connection ended in the middle of a message", stream_->name(),
                     stream_->position()));
  forget();
  if (!up_) return;
  up_ = false;
  emit({CallEvent{forward(at), {}, SourceDown{std::move(reason)}}});
}

void StreamCapture::emit(std::vector<CallEvent> events) {
  if (!events.empty()) ready_.push_back({events.back().at, std::move(events)});
}

void StreamCapture::finish() {
  done_ = true;
  if (pending())
    warn(fmt::format("{}: byte {}: ends in the middle of a message", stream_->name(), stream_->position()));
  forget();
  connections_until(UINT64_MAX);
  lost(now_, "end of the capture");
}

}  // namespace hf::pbx
