// A capture played as a source: a real one, with its cursor, not test code. Events carry the capture's own times.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>

#include "hal/net/interrupt.hpp"
#include "hal/pbx/capture.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

class CaptureSource final : public PbxSource {
 public:
  // Errors as open_capture's. `speed`: how many times faster than it happened; 0 is as fast as the sink takes it. The
  // clock paces, nothing else.
  static Result<std::unique_ptr<CaptureSource>> open(const std::filesystem::path& path, const SipKey& site_key,
                                                     double speed, Clock& clock);

  Description describe() const override { return reader_->describe(); }
  // Returns at the end of the capture or soon after stop(). May be called once. A cursor is the number of batches
  // already taken; invalid_input for anything else.
  Status run(EventSink& sink, Cursor from) override;
  void stop() override { stop_.trigger(); }
  SourceHealth health() const override;

 private:
  CaptureSource(std::unique_ptr<CaptureReader> reader, double speed, Clock& clock);
  bool wait_for(Time at);
  void count(const Batch& batch, size_t events);

  std::unique_ptr<CaptureReader> reader_;
  const double speed_;
  Clock& clock_;
  net::Interrupt stop_;
  std::optional<Time> first_;  // of the first batch played
  SteadyTime started_{};
  mutable std::mutex mutex_;  // guards health_
  SourceHealth health_;
};

}  // namespace hf::pbx
