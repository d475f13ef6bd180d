// SIP and RTCP that somebody else captures and sends here: HEPv3 over UDP, TCP and TLS, or from holdfast-tap over a
// local socket. A source that listens: it never connects to anything. Each connection and the datagrams have a thread
// that only reads; what they read is taken one after the other. While the agent is busy TCP's senders wait; of UDP the
// kernel keeps kBuffer bytes and counts what it drops, which health() tells as a loss of ours, apart from the quality
// of the calls.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/recorder.hpp"
#include "hal/pbx/sender_hub.hpp"
#include "hal/pbx/sip/hep_frame.hpp"
#include "hal/pbx/sip/sip_feed.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/secret.hpp"

namespace hf::pbx {

struct HepOptions {
  std::string kind = "hep";   // as describe() names it; "tap" for holdfast-tap
  SenderAddresses senders;
  Secret key;                 // that every frame must carry; empty = none is asked for
  std::vector<Endpoint> pbx;  // its addresses; empty = learnt
  SipKey site_key{};
  Recorder* recorder = nullptr;  // that hears the SIP too; outlives the source
  std::chrono::milliseconds quiet{60'000};  // without a frame for so long health() says so
};

class HepSource final : public PbxSource, private Senders {
 public:
  HepSource(HepOptions options, Clock& clock);
  ~HepSource() override;

  Description describe() const override;
  // Errors: an address that is none; TLS without a context. A port that is taken is tried again every 10 s and told by
  // health().
  Status run(EventSink& sink, Cursor from) override;
  void stop() override;
  SourceHealth health() const override;
  // For tests, which ask for port 0.
  SenderHub::Ports ports() const { return hub_.ports(); }

 private:
  void datagram(std::string_view bytes) override { take(bytes); }
  std::unique_ptr<Stream> stream() override;
  void broken(std::string what) override;
  void tick(bool last_left) override;
  void waiting(const Error& why) override;

  void take(std::string_view bytes);
  void record(const HepFrame& frame, Time now);
  void take_payload(const HepFrame& frame, Time now, std::vector<CallEvent>& out);
  void give(std::vector<CallEvent> events, const std::optional<Time>& sent);
  void refresh(Time now);

  HepOptions options_;
  Clock& clock_;
  const std::shared_ptr<net::Interrupt> stop_ = std::make_shared<net::Interrupt>();
  SenderHub hub_;
  EventSink* sink_ = nullptr;  // run()'s

  std::mutex taking_;  // guards what follows: one frame at a time
  SipFeed feed_;
  Time last_{};
  bool up_ = false;
  uint64_t refused_ = 0, unread_ = 0, compressed_ = 0;
  std::optional<Time> last_frame_;
  std::string complaint_, told_complaint_;
  Time complained_{};
  std::string tap_words_;  // what holdfast-tap says of itself

  mutable std::mutex mutex_;  // guards what follows
  SourceHealth health_;
};

}  // namespace hf::pbx
