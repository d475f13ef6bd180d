#include "hal/pbx/recorded/capture_source.hpp"

#include <cmath>

#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/recorded/open_capture.hpp"

namespace hf::pbx {

Result<std::unique_ptr<CaptureSource>> CaptureSource::open(const std::filesystem::path& path, const SipKey& site_key,
                                                           double speed, Clock& clock) {
  if (!std::isfinite(speed) || speed < 0 || speed > 1e6)
    return fail(ErrorKind::invalid_input, "the speed of a replay is a number from 0 (as fast as possible) to 1000000");
  auto reader = open_capture(path, site_key);
  if (!reader) return fail(std::move(reader.error()));
  return std::unique_ptr<CaptureSource>(new CaptureSource(std::move(*reader), speed, clock));
}

CaptureSource::CaptureSource(std::unique_ptr<CaptureReader> reader, double speed, Clock& clock)
    : reader_(std::move(reader)), speed_(speed), clock_(clock) {
  health_.since = clock_.now();
  health_.what = "replay of " + reader_->describe().address + " not begun";
}

Status CaptureSource::run(EventSink& sink, Cursor from) {
  const auto skip = from.empty() ? std::optional<uint64_t>(0) : to_number<uint64_t>(from);
  if (!skip) return fail(ErrorKind::invalid_input, "the cursor \"" + from.substr(0, 40) + "\" is no place in a replay");
  uint64_t taken = 0;
  for (Batch batch; !stop_.triggered() && reader_->next(batch);) {
    if (++taken <= *skip) continue;
    if (!wait_for(batch.at)) break;
    const size_t events = batch.events.size();
    sink.on(std::move(batch.events), std::to_string(taken));
    count(batch, events);
    batch.events.clear();
  }
  const std::lock_guard lock(mutex_);
  health_.what = "replay of " + reader_->describe().address + (stop_.triggered() ? " stopped" : " ended");
  return {};
}

// False when stop() came first.
bool CaptureSource::wait_for(Time at) {
  if (speed_ == 0) return true;
  if (!first_) first_ = at, started_ = clock_.steady();
  const Duration due(static_cast<int64_t>(static_cast<double>((at - *first_).count()) / speed_));
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(started_ + due - clock_.steady());
    if (left <= std::chrono::milliseconds(0)) return true;
    if (stop_.wait_for(left)) return false;
  }
}

void CaptureSource::count(const Batch& batch, size_t events) {
  const CaptureCounts counts = reader_->counts();
  const std::lock_guard lock(mutex_);
  const bool damaged = !reader_->warnings().empty();
  const Health state = damaged ? Health::degraded : Health::healthy;
  if (health_.state != state) health_.since = clock_.now();
  health_.state = state;
  health_.what = damaged ? reader_->warnings().back() : "replaying " + reader_->describe().address;
  health_.events += events, health_.bytes = counts.bytes, health_.unknown_messages = counts.unknown,
                            health_.malformed_messages = counts.malformed;
  health_.last_event = batch.at;
}

SourceHealth CaptureSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace hf::pbx
