// One connection to a FreeSWITCH Event Socket, from the greeting to its loss. In: received bytes and the time. Out:
// what to send and the events, or the reason to give the connection up. Owned by EslSource.
#pragma once

#include <deque>
#include <optional>

#include "hal/pbx/freeswitch/esl_command.hpp"
#include "hal/pbx/freeswitch/esl_map.hpp"
#include "hal/pbx/live_session.hpp"

namespace hf::pbx {

struct EslTimes {
  std::chrono::milliseconds answer{10'000};  // for the greeting, each step of the login and each question
  std::chrono::milliseconds not_yet{2'000};  // until the next try when mod_callcenter is not loaded yet
  std::chrono::milliseconds resync{60'000};  // between two full pictures
  std::chrono::milliseconds quiet{30'000};   // without a byte, where a HEARTBEAT comes every 20 s: ask
  std::chrono::milliseconds pong{15'000};    // without a byte after that: lost
};

struct EslLogin {
  std::string peer;  // "pbx:8021", for messages
  std::string user;  // "name@domain" of the directory; empty: the socket's own password
  EslFormat format{};
};

class EslSession final : public LiveSession {
 public:
  EslSession(EslLogin login, Secret secret, const SipKey& site_key, const EslTimes& times, SteadyTime now);

  Status on(std::string_view bytes, Time at, SteadyTime now, LiveOutput& out) override;
  Status tick(Time at, SteadyTime now, LiveOutput& out) override;
  SteadyTime deadline() const override;

  bool up() const override { return up_; }
  const std::string& complaint() const override { return complaint_; }
  uint64_t unknown() const override { return mapper_.unknown(); }
  uint64_t malformed() const override { return framer_.malformed(); }

 private:
  enum class Stage : uint8_t { greeting, login, subscription, product, running };
  struct Asked {
    EslQuestion question{};
    std::string queue, job;
  };

  Status look_at_greeting(std::string_view bytes);
  Status take_frame(const EslFrame& frame, Time at, LiveOutput& out);
  Status take_reply(std::string_view reply, LiveOutput& out);
  Status take_login(std::string_view reply, LiveOutput& out);
  Status take_event(const EslFrame& frame, Time at, LiveOutput& out);
  Status take_job(Time at, LiveOutput& out);
  void judge(const Asked& asked, std::string_view answer);
  Status ask_for_pictures(LiveOutput& out);
  Status ask_next(LiveOutput& out);
  void come_up(std::string product, Time at, LiveOutput& out);
  void enter(Stage stage);

  EslLogin login_;
  Secret secret_;
  EslTimes times_;
  EslFramer framer_;
  EslMapper mapper_;
  EslFields fields_;
  Stage stage_ = Stage::greeting;
  SteadyTime now_{}, stage_until_{}, last_byte_{}, next_pictures_ = SteadyTime::max();
  std::optional<SteadyTime> pong_until_;
  std::deque<Asked> to_ask_;     // one question at a time: answers of several would come in any order
  std::optional<Asked> asking_;  // and is being answered
  SteadyTime answer_until_ = SteadyTime::max();
  std::string greeting_, complaint_, job_prefix_;
  std::vector<CallEvent> held_;  // until SourceUp can name the product
  uint64_t last_job_ = 0;
  bool up_ = false;
};

}  // namespace hf::pbx
