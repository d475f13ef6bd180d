#include "agent/calls/oddities.hpp"

#include <optional>

namespace hf::calls {
namespace {

// Calls f with each duration of an event that the tracker counts with.
template <class Event, class F>
void each_duration(Event& body, F f) {
  const auto maybe = [&](auto& d) {
    if (d) f(*d);
  };
  std::visit(
      [&](auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (requires { e.queue_wait; }) maybe(e.queue_wait);
        if constexpr (std::is_same_v<E, pbx::CallRecorded>) f(e.wait), f(e.talk), f(e.hold);
        else if constexpr (requires { e.talk; }) maybe(e.talk);
        if constexpr (requires { e.wrapup; }) maybe(e.wrapup);
        if constexpr (requires { e.planned; }) maybe(e.planned);
        if constexpr (requires { e.age; }) f(e.age);
        if constexpr (std::is_same_v<E, pbx::QueueAbandoned>) maybe(e.wait);
        if constexpr (std::is_same_v<E, pbx::CallerSeen>) f(e.wait);
        if constexpr (std::is_same_v<E, pbx::MemberMissed>) f(e.rang);
        if constexpr (std::is_same_v<E, pbx::MemberConnected>) maybe(e.rang);
      },
      body);
}

}  // namespace

bool has_negative(const pbx::CallEventBody& body) {
  bool found = false;
  each_duration(body, [&](const Duration& d) { found = found || d < Duration{}; });
  return found;
}

pbx::CallEventBody without_negatives(pbx::CallEventBody body) {
  each_duration(body, [](Duration& d) { d = std::max(d, Duration{}); });
  return body;
}

}  // namespace hf::calls
