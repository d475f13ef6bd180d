// A live FreeSWITCH with mod_callcenter, followed over its Event Socket. Sends nothing but what esl_command.hpp can
// express. The socket has no TLS and the password crosses it in the clear: loopback, a tunnel or a network of its own.
#pragma once

#include "hal/pbx/freeswitch/esl_session.hpp"
#include "hal/pbx/live_source.hpp"

namespace hf::pbx {

struct EslOptions : LiveOptions {
  std::string user;  // "name@domain" of the directory; empty: the socket's own password
  EslFormat format{};
  EslTimes times;
};

class EslSource final : public LiveSource {
 public:
  EslSource(const EslOptions& options, Clock& clock, Random& random, LiveConnect connect = {});

  Description describe() const override;

 private:
  Status check() const override;  // the user
  std::unique_ptr<LiveSession> make_session(Secret secret, SteadyTime now) const override;

  const EslOptions options_;
};

}  // namespace hf::pbx
