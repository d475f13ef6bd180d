#include "hal/pbx/sip/sip_capture.hpp"

#include <fmt/format.h>

namespace hf::pbx {

Result<std::unique_ptr<CaptureReader>> SipCapture::open(const std::filesystem::path& path, const SipKey& site_key,
                                                        std::vector<Endpoint> pbx) {
  auto file = PcapFile::open(path);
  if (!file) return fail(std::move(file.error()));
  return std::unique_ptr<CaptureReader>(new SipCapture(std::move(*file), path.string(), site_key, std::move(pbx)));
}

void SipCapture::sip(const Endpoint& from, const Endpoint& to, Time, std::string_view message) {
  take(message, from, to);
}

void SipCapture::rtcp(const Endpoint& from, const Endpoint& to, Time when, std::string_view packet) {
  feed().rtcp(packet, from, to, when);
}

// A frame with an earlier time than the one before (two captures put together) is taken at the time of that one.
bool SipCapture::next_frame() {
  Frame frame;
  const auto more = file_.next(frame);
  if (!more) warn(more.error().what);
  if (!more || !*more) return false;
  packets_.frame(frame.link, frame.bytes, frame.cut, at(frame.at));
  return true;
}

void SipCapture::end(bool held_sip) {
  if (!held_sip)
    warn(address() + ": holds no SIP over UDP or TCP that can be read (encrypted with TLS, or recorded elsewhere?)");
  const PacketCounts packets = packets_.counts();
  if (packets.lost_fragments + packets.tcp_gaps > 0)
    warn(fmt::format("{}: {} packets lack a fragment, {} gaps in TCP connections", address(), packets.lost_fragments,
                     packets.tcp_gaps));
  if (file_.lost().value_or(0) > 0) warn(fmt::format("{}: the recorder lost {} packets", address(), *file_.lost()));
}

CaptureCounts SipCapture::counts() const {
  const SipCounts& sip = feed().counts();
  return {file_.position(), sip.messages, sip.unknown, sip.malformed + packets_.counts().malformed};
}

}  // namespace hf::pbx
