#include "hal/pbx/sip/hep_capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hf::pbx {

Result<std::unique_ptr<CaptureReader>> HepCapture::open(const std::filesystem::path& path, const SipKey& site_key,
                                                        std::vector<Endpoint> pbx) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  return std::unique_ptr<CaptureReader>(new HepCapture(std::move(*file), site_key, std::move(pbx)));
}

// Frames without a time count at that of the one before; time never goes back.
void HepCapture::take(std::string_view bytes) {
  const auto frame = parse_hep(bytes);
  if (!frame) {
    ++unread_;
    return;
  }
  now_ = std::max(now_, frame->sent.value_or(now_));
  if (frame->compressed || frame->kind == HepPayload::other || frame->kind == HepPayload::log) return;
  if (frame->kind == HepPayload::rtcp) return feed_.rtcp(frame->payload, frame->from, frame->to, now_, frame->correlation);
  if (!std::exchange(up_, true)) events_.push_back({now_, {}, SourceUp{"SIP (HEP)", true, false, false}});
  feed_.sip(frame->payload, frame->from, frame->to, now_, events_);
}

bool HepCapture::next_frame() {
  std::array<char, size_t{1} << 15> piece;
  for (std::string_view frame;;) {
    const auto more = frames_.next(frame);
    if (!more) return warnings_.push_back(fmt::format("{}: byte {}: {}", file_->name(), bytes_, more.error().what)), false;
    if (*more) return take(frame), true;
    const auto got = file_->read(piece);
    if (!got) return warnings_.push_back(got.error().what), false;
    if (*got == 0) return false;
    bytes_ += *got;
    frames_.feed({piece.data(), *got});
  }
}

void HepCapture::end() {
  done_ = true;
  if (up_) events_.push_back({now_, {}, SourceDown{"end of the capture"}});
  if (!up_) warnings_.push_back(file_->name() + ": holds no SIP");
  if (unread_ > 0) warnings_.push_back(fmt::format("{}: {} frames cannot be read", file_->name(), unread_));
}

bool HepCapture::next(Batch& out) {
  events_.clear();
  while (events_.empty() && !done_)
    if (!next_frame()) end();
  out.at = now_;
  out.events = std::move(events_);
  return !out.events.empty();
}

Description HepCapture::describe() const {
  Description d = sip_description();
  d.kind = "hep_capture", d.address = file_->name(), d.resumable = true;
  return d;
}

CaptureCounts HepCapture::counts() const {
  const SipCounts& sip = feed_.counts();
  return {bytes_, sip.messages, sip.unknown, sip.malformed + unread_};
}

}  // namespace hf::pbx
