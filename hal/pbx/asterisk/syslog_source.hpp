// Asterisk's queue_log, sent by the PBX's own log daemon (rsyslog's imfile, syslog-ng) over UDP, TCP or TLS: the same lines as in the file.
#pragma once

#include <memory>
#include <mutex>

#include "hal/pbx/asterisk/queue_log_map.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/recent.hpp"
#include "hal/pbx/recorder.hpp"
#include "hal/pbx/sender_hub.hpp"
#include "hal/platform/clock.hpp"

namespace hf::pbx {

class SyslogSource final : public PbxSource, private Senders {
 public:
  // The clock must outlive the source, and a recorder that hears the lines too.
  SyslogSource(SenderAddresses addresses, Clock& clock, Recorder* recorder = nullptr);

  Description describe() const override;
  // invalid_input as SenderHub::run's. A daemon that is away keeps what it cannot send (TCP, TLS): its silence is no gap.
  Status run(EventSink& sink, Cursor from) override;
  void stop() override { stop_->trigger(); }
  SourceHealth health() const override;
  SenderHub::Ports ports() const { return hub_.ports(); }  // for tests

 private:
  void datagram(std::string_view bytes) override { take(bytes); }
  std::unique_ptr<Stream> stream() override;
  void broken(std::string what) override;
  void tick(bool last_left) override;
  void waiting(const Error& why) override;
  void take(std::string_view message);

  Clock& clock_;
  Recorder* const recorder_;
  const std::shared_ptr<net::Interrupt> stop_ = std::make_shared<net::Interrupt>();
  SenderHub hub_;
  EventSink* sink_ = nullptr;  // run()'s

  std::mutex taking_;  // guards what follows: one message at a time
  QueueLogMapper mapper_;
  Recent<uint64_t> lines_{2'000};  // hashes: a daemon that reconnects sends some again
  Time last_{};
  bool up_ = false;
  uint64_t passed_over_ = 0, repeated_ = 0;

  mutable std::mutex mutex_;  // guards health_
  SourceHealth health_;
};

}  // namespace hf::pbx
