// A PBX that speaks through a connector: a program that posts events to the agent. In: lines of JSON, from any thread. Out: events, each once.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "hal/pbx/event_json.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/recent.hpp"
#include "hal/platform/clock.hpp"

namespace hf::pbx {

struct IntakeTaken {
  struct Refused {
    size_t line = 0;  // from 1
    std::string problem;
  };
  size_t accepted = 0, duplicates = 0;
  std::vector<Refused> refused;  // the first 20
  size_t refused_in_all = 0;
};

class IntakeSource final : public PbxSource {
 public:
  // The clock must outlive the source. A connector that is silent for `silence` is told as a gap: it posts an empty body to say that it lives.
  IntakeSource(SipKey site_key, Clock& clock, Duration silence = std::chrono::seconds(60));

  // Takes what is valid of the lines and tells of the others. The latest 10,000 ids are remembered; after a restart the last id that was taken is:
  // lines up to it are taken to be known. busy: more waits than the agent can take now; nothing was taken, post it again.
  // denied: the first event after a start of the agent must be source_up, which says what the connector can see; nothing was taken, post it before.
  Result<IntakeTaken> take(std::string_view lines);

  Description describe() const override;
  Status run(EventSink& sink, Cursor from) override;
  void stop() override;
  SourceHealth health() const override;

 private:
  bool judge(PostedEvent& event, IntakeTaken& taken, size_t line);
  void refuse(IntakeTaken& taken, size_t line, std::string problem);
  void heard();
  void watch();

  const SipKey site_key_;
  Clock& clock_;
  const Duration silence_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<CallEvent> waiting_;
  Recent<std::string> ids_{10'000};
  std::string last_id_, resumed_;  // resumed_: the last id before a restart, until it was seen again or a batch went by without it
  std::optional<SourceUp> up_;     // what the connector said that it can see
  bool link_ = false, stopped_ = false, begun_ = false;
  SteadyTime last_heard_{};
  Time last_{};
  SourceHealth health_;
};

}  // namespace hf::pbx
