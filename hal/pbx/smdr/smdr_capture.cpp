#include "hal/pbx/smdr/smdr_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hf::pbx {

namespace {

constexpr size_t kMaxWarnings = 100;
constexpr Duration kNoMore = std::chrono::hours(3);  // beyond it no record of a call can be missing

}  // namespace

Result<std::unique_ptr<CaptureReader>> SmdrCapture::open(const std::filesystem::path& path, SmdrTemplate how, const TimeZone& zone, const SipKey& site_key) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  return std::unique_ptr<CaptureReader>(new SmdrCapture(std::move(*file), std::move(how), zone, site_key));
}

void SmdrCapture::warn(std::string text) {
  if (warnings_.size() < kMaxWarnings) warnings_.push_back(std::move(text));
}

void SmdrCapture::take(const std::string& line, std::vector<CallEvent>& events) {
  SmdrRecord record;
  std::string problem;
  const SmdrVerdict verdict = read_smdr(line, how_, zone_, key_, record, problem);
  if (verdict == SmdrVerdict::malformed) ++malformed_, warn(fmt::format("{}:{}: {}", file_->name(), lines_, problem));
  if (verdict != SmdrVerdict::record) return;
  now_ = std::max(now_, over_at(record).value_or(now_));
  calls_.take(record, fmt::format("smdr-{:016x}-{}", siphash24(key_, line), lines_), now_, events);
}

void SmdrCapture::end(std::vector<CallEvent>& events) {
  done_ = true;
  if (const auto last = records_.end()) take(*last, events);
  calls_.advance(now_ + kNoMore, events);
  for (CallEvent& event : events) event.at = now_;
  if (up_ || !events.empty()) events.push_back({now_, {}, SourceDown{"end of the records"}});
}

bool SmdrCapture::next(Batch& out) {
  out.events.clear();
  std::string line;
  while (out.events.empty() && !done_) {
    const auto more = file_->line(line);
    if (!more) warn(more.error().what);
    if (!more || !*more) {
      end(out.events);
      break;
    }
    ++lines_;
    if (line.empty()) continue;
    if (const auto record = records_.take(line)) take(*record, out.events);
  }
  if (out.events.empty()) return false;
  if (!std::exchange(up_, true)) out.events.insert(out.events.begin(), CallEvent{out.events.front().at, {}, SourceUp{"SMDR, " + how_.label, false, false, false, true}});
  out.at = now_;
  return true;
}

Description SmdrCapture::describe() const {
  Description d;
  d.kind = "smdr", d.address = file_->name(), d.resumable = true, d.queues = how_.has(SmdrField::queue);
  return d;
}

}  // namespace hf::pbx
