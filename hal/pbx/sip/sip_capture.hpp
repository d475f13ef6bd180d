// A packet capture (pcap, pcapng, plain or gzipped) read as history. See capture.hpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/sip/feed_capture.hpp"
#include "hal/pbx/sip/packet_feed.hpp"
#include "hal/pbx/sip/pcap_file.hpp"

namespace hf::pbx {

class SipCapture final : public FeedCapture, private PacketTaker {
 public:
  // As PcapFile's. `pbx`: addresses of the PBX; empty = learnt.
  static Result<std::unique_ptr<CaptureReader>> open(const std::filesystem::path& path, const SipKey& site_key,
                                                     std::vector<Endpoint> pbx = {});

  CaptureCounts counts() const override;

 private:
  SipCapture(PcapFile file, std::string address, const SipKey& key, std::vector<Endpoint> pbx)
      : FeedCapture("sip_capture", "SIP capture", std::move(address), key, std::move(pbx)), file_(std::move(file)) {}
  void sip(const Endpoint& from, const Endpoint& to, Time at, std::string_view message) override;
  void rtcp(const Endpoint& from, const Endpoint& to, Time at, std::string_view packet) override;
  bool next_frame() override;
  void end(bool held_sip) override;

  PcapFile file_;
  PacketFeed packets_{*this};
};

}  // namespace hf::pbx
