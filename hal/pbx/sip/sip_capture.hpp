// A packet capture (pcap, pcapng, plain or gzipped) read as history. See capture.hpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/capture.hpp"
#include "hal/pbx/sip/packet_feed.hpp"
#include "hal/pbx/sip/pcap_file.hpp"
#include "hal/pbx/sip/sip_feed.hpp"

namespace hf::pbx {

class SipCapture final : public CaptureReader, private PacketTaker {
 public:
  // As PcapFile's. `pbx`: addresses of the PBX; empty = learnt.
  static Result<std::unique_ptr<CaptureReader>> open(const std::filesystem::path& path, const SipKey& site_key,
                                                     std::vector<Endpoint> pbx = {});

  bool next(Batch& out) override;
  Description describe() const override;
  CaptureCounts counts() const override;
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  SipCapture(PcapFile file, std::string address, const SipKey& key, std::vector<Endpoint> pbx)
      : file_(std::move(file)), address_(std::move(address)), feed_(key, std::move(pbx)) {}
  void sip(const Endpoint& from, const Endpoint& to, Time at, std::string_view message) override;
  void rtcp(const Endpoint& from, const Endpoint& to, Time at, std::string_view packet) override;
  bool next_frame();
  void end();

  PcapFile file_;
  std::string address_;
  SipFeed feed_;
  PacketFeed packets_{*this};
  std::vector<CallEvent> events_;
  std::vector<std::string> warnings_;
  Time now_{};
  bool up_ = false, done_ = false;
};

}  // namespace hf::pbx
