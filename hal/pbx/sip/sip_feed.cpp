#include "hal/pbx/sip/sip_feed.hpp"

#include <fmt/format.h>

namespace hf::pbx {

Description sip_description() {
  Description d;
  d.live = false, d.agent_state = d.queues = false, d.pre_queue = true, d.hold_times = true, d.abandons = true;
  d.voice = true;
  return d;
}

std::string SipFeed::words() const {
  const SipCounts& c = counts();
  const uint64_t joined = c.by_header + c.by_number;
  std::string text;
  if (c.guessed + c.unjoined > joined)
    text =
        "the PBX passes no callers' numbers to the phones: who answered whom is guessed by order; let it send a header "
        "(X-CID)";
  if (c.foreign > c.legs) text = fmt::format("{} calls do not touch the PBX's addresses that are set", c.foreign);
  if (c.refused > 0)
    text += fmt::format("{}{} calls beyond {} were not followed", text.empty() ? "" : "; ", c.refused,
                        SipDialogs::kMaxCalls);
  if (c.given_up > 0) text += fmt::format("{}{} legs ended unseen", text.empty() ? "" : "; ", c.given_up);
  if (c.unheard > 0) text += fmt::format("{}how {} legs sounded was not followed", text.empty() ? "" : "; ", c.unheard);
  if (c.stray_reports > 2 * c.reports / 3 && c.reports > 20)
    text += fmt::format("{}most reports of sound (RTCP) belong to no call that is seen here: does all SIP pass here too?",
                        text.empty() ? "" : "; ");
  return text;
}

void SipFeed::sip(std::string_view message, const Endpoint& from, const Endpoint& to, Time at,
                  std::vector<CallEvent>& out) {
  if (const auto parsed = parse_sip(message))
    dialogs_.on(*parsed, from, to, at, out);
  else
    dialogs_.count_malformed();
}

void SipFeed::rtcp(std::string_view packet, const Endpoint& from, const Endpoint& to, Time at,
                   std::string_view call_id) {
  dialogs_.heard(from, to, call_id, quality_.on(packet, at));
}

}  // namespace hf::pbx
