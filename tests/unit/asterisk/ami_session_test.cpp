#include "hal/pbx/asterisk/ami_session.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "hal/net/digest.hpp"

namespace hf::pbx {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Drives one session; time stands still unless the test moves it.
class Session : public testing::Test {
 protected:
  Status say(std::string_view bytes) { return session.on(bytes, Time(seconds(100)), now, take()); }
  Status pass(milliseconds by) {
    now += by;
    return session.tick(Time(seconds(100)), now, take());
  }
  AmiOutput& take() {
    out = {};
    return out;
  }
  std::vector<std::string> events() const {
    std::vector<std::string> all;
    for (const auto& event : out.events) all.push_back(to_text(event));
    return all;
  }
  // The ActionID the session has just used for `action`.
  std::string id_of(std::string_view action) const {
    const size_t at = out.send.find("Action: " + std::string(action) + "\r\n");
    const size_t id = out.send.find("ActionID: ", at);
    return at == std::string::npos ? "" : out.send.substr(id, out.send.find("\r\n", id) - id);
  }
  void log_in() {
    ASSERT_TRUE(say("Asterisk Call Manager/5.0.4\r\n"));
    ASSERT_TRUE(say("Response: Success\r\n" + id_of("Challenge") + "\r\nChallenge: 107416985\r\n\r\n"));
    ASSERT_TRUE(say("Response: Success\r\n" + id_of("Login") + "\r\nMessage: Authentication accepted\r\n\r\n"));
    settings_id = id_of("CoreSettings");
  }
  Status settings() { return say("Response: Success\r\n" + settings_id + "\r\nAsteriskVersion: 16.28.0\r\n\r\n"); }
  Status booted() { return say("Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n"); }

  SteadyTime now{seconds(1000)};
  AmiTimes times;
  AmiOutput out;
  std::string settings_id;
  AmiSession session{{"pbx:5038", "watcher", {}}, Secret("s3cret"), SipKey{}, times, now};
};

TEST_F(Session, proves_the_secret_without_sending_it) {
  ASSERT_TRUE(say("Asterisk Call Manager/5.0.4\r\n"));
  EXPECT_THAT(out.send, HasSubstr("AuthType: MD5"));
  ASSERT_TRUE(say("Response: Success\r\n" + id_of("Challenge") + "\r\nChallenge: 107416985\r\n\r\n"));
  EXPECT_THAT(out.send, HasSubstr("Username: watcher\r\n"));
  EXPECT_THAT(out.send, HasSubstr("Key: " + *net::md5_hex("107416985s3cret") + "\r\n"));
  EXPECT_THAT(out.send, HasSubstr("Events: system,call,agent,user,dialplan\r\n"));
  EXPECT_THAT(out.send, Not(HasSubstr("s3cret")));
}

TEST_F(Session, is_up_first_of_all_and_knows_the_product) {
  log_in();
  ASSERT_TRUE(say("Event: QueueCallerJoin\r\nUniqueid: 1.0\r\nQueue: q\r\n\r\n"));
  EXPECT_TRUE(out.events.empty());
  ASSERT_TRUE(settings());
  EXPECT_THAT(events(),
              testing::ElementsAre(
                  "100.000000 source_up product=Asterisk%2016.28.0 channel_events=1 dialplan_events=1 agent_state=1",
                  "100.000000 queue_joined channel=1.0 queue=q"));
}

TEST_F(Session, waits_for_fully_booted_before_it_asks_for_pictures) {
  log_in();
  ASSERT_TRUE(settings());
  EXPECT_EQ(out.send, "");
  ASSERT_TRUE(booted());
  for (const char* action : {"CoreStatus", "QueueStatus", "CoreShowChannels"}) EXPECT_NE(id_of(action), "") << action;
}

TEST_F(Session, asks_at_once_when_the_pbx_was_up_before_the_settings_came) {
  log_in();
  ASSERT_TRUE(booted());
  ASSERT_TRUE(settings());
  EXPECT_NE(id_of("QueueStatus"), "");
}

TEST_F(Session, asks_anyway_when_fully_booted_never_comes) {  // an account that may not read class system
  log_in();
  ASSERT_TRUE(settings());
  ASSERT_TRUE(pass(times.boot));
  EXPECT_NE(id_of("QueueStatus"), "");
}

TEST_F(Session, asks_again_soon_when_a_module_is_not_loaded_yet) {
  log_in();
  ASSERT_TRUE(settings());
  ASSERT_TRUE(booted());
  ASSERT_TRUE(say("Response: Error\r\n" + id_of("QueueStatus") +
                  "\r\nMessage: Invalid/unknown command: QueueStatus. Use Action: ListCommands to show available "
                  "commands.\r\n\r\n"));
  EXPECT_EQ(session.complaint(), "");
  ASSERT_TRUE(pass(times.not_yet));
  EXPECT_NE(id_of("QueueStatus"), "");
}

TEST_F(Session, says_which_right_is_missing) {
  log_in();
  ASSERT_TRUE(settings());
  ASSERT_TRUE(booted());
  ASSERT_TRUE(say("Response: Error\r\n" + id_of("QueueStatus") + "\r\nMessage: Permission denied\r\n\r\n"));
  EXPECT_THAT(session.complaint(), HasSubstr("write=reporting"));
}

TEST_F(Session, takes_a_full_picture_every_minute) {
  log_in();
  ASSERT_TRUE(settings());
  ASSERT_TRUE(booted());
  ASSERT_TRUE(say("Event: Reload\r\n\r\n"));
  ASSERT_TRUE(pass(seconds(14)));
  EXPECT_EQ(out.send, "");
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(say("Event: Reload\r\n\r\n"));
    ASSERT_TRUE(pass(seconds(10)));
  }
  EXPECT_NE(id_of("QueueStatus"), "");
  EXPECT_NE(id_of("CoreShowChannels"), "");
}

TEST_F(Session, pings_a_quiet_pbx_and_gives_up_a_dead_one) {
  log_in();
  ASSERT_TRUE(settings());
  ASSERT_TRUE(booted());
  ASSERT_TRUE(pass(times.quiet));
  EXPECT_NE(id_of("Ping"), "");
  ASSERT_TRUE(say("Response: Success\r\nPing: Pong\r\n\r\n"));
  ASSERT_TRUE(pass(times.quiet));
  const Status dead = pass(times.pong);
  ASSERT_FALSE(dead);
  EXPECT_EQ(dead.error().kind, ErrorKind::timed_out);
}

TEST_F(Session, sleeps_until_its_deadline) {
  log_in();
  ASSERT_TRUE(settings());
  ASSERT_TRUE(booted());
  EXPECT_EQ(session.deadline() - now, times.quiet);
}

TEST_F(Session, names_the_stranger_on_the_port) {
  const Status refused = say("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_THAT(refused.error().what, testing::AllOf(HasSubstr("pbx:5038"), HasSubstr("SSH-2.0-OpenSSH")));
}

TEST_F(Session, gives_up_a_port_that_says_nothing) {
  const Status silent = pass(times.answer);
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().kind, ErrorKind::timed_out);
  EXPECT_THAT(silent.error().what, HasSubstr("no Asterisk banner"));
}

TEST_F(Session, reads_a_banner_that_comes_in_pieces) {
  for (const char c : std::string("Asterisk Call Manager/11.0.0\r\n")) ASSERT_TRUE(say(std::string(1, c)));
  EXPECT_THAT(out.send, StartsWith("Action: Challenge"));
}

TEST_F(Session, tells_a_refused_login_with_its_remedy) {
  ASSERT_TRUE(say("Asterisk Call Manager/5.0.4\r\n"));
  ASSERT_TRUE(say("Response: Success\r\n" + id_of("Challenge") + "\r\nChallenge: 1\r\n\r\n"));
  const Status refused = say("Response: Error\r\n" + id_of("Login") + "\r\nMessage: Authentication failed\r\n\r\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_THAT(refused.error().what, testing::AllOf(HasSubstr("secret file"), HasSubstr("manager.conf")));
  EXPECT_THAT(refused.error().what, Not(HasSubstr("s3cret")));
}

TEST_F(Session, says_what_a_lean_login_cannot_see) {
  AmiSession lean{
      {"pbx:5038", "watcher", *parse_event_mask("call,agent,system,user")}, Secret("s"), SipKey{}, times, now};
  const auto answer = [&](const char* action, const std::string& more) {
    const std::string answer_text = "Response: Success\r\n" + id_of(action) + "\r\n" + more + "\r\n";
    EXPECT_TRUE(lean.on(answer_text, {}, now, take()));
  };
  ASSERT_TRUE(lean.on("Asterisk Call Manager/5.0.4\r\n", {}, now, take()));
  answer("Challenge", "Challenge: 1\r\n");
  EXPECT_THAT(out.send, HasSubstr("Events: call,agent,system,user\r\n"));
  answer("Login", "");
  answer("CoreSettings", "");
  EXPECT_THAT(events(), testing::ElementsAre("0.000000 source_up product=Asterisk channel_events=1 agent_state=1"));
}

TEST(AmiEventMask, refuses_what_would_leave_the_agent_blind) {
  for (const char* bad : {"", "off", "agent", "call", "Call,Agent", "call,agent\r\nAction: Originate"})
    EXPECT_FALSE(parse_event_mask(bad)) << bad;
  for (const char* good : {"on", "call,agent", "call,agent,system,user"}) EXPECT_TRUE(parse_event_mask(good)) << good;
}

TEST(AmiAction, refuses_a_value_that_could_begin_another_action) {
  for (const std::string_view bad : {std::string_view("x\r\nAction: Originate"), std::string_view("x\n"),
                                     std::string_view("\r"), std::string_view("a\0b", 3)}) {
    const AmiArgument argument{AmiParameter::username, bad};
    const auto request = render_action(AmiAction::login, {&argument, 1});
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(request.error().what, HasSubstr("Username"));
  }
}

TEST(AmiAction, knows_no_action_that_changes_anything) {
  for (int i = 0; i < 16; ++i) {
    const std::string_view name = action_name(static_cast<AmiAction>(i));
    EXPECT_THAT((std::vector<std::string_view>{"", "Challenge", "Login", "Ping", "QueueStatus", "CoreShowChannels",
                                               "CoreStatus", "CoreSettings"}),
                testing::Contains(name));
  }
}

}  // namespace
}  // namespace hf::pbx
