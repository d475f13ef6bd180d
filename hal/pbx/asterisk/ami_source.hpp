// A live Asterisk, followed over its Manager Interface. Sends nothing but what ami_action.hpp can express.
#pragma once

#include "hal/pbx/asterisk/ami_session.hpp"
#include "hal/pbx/live_source.hpp"

namespace hf::pbx {

struct AmiOptions : LiveOptions {
  std::string user;
  AmiEventMask events;
  AmiTimes times;
};

class AmiSource final : public LiveSource {
 public:
  AmiSource(const AmiOptions& options, Clock& clock, Random& random, LiveConnect connect = {});

  Description describe() const override;

 private:
  Status check() const override;  // the user and the event classes
  std::unique_ptr<LiveSession> make_session(Secret secret, SteadyTime now) const override;

  const AmiOptions options_;
};

}  // namespace hf::pbx
