// "Listen and show me": what a source tells within some seconds. In: the events of a source, beside whoever else takes them. Out: a report
// for the person who connects it. No number, name or dialled text is in it: they are masked before they are kept.
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/pbx_source.hpp"
#include "hal/platform/clock.hpp"

namespace hf::pbx {

// An event that this kind of source should have told within a minute of ordinary work, and did not. `id` names the likely reason.
struct MissingEvent {
  std::string_view kind;    // "queue_joined"
  std::string_view reason;  // "ami_call_class"
};
std::string_view in_words(const MissingEvent& missing);  // English, for the command line

struct ListenReport {
  static constexpr size_t kExamples = 2;  // of a kind
  struct Heard {
    std::string_view kind;
    uint64_t count = 0;
    std::vector<std::string> examples;  // masked text forms
  };
  Time from{};
  Duration listened{};
  std::vector<Heard> heard;            // by count
  std::optional<Duration> clock_ahead; // median of the PBX's time - ours; unset: it tells no time, or nothing came
  std::vector<MissingEvent> missing;
};

// `event` with everything masked that could be a person's: digits of numbers, names, what was dialled.
std::string masked_text(const CallEvent& event);

// Forwards all events to another sink, if there is one, and keeps count while somebody listens. on() from the source's thread, the rest
// from any.
class Listener final : public EventSink {
 public:
  explicit Listener(EventSink* next) : next_(next) {}
  void on(std::vector<CallEvent> events, Cursor cursor) override;

  // Begins anew. Ends by itself after `length`: what comes later does not count.
  void begin(Time now, std::chrono::seconds length);
  // Unset before the first begin(). `kind`: Description::kind.
  std::optional<ListenReport> report(Time now, std::string_view kind) const;
  bool listening(Time now) const;

 private:
  static constexpr size_t kSkews = 1000;
  struct Count {
    uint64_t count = 0;
    std::vector<std::string> examples;
  };
  void take(const CallEvent& event);

  EventSink* const next_;
  mutable std::mutex mutex_;  // guards what follows
  std::optional<Time> from_;
  Time until_{};
  std::array<Count, std::variant_size_v<CallEventBody>> counts_{};
  std::vector<Duration> skews_;  // the latest
  size_t next_skew_ = 0;
};

// Runs the source with this listener for `length`, or until it ends. Returns the source's own error; `at_end`: how it was before it was stopped.
Status listen_to(PbxSource& source, Listener& listener, std::chrono::seconds length, const Clock& clock, SourceHealth* at_end = nullptr);

}  // namespace hf::pbx
