// One connection to an Asterisk Manager, from the banner to its loss: a state machine without thread, socket or clock.
// In: received bytes and the time. Out: what to send and the events, or the reason to give the connection up. Owned by
// AmiSource.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hal/pbx/asterisk/ami_action.hpp"
#include "hal/pbx/asterisk/ami_frame.hpp"
#include "hal/pbx/asterisk/ami_map.hpp"
#include "hal/pbx/live_session.hpp"
#include "hal/platform/secret.hpp"

namespace hf::pbx {

// Which events the PBX is asked for.
struct AmiEventMask {
  std::string text = "system,call,agent,user,dialplan";  // as the login sends it
  bool has(std::string_view event_class) const;
};
// "on" (all that the account may read) or class names joined by commas; invalid_input names what is wrong.
Result<AmiEventMask> parse_event_mask(std::string_view text);

struct AmiTimes {
  std::chrono::milliseconds answer{10'000};  // for the banner and for each step of the login
  std::chrono::milliseconds boot{5'000};     // FullyBooted is waited for this long, then the PBX is asked anyway (an
                                             // account without class system never gets it)
  std::chrono::milliseconds not_yet{2'000};  // until the next try when a module is not loaded yet
  std::chrono::milliseconds resync{60'000};  // between two full pictures
  std::chrono::milliseconds quiet{15'000};   // without a byte: Ping
  std::chrono::milliseconds pong{10'000};    // without a byte after that: lost
};

struct AmiLogin {
  std::string peer;  // "pbx:5038", for messages
  std::string user;
  AmiEventMask events;
};

using AmiOutput = LiveOutput;

class AmiSession final : public LiveSession {
 public:
  AmiSession(AmiLogin login, Secret secret, const SipKey& site_key, const AmiTimes& times, SteadyTime now);

  Status on(std::string_view bytes, Time at, SteadyTime now, AmiOutput& out) override;
  Status tick(Time at, SteadyTime now, AmiOutput& out) override;
  SteadyTime deadline() const override;

  bool up() const override { return up_; }
  const std::string& complaint() const override { return complaint_; }  // the PBX refuses the pictures
  uint64_t unknown() const override { return mapper_.unknown(); }
  uint64_t malformed() const override { return framer_.malformed(); }

 private:
  enum class Stage : uint8_t { banner, challenge, login, settings, running };

  Status take_banner(std::string_view& bytes, AmiOutput& out);
  Status take_message(std::string_view message, Time at, AmiOutput& out);
  Status take_response(const AmiFields& fields, Time at, AmiOutput& out);
  Status take_challenge(const AmiFields& fields, AmiOutput& out);
  Status take_login(const AmiFields& fields, AmiOutput& out);
  void take_picture_answer(AmiAction action, const AmiFields& fields);
  Status send(AmiAction action, AmiOutput& out, std::vector<AmiArgument> arguments = {});
  Status ask_for_pictures(AmiOutput& out);
  void come_up(std::string product, Time at, AmiOutput& out);
  void enter(Stage stage);

  AmiLogin login_;
  Secret secret_;
  AmiTimes times_;
  AmiFramer framer_;
  AmiMapper mapper_;
  AmiFields fields_;
  Stage stage_ = Stage::banner;
  SteadyTime now_{}, stage_until_{}, last_byte_{}, next_pictures_ = SteadyTime::max();
  std::optional<SteadyTime> pong_until_;
  std::string first_line_, complaint_;
  std::map<std::string, AmiAction, std::less<>> asked_;  // by ActionID; at most kMaxAsked
  std::vector<CallEvent> held_;                          // until SourceUp can name the product
  uint64_t last_id_ = 0;
  bool up_ = false, booted_ = false;
};

}  // namespace hf::pbx
