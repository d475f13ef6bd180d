// What is to be delivered, when, and what became of it. In: messages, results, the time. Out: what is due. No thread, no I/O; the Notifier owns it.
//
// An incident's messages go out in order. A failure is tried again after 5, 10, 20 .. 900 s (each moved by chance within a quarter), for 24 hours.
// Bounded: 200 wait (the oldest gives way), the last 500 are remembered.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/notify/message.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/result.hpp"

namespace hf::notify {

enum class DeliveryState : uint8_t { waiting, delivered, given_up };
std::string_view to_string(DeliveryState state);
std::optional<DeliveryState> state_from(std::string_view name);

struct Delivery {
  std::string id;
  std::string incident;  // empty for a test
  News news = News::test;
  std::string body;
  Time created{};
  uint32_t attempts = 0;
  std::optional<Time> last_attempt, next_attempt, delivered;
  DeliveryState state = DeliveryState::waiting;
  std::optional<unsigned> status;
  std::string what;  // last result for people
};

// What an attempt came to: an HTTP status, or why there was none.
using Attempt = Result<unsigned>;

class Deliveries {
 public:
  static constexpr size_t kMaxWaiting = 200, kMaxKept = 500, kMaxTold = 200;

  explicit Deliveries(Random& random) : random_(random) {}

  // Decides by what was told of this incident before whether there is news, and queues it. True when it did.
  bool tell(const IncidentMessage& incident, bool dialled_numbers, Time now);
  std::string test(Time now);  // its id

  // The next one due at `now`; a copy, since the queue may change while it is on its way.
  std::optional<Delivery> due(Time now) const;
  std::optional<Time> next_due() const;
  void attempted(const std::string& id, const Attempt& attempt, Time now);

  // The webhook was switched off: messages of incidents no longer wait.
  void cancel();
  // IT no longer wants dialled numbers to leave: those that wait lose theirs.
  void drop_numbers();

  std::vector<Delivery> newest(size_t limit) const;

  // As JSON text and back; `corrupt` when it is none of ours.
  std::string save() const;
  Status load(std::string_view json);

 private:
  std::string add(News news, const std::optional<IncidentMessage>& incident, bool dialled_numbers, Time now);
  bool ready(const Delivery& delivery) const;
  void trim();

  Random& random_;
  std::deque<Delivery> all_;  // oldest first
  std::map<std::string, IncidentMessage> told_;
};

}  // namespace hf::notify
