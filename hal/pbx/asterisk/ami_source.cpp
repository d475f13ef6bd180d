#include "hal/pbx/asterisk/ami_source.hpp"

namespace hf::pbx {

AmiSource::AmiSource(const AmiOptions& options, Clock& clock, Random& random, LiveConnect connect)
    : LiveSource(options, clock, random, std::move(connect)), options_(options) {}

Description AmiSource::describe() const {
  Description d;
  d.kind = "ami", d.address = net::to_string(options_.address), d.live = true;
  d.agent_state = options_.events.has("agent"), d.pre_queue = d.hold_times = options_.events.has("call");
  d.voice = options_.events.has("dialplan");
  return d;
}

Status AmiSource::check() const {
  if (auto mask = parse_event_mask(options_.events.text); !mask) return fail(mask.error());
  const AmiArgument user{AmiParameter::username, options_.user};
  if (options_.user.empty())
    return fail(ErrorKind::invalid_input, "the PBX needs a user name (the section's name in manager.conf)");
  const auto request = render_action(AmiAction::login, {&user, 1});
  return request ? Status{} : fail(request.error());
}

std::unique_ptr<LiveSession> AmiSource::make_session(Secret secret, SteadyTime now) const {
  return std::make_unique<AmiSession>(AmiLogin{net::to_string(options_.address), options_.user, options_.events},
                                      std::move(secret), options_.site_key, options_.times, now);
}

}  // namespace hf::pbx
