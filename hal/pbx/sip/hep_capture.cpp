#include "hal/pbx/sip/hep_capture.hpp"

#include <fmt/format.h>

#include <array>

namespace hf::pbx {

Result<std::unique_ptr<CaptureReader>> HepCapture::open(const std::filesystem::path& path, const SipKey& site_key,
                                                        std::vector<Endpoint> pbx) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  return std::unique_ptr<CaptureReader>(new HepCapture(std::move(*file), site_key, std::move(pbx)));
}

// Frames without a time count at that of the one before.
void HepCapture::take_frame(std::string_view bytes) {
  const auto frame = parse_hep(bytes);
  if (!frame) {
    ++unread_;
    return;
  }
  at(frame->sent.value_or(now()));
  if (frame->compressed || frame->kind == HepPayload::other || frame->kind == HepPayload::log) return;
  if (frame->kind == HepPayload::rtcp)
    return feed().rtcp(frame->payload, frame->from, frame->to, now(), frame->correlation);
  take(frame->payload, frame->from, frame->to);
}

bool HepCapture::next_frame() {
  std::array<char, size_t{1} << 15> piece;
  for (std::string_view frame;;) {
    const auto more = frames_.next(frame);
    if (!more) return warn(fmt::format("{}: byte {}: {}", address(), bytes_, more.error().what)), false;
    if (*more) return take_frame(frame), true;
    const auto got = file_->read(piece);
    if (!got) return warn(got.error().what), false;
    if (*got == 0) return false;
    bytes_ += *got;
    frames_.feed({piece.data(), *got});
  }
}

void HepCapture::end(bool held_sip) {
  if (!held_sip) warn(address() + ": holds no SIP");
  if (unread_ > 0) warn(fmt::format("{}: {} frames cannot be read", address(), unread_));
}

CaptureCounts HepCapture::counts() const {
  const SipCounts& sip = feed().counts();
  return {bytes_, sip.messages, sip.unknown, sip.malformed + unread_};
}

}  // namespace hf::pbx
