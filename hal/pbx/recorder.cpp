#include "hal/pbx/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hf::pbx {

namespace {

constexpr size_t kLongestLine = size_t{1} << 20;

int64_t milliseconds(Time t) { return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count(); }
std::string seconds_of(Time t) { return fmt::format("{:.6f}", seconds(t.time_since_epoch())); }

struct Names {
  const char *stream, *times, *conns, *sent;  // nullptr: this form has none
};
Names names_of(WireForm form) {
  switch (form) {
    case WireForm::ami: return {"ami.log", "ami.times", "ami.conns", nullptr};
    case WireForm::esl: return {"esl-plain.raw", "esl-plain.idx", "esl-plain.conns", "esl-plain.sent"};
    case WireForm::queue_log: return {"queue_log", nullptr, nullptr, nullptr};
    case WireForm::lines: return {"smdr.log", "smdr.times", "smdr.conns", nullptr};
    case WireForm::sip: return {"sip.hep", nullptr, nullptr, nullptr};
  }
  return {"smdr.log", nullptr, nullptr, nullptr};
}

}  // namespace

Recorder::Recorder(RecorderOptions options, Secret key) : options_(std::move(options)), scrubber_(options_.form, std::move(key)) {}
Recorder::~Recorder() = default;

Result<std::unique_ptr<Recorder>> Recorder::begin(RecorderOptions options, Secret key) {
  if (key.reveal().size() < 16) return fail(ErrorKind::invalid_input, "the key of a recording has 16 signs or more");
  std::unique_ptr<Recorder> recorder(new Recorder(std::move(options), std::move(key)));
  if (auto good = recorder->open(); !good) return fail(std::move(good.error()));
  return recorder;
}

Status Recorder::open() {
  if (auto made = make_folder(options_.folder, 0700); !made) return made;
  const Names names = names_of(options_.form);
  std::error_code error;
  if (std::filesystem::exists(options_.folder / names.stream, error)) return fail(ErrorKind::busy, (options_.folder / names.stream).string() + ": a recording is there already; name another folder");
  const auto open_one = [this](std::ofstream& file, const char* name) -> Status {
    if (name == nullptr) return {};
    if (auto made = write_file(options_.folder / name, {}, 0600); !made) return made;
    file.open(options_.folder / name, std::ios::binary | std::ios::app);
    return file ? Status{} : Status(fail(ErrorKind::io, (options_.folder / name).string() + ": cannot be written"));
  };
  if (auto good = open_one(stream_, names.stream); !good) return good;
  if (auto good = open_one(times_, names.times); !good) return good;
  if (auto good = open_one(conns_, names.conns); !good) return good;
  return open_one(sent_, names.sent);
}

void Recorder::tell_connection(Time at, std::string_view what) {
  if (!conns_.is_open()) return;
  if (options_.form == WireForm::esl)
    conns_ << fmt::format(R"({{"t": {}, "offset": {}, "event": "{}"}})", milliseconds(at), written_, what == "connect" ? "connected" : "eof") << '\n';
  else
    conns_ << fmt::format("{} {} {}\n", seconds_of(at), written_, what);
}

void Recorder::connected(Time at) {
  const std::lock_guard lock(mutex_);
  if (done_.full || !done_.problem.empty()) return;
  ++done_.connections;
  tell_connection(at, "connect");
}

void Recorder::closed(Time at) {
  const std::lock_guard lock(mutex_);
  if (done_.full || !done_.problem.empty()) return;
  write_waiting(waiting_.size());
  tell_connection(at, "closed");
  check();
}

// Only whole lines are scrubbed, so that no number is cut in two; every piece keeps the time at which it came.
void Recorder::received(std::string_view bytes, Time at) {
  const std::lock_guard lock(mutex_);
  if (done_.full || !done_.problem.empty() || bytes.empty()) return;
  if (offset_ + bytes.size() > options_.max_bytes) {
    write_waiting(waiting_.size());
    tell_connection(at, "closed");
    done_.full = true;
    return check();
  }
  offset_ += bytes.size();
  waiting_ += bytes;
  pieces_.push_back({at, bytes.size()});
  const size_t end = waiting_.rfind('\n');
  if (end != waiting_.npos) write_waiting(end + 1);
  else if (waiting_.size() > kLongestLine) write_waiting(waiting_.size());
  check();
}

void Recorder::frame(std::string_view text, Time at, const std::function<std::string(std::string_view)>& render) {
  const std::lock_guard lock(mutex_);
  if (done_.full || !done_.problem.empty()) return;
  std::string clean;
  for (size_t from = 0; from < text.size();) {
    const size_t end = std::min(text.find('\n', from), text.size() - 1) + 1;
    clean += scrubber_.line(text.substr(from, end - from), at);
    from = end;
  }
  const std::string bytes = render(clean);
  if (written_ + bytes.size() > options_.max_bytes) {
    done_.full = true;
    return check();
  }
  stream_ << bytes;
  written_ += bytes.size(), done_.bytes = written_;
  check();
}

void Recorder::write_piece(Time at, size_t size) {
  if (times_.is_open() && size > 0) {
    if (options_.form == WireForm::esl) times_ << milliseconds(at) << ' ' << written_ << ' ' << size << '\n';
    else times_ << seconds_of(at) << ' ' << written_ << ' ' << size << '\n';
  }
  written_ += size;
}

void Recorder::write_waiting(size_t upto) {
  if (upto == 0) return;
  const Time now = pieces_.back().at;
  for (size_t from = 0; from < upto;) {
    const size_t end = std::min(waiting_.find('\n', from), upto - 1) + 1;
    stream_ << scrubber_.line(std::string_view(waiting_).substr(from, end - from), now);
    from = end;
  }
  waiting_.erase(0, upto);
  for (size_t left = upto; left > 0;) {
    Piece& piece = pieces_.front();
    const size_t part = std::min(left, piece.size);
    write_piece(piece.at, part);
    left -= part, piece.size -= part;
    if (piece.size == 0) pieces_.pop_front();
  }
  done_.bytes = written_;
}

void Recorder::sent(std::string_view bytes, Time at) {
  const std::lock_guard lock(mutex_);
  if (!sent_.is_open() || done_.full || !done_.problem.empty()) return;
  while (!bytes.empty()) {
    const size_t end = bytes.find("\n\n");
    const std::string_view command = bytes.substr(0, end);
    if (command.starts_with("api ") && command.find_first_of("\"\\\n") == command.npos)
      sent_ << fmt::format(R"({{"t": {}, "offset": {}, "cmd": "{}"}})", milliseconds(at), offset_, command) << '\n';
    bytes = end == bytes.npos ? std::string_view{} : bytes.substr(end + 2);
  }
  check();
}

void Recorder::check() {
  if (stream_ && (!times_.is_open() || times_) && (!conns_.is_open() || conns_) && (!sent_.is_open() || sent_)) return;
  if (done_.problem.empty()) done_.problem = options_.folder.string() + ": cannot be written any more: is the disk full?";
}

Recorded Recorder::finish() {
  const std::lock_guard lock(mutex_);
  if (!done_.full && done_.problem.empty()) write_waiting(waiting_.size());
  for (std::ofstream* file : {&stream_, &times_, &conns_, &sent_})
    if (file->is_open()) file->flush();
  check();
  return done_;
}

Recorded Recorder::recorded() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

RecordedStream::RecordedStream(std::unique_ptr<net::ByteStream> inner, Recorder& recorder, const Clock& clock) : inner_(std::move(inner)), recorder_(recorder), clock_(clock) {
  recorder_.connected(clock_.now());
}
RecordedStream::~RecordedStream() { recorder_.closed(clock_.now()); }

Result<size_t> RecordedStream::read(std::span<char> out, std::chrono::milliseconds within) {
  auto got = inner_->read(out, within);
  if (got) recorder_.received({out.data(), *got}, clock_.now());
  return got;
}

Status RecordedStream::write(std::string_view bytes, std::chrono::milliseconds within) {
  recorder_.sent(bytes, clock_.now());
  return inner_->write(bytes, within);
}

}  // namespace hf::pbx
