#include "hal/pbx/freeswitch/esl_source.hpp"

namespace hf::pbx {

EslSource::EslSource(const EslOptions& options, Clock& clock, Random& random, LiveConnect connect)
    : LiveSource(options, clock, random, std::move(connect)), options_(options) {}

Description EslSource::describe() const {
  Description d;
  d.kind = "esl", d.address = net::to_string(options_.address), d.live = true;
  d.agent_state = d.pre_queue = d.hold_times = true;
  return d;
}

Status EslSource::check() const {
  const auto request = render_login(options_.user, Secret{});
  return request ? Status{} : fail(request.error());
}

std::unique_ptr<LiveSession> EslSource::make_session(Secret secret, SteadyTime now) const {
  return std::make_unique<EslSession>(EslLogin{net::to_string(options_.address), options_.user, options_.format},
                                      std::move(secret), options_.site_key, options_.times, now);
}

}  // namespace hf::pbx
