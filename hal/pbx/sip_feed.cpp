#include "hal/pbx/sip_feed.hpp"

namespace hf::pbx {

Description sip_description() {
  Description d;
  d.live = false, d.agent_state = false, d.pre_queue = true, d.hold_times = true, d.abandons = true;
  return d;
}

void SipFeed::sip(std::string_view message, const Endpoint& from, const Endpoint& to, Time at,
                  std::vector<CallEvent>& out) {
  if (const auto parsed = parse_sip(message))
    dialogs_.on(*parsed, from, to, at, out);
  else
    dialogs_.count_malformed();
}

void SipFeed::rtcp(std::string_view packet, const Endpoint& from, const Endpoint& to, Time at) {
  quality_.on(packet, from, to, at);
}

}  // namespace hf::pbx
