// Asterisk's queue_log, followed as it is written: on a mount, across rotation and restarts of either side. What was written while the agent was
// away is read first, in its own time; then lines count when they come.
#pragma once

#include <mutex>

#include "hal/net/interrupt.hpp"
#include "hal/pbx/asterisk/queue_log_map.hpp"
#include "hal/pbx/log_tail.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/platform/clock.hpp"

namespace hf::pbx {

struct QueueLogOptions {
  Path path;
  std::chrono::milliseconds look_every{250};
  std::chrono::milliseconds missing_after{5'000};  // a rotation leaves no file for a moment
};

class QueueLogSource final : public PbxSource {
 public:
  // The clock must outlive the source.
  QueueLogSource(QueueLogOptions options, Clock& clock);

  Description describe() const override;
  // invalid_input for a cursor that is none; a file that is missing or unreadable is told by health() and looked for again.
  Status run(EventSink& sink, Cursor from) override;
  void stop() override { stop_.trigger(); }
  SourceHealth health() const override;

 private:
  Status read_on(LogTail& tail, EventSink& sink);
  std::vector<CallEvent> take(const std::string& line);
  void give(std::vector<CallEvent> events, const LogTail& tail, EventSink& sink);
  void caught_up(const LogTail& tail, EventSink& sink);
  void failed(const Error& why, const LogTail& tail, EventSink& sink);
  void tell(Health state, std::string what);
  void count(const LogTail& tail);

  const QueueLogOptions options_;
  Clock& clock_;
  net::Interrupt stop_;
  QueueLogMapper mapper_;
  Time last_{};        // of the last event given out
  bool up_ = false, live_ = false;
  uint64_t gaps_ = 0;  // told so far
  std::optional<SteadyTime> failing_;
  mutable std::mutex mutex_;  // guards health_
  SourceHealth health_;
};

}  // namespace hf::pbx
