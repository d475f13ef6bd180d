#include "hal/pbx/sip/sip_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hf::pbx {

Result<std::unique_ptr<CaptureReader>> SipCapture::open(const std::filesystem::path& path, const SipKey& site_key,
                                                        std::vector<Endpoint> pbx) {
  auto file = PcapFile::open(path);
  if (!file) return fail(std::move(file.error()));
  return std::unique_ptr<CaptureReader>(new SipCapture(std::move(*file), path.string(), site_key, std::move(pbx)));
}

void SipCapture::sip(const Endpoint& from, const Endpoint& to, Time at, std::string_view message) {
  if (!std::exchange(up_, true)) events_.push_back({at, {}, SourceUp{"SIP capture", true, false, false}});
  feed_.sip(message, from, to, at, events_);
}

void SipCapture::rtcp(const Endpoint& from, const Endpoint& to, Time at, std::string_view packet) {
  feed_.rtcp(packet, from, to, at);
}

// A frame with an earlier time than the one before (two captures put together) is taken at the time of that one.
bool SipCapture::next_frame() {
  Frame frame;
  const auto more = file_.next(frame);
  if (!more) warnings_.push_back(more.error().what);
  if (!more || !*more) return false;
  now_ = std::max(now_, frame.at);
  packets_.frame(frame.link, frame.bytes, frame.cut, now_);
  return true;
}

void SipCapture::end() {
  done_ = true;
  if (!up_)
    warnings_.push_back(address_ +
                        ": holds no SIP over UDP or TCP that can be read (encrypted with TLS, or recorded elsewhere?)");
  else
    events_.push_back({now_, {}, SourceDown{"end of the capture"}});
  const PacketCounts packets = packets_.counts();
  if (packets.lost_fragments + packets.tcp_gaps > 0)
    warnings_.push_back(fmt::format("{}: {} packets lack a fragment, {} gaps in TCP connections", address_,
                                    packets.lost_fragments, packets.tcp_gaps));
  if (file_.lost().value_or(0) > 0)
    warnings_.push_back(fmt::format("{}: the recorder lost {} packets", address_, *file_.lost()));
}

bool SipCapture::next(Batch& out) {
  events_.clear();
  while (events_.empty() && !done_)
    if (!next_frame()) end();
  out.at = now_;
  out.events = std::move(events_);
  return !out.events.empty();
}

Description SipCapture::describe() const {
  Description d = sip_description();
  d.kind = "sip_capture", d.address = address_, d.resumable = true;
  return d;
}

CaptureCounts SipCapture::counts() const {
  const SipCounts& sip = feed_.counts();
  return {file_.position(), sip.messages, sip.unknown, sip.malformed + packets_.counts().malformed};
}

}  // namespace hf::pbx
