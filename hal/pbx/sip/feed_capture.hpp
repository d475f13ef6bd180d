// What recordings of packets and of HEP frames share: frame by frame into one feed; what comes of a frame is a batch.
// See capture.hpp.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "hal/pbx/capture.hpp"
#include "hal/pbx/sip/sip_feed.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

class FeedCapture : public CaptureReader {
 public:
  bool next(Batch& out) final;
  Description describe() const override;
  const std::vector<std::string>& warnings() const final { return warnings_; }

 protected:
  // `kind` and `address` as describe() names them, `product` as the first event does. `pbx`: its addresses; empty =
  // learnt.
  FeedCapture(std::string kind, std::string product, std::string address, const SipKey& key, std::vector<Endpoint> pbx)
      : kind_(std::move(kind)), product_(std::move(product)), address_(std::move(address)), feed_(key, std::move(pbx)) {}
  // Takes one frame; false at the end, and where it cannot go on (then with a warning).
  virtual bool next_frame() = 0;
  // What is to be said at the end. `held_sip`: there was any.
  virtual void end(bool held_sip) = 0;

  // Time never goes back.
  Time at(Time told) { return now_ = std::max(now_, told); }
  Time now() const { return now_; }
  void take(std::string_view message, const Endpoint& from, const Endpoint& to);
  SipFeed& feed() { return feed_; }
  const SipFeed& feed() const { return feed_; }
  const std::string& address() const { return address_; }
  void warn(std::string what) { warnings_.push_back(std::move(what)); }

 private:
  std::string kind_, product_, address_;
  SipFeed feed_;
  std::vector<CallEvent> events_;
  std::vector<std::string> warnings_;
  Time now_{};
  bool up_ = false, done_ = false;
};

}  // namespace hf::pbx
