#include "hal/pbx/asterisk/queue_log_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hf::pbx {

namespace {

constexpr size_t kMaxWarnings = 100;

}  // namespace

Result<std::unique_ptr<CaptureReader>> QueueLogCapture::open(std::vector<std::filesystem::path> files,
                                                             std::string address) {
  std::unique_ptr<QueueLogCapture> capture(new QueueLogCapture(std::move(address)));
  capture->files_.assign(files.begin(), files.end());
  if (files.empty()) return fail(ErrorKind::invalid_input, capture->address_ + ": no queue_log to read");
  auto first = InputFile::open(files.front());
  if (!first) return fail(std::move(first.error()));
  capture->file_ = std::move(*first);
  capture->files_.pop_front();
  return capture;
}

void QueueLogCapture::warn(std::string text) {
  if (warnings_.size() < kMaxWarnings) warnings_.push_back(std::move(text));
}

void QueueLogCapture::end_file() {
  bytes_ += file_->position();
  file_.reset();
  line_in_file_ = 0;
}

bool QueueLogCapture::next_line(std::string& line) {
  for (;;) {
    if (!file_) {
      if (files_.empty()) return false;
      auto file = InputFile::open(files_.front());
      files_.pop_front();
      if (!file) {
        warn(file.error().what);
        continue;
      }
      file_ = std::move(*file);
    }
    const auto more = file_->line(line);
    if (!more) warn(more.error().what);
    if (more && *more) break;
    end_file();
  }
  ++lines_, ++line_in_file_;
  return true;
}

void QueueLogCapture::take(const std::string& line, std::vector<CallEvent>& events) {
  if (!mapper_.map(line, events)) {
    warn(fmt::format("{}:{}: no queue_log line, passed over", file_->name(), line_in_file_));
    return;
  }
  now_ = std::max(now_, *queue_log_time(line));
  for (CallEvent& event : events)
    event.at = now_;  // a clock set back does not turn the journal back: pbx_at keeps the log's time
  if (up_ || events.empty()) return;
  up_ = true;
  events.insert(events.begin(), CallEvent{now_, {}, SourceUp{"Asterisk queue_log", false, false, false}});
}

bool QueueLogCapture::next(Batch& out) {
  out.events.clear();
  std::string line;
  while (out.events.empty() && next_line(line)) take(line, out.events);
  if (out.events.empty() && up_ && !done_)
    out.events.push_back({now_, {}, SourceDown{"end of the queue_log"}}), done_ = true;
  out.at = now_;
  return !out.events.empty();
}

Description QueueLogCapture::describe() const {
  Description d;
  d.kind = "queue_log", d.address = address_, d.resumable = true, d.grain = std::chrono::seconds(1);
  return d;
}

}  // namespace hf::pbx
