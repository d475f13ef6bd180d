// The call records of a classic PBX: over a serial line, from a port of the PBX, from a PBX that calls a port of ours, or from a file that
// somebody writes. See smdr_template.hpp.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "hal/net/acceptor.hpp"
#include "hal/net/serial_stream.hpp"
#include "hal/pbx/backoff.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/recorder.hpp"
#include "hal/pbx/smdr/smdr_calls.hpp"
#include "hal/pbx/smdr/smdr_records.hpp"
#include "hal/pbx/tail_stream.hpp"
#include "hal/platform/clock.hpp"

namespace hf::pbx {

enum class SmdrWay : uint8_t { serial, dial, listen, file };

struct SmdrOptions {
  SmdrTemplate how;
  SmdrWay way = SmdrWay::listen;
  net::SerialLine line;   // serial
  net::HostPort address;  // dial: the PBX's; listen: ours
  Path file;              // file: read from its beginning, or from where the cursor stands, and followed
  SipKey site_key{};
  Recorder* recorder = nullptr;  // that hears the line too; outlives the source
  std::chrono::milliseconds first_retry{1'000}, last_retry{30'000};
};

class SmdrSource final : public PbxSource {
 public:
  // The zone is the PBX's wall clock. Clock and random must outlive the source.
  SmdrSource(SmdrOptions options, TimeZone zone, Clock& clock, Random& random);

  Description describe() const override;
  // A line, port or peer that fails is told by health() and tried again for ever.
  Status run(EventSink& sink, Cursor from) override;
  void stop() override { stop_->trigger(); }
  SourceHealth health() const override;
  // listen: the port that was taken; 0 before.
  uint16_t port() const { return port_; }

 private:
  Result<std::unique_ptr<net::ByteStream>> open();
  Error follow(net::ByteStream& stream, EventSink& sink);
  void take(std::string_view bytes, std::vector<CallEvent>& out);
  void take_line(std::string_view line, std::vector<CallEvent>& out);
  void take_record(std::string_view line, std::vector<CallEvent>& out);
  void give(std::vector<CallEvent> events, EventSink& sink);
  void wait_after(const Error& why, EventSink& sink);
  void tell(Health state, std::string what);
  std::string where() const;
  void come_up(Time at, EventSink& sink);
  Time time_of(const SmdrRecord& record) const;

  const SmdrOptions options_;
  const TimeZone zone_;
  Clock& clock_;
  Random& random_;
  const std::shared_ptr<net::Interrupt> stop_ = std::make_shared<net::Interrupt>();
  Backoff backoff_;
  std::optional<net::Acceptor> acceptor_;
  std::atomic<uint16_t> port_ = 0;
  std::optional<LogTail> tail_;  // file
  TailStream* tailed_ = nullptr;
  SmdrRecords records_{options_.how};
  SmdrCalls calls_;
  std::string partial_;
  bool skipping_ = false, up_ = false;
  uint64_t clipped_ = 0, lines_ = 0;
  std::string problem_;  // of the latest line that could not be read
  Time last_{};
  mutable std::mutex mutex_;  // guards health_
  SourceHealth health_;
};

}  // namespace hf::pbx
