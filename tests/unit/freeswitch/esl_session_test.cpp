#include "hal/pbx/freeswitch/esl_session.hpp"

#include <gmock/gmock.h>

namespace hf::pbx {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string framed(const std::string& event) {
  return "Content-Length: " + std::to_string(event.size()) + "\nContent-Type: text/event-plain\n\n" + event;
}

// Drives one session; time stands still unless the test moves it.
class EslSessionTest : public testing::Test {
 protected:
  Status say(std::string_view bytes) { return session.on(bytes, Time(seconds(100)), now, take()); }
  Status reply(const std::string& text) { return say("Content-Type: command/reply\nReply-Text: " + text + "\n\n"); }
  Status pass(milliseconds by) {
    now += by;
    return session.tick(Time(seconds(100)), now, take());
  }
  LiveOutput& take() {
    out = {};
    return out;
  }
  std::vector<std::string> kinds() const {
    std::vector<std::string> all;
    for (const auto& event : out.events) all.emplace_back(kind_name(event.body));
    return all;
  }
  // The background job that the session has just asked for.
  std::string job() const {
    const size_t at = out.send.find("Job-UUID: ") + 10;
    return out.send.substr(at, out.send.find('\n', at) - at);
  }
  Status answer(const std::string& command, const std::string& argument, const std::string& text) {
    std::string event = "Event-Name: BACKGROUND_JOB\nEvent-Date-Timestamp: 100000000\nJob-UUID: " + job() +
                        "\nJob-Command: " + command + "\n";
    if (!argument.empty()) event += "Job-Command-Arg: " + argument + "\n";
    return say(framed(event + "Content-Length: " + std::to_string(text.size()) + "\n\n" + text));
  }
  void log_in() {
    ASSERT_TRUE(say("Content-Type: auth/request\n\n"));
    ASSERT_TRUE(reply("+OK accepted"));
    ASSERT_TRUE(reply("+OK event listener enabled plain"));
  }
  void come_up() {
    log_in();
    ASSERT_TRUE(answer("status", "",
                       "UP 0 years, 0 days, 0 hours, 0 minutes, 20 seconds, 0 milliseconds, 0 microseconds\n"
                       "FreeSWITCH (Version 1.10.12-release git a88d069 64bit) is ready\n"));
  }

  SteadyTime now{seconds(1000)};
  EslTimes times;
  LiveOutput out;
  EslSession session{{"pbx:8021", "", {}}, Secret("s3cret"), SipKey{}, times, now};
};

TEST_F(EslSessionTest, logs_in_and_asks_for_the_events_that_bear_on_waiting) {
  ASSERT_TRUE(say("Content-Type: auth/request\n\n"));
  EXPECT_EQ(out.send, "auth s3cret\n\n");
  ASSERT_TRUE(reply("+OK accepted"));
  EXPECT_THAT(out.send, StartsWith("event plain CHANNEL_CREATE "));
  EXPECT_THAT(out.send, testing::EndsWith(" CUSTOM callcenter::info holdfast::survey\n\n")) << "all behind CUSTOM is a subclass";
  for (const char* never : {"ALL", "DTMF", "RECV_INFO"}) EXPECT_THAT(out.send, Not(HasSubstr(never)));
  ASSERT_TRUE(reply("+OK event listener enabled plain"));
  EXPECT_THAT(out.send, StartsWith("bgapi status\nJob-UUID: holdfast-"));
}

TEST_F(EslSessionTest, logs_in_as_a_directory_user_and_takes_json_when_told_so) {
  EslSession other{{"pbx:8021", "watcher@pbx", EslFormat::json}, Secret("s3cret"), SipKey{}, times, now};
  ASSERT_TRUE(other.on("Content-Type: auth/request\n\n", Time{}, now, take()));
  EXPECT_EQ(out.send, "userauth watcher@pbx:s3cret\n\n");
  ASSERT_TRUE(other.on("Content-Type: command/reply\nReply-Text: +OK accepted\n\n", Time{}, now, take()));
  EXPECT_THAT(out.send, StartsWith("event json "));
}

TEST_F(EslSessionTest, is_up_first_of_all_and_knows_the_product) {
  log_in();
  const std::string id = job();
  const auto before = out.send;
  ASSERT_TRUE(say(framed("Event-Name: CHANNEL_ANSWER\nEvent-Date-Timestamp: 100000000\nUnique-ID: a\n\n")));
  EXPECT_TRUE(out.events.empty()) << "held until SourceUp can name the product";
  out.send = before;
  ASSERT_TRUE(answer("status", "",
                     "UP 0 years, 0 days, 0 hours, 0 minutes, 20 seconds\nFreeSWITCH (Version 1.10.12-release git a)"));
  EXPECT_THAT(kinds(), ElementsAre("source_up", "channel_state", "pbx_life"));
  EXPECT_EQ(std::get<SourceUp>(out.events[0].body).product, "FreeSWITCH 1.10.12-release");
  EXPECT_EQ(std::get<PbxLife>(out.events[2].body).booted, Time(seconds(80)));
}

TEST_F(EslSessionTest, asks_one_question_after_the_other_and_makes_a_picture_of_the_answers) {
  come_up();
  EXPECT_THAT(out.send, StartsWith("bgapi status\n"));
  ASSERT_TRUE(answer("status", "", "UP 0 years"));
  EXPECT_THAT(out.send, StartsWith("bgapi callcenter_config queue list\n"));
  ASSERT_TRUE(answer("callcenter_config", "queue%20list", "name|strategy|moh_sound\nq@d|x|y\n+OK\n"));
  EXPECT_THAT(out.send, StartsWith("bgapi callcenter_config agent list\n"));
  ASSERT_TRUE(answer("callcenter_config", "agent%20list",
                     "name|contact|status|state|wrap_up_time\na1|[x=1]sofia/internal/a1@h|Available|Waiting|6\n+OK\n"));
  EXPECT_THAT(out.send, StartsWith("bgapi callcenter_config tier list\n"));
  ASSERT_TRUE(answer("callcenter_config", "tier%20list", "queue|agent|state|level|position\nq@d|a1|Ready|1|1\n+OK\n"));
  EXPECT_THAT(out.send, StartsWith("bgapi show channels as json\n"));
  ASSERT_TRUE(answer("show", "channels%20as%20json", R"({"row_count":0})"));
  EXPECT_THAT(kinds(), ElementsAre("resync_started", "resync_ended"));
  EXPECT_THAT(out.send, StartsWith("bgapi callcenter_config queue list members q@d\n"));
  ASSERT_TRUE(answer("callcenter_config", "queue%20list%20members%20q%40d", "+OK\n"));
  EXPECT_THAT(kinds(), ElementsAre("resync_started", "queue_seen", "member_state", "resync_ended"));
  EXPECT_EQ(out.send, "") << "all was asked";
  ASSERT_TRUE(pass(times.quiet - milliseconds(1)));
  EXPECT_EQ(out.send, "");
}

TEST_F(EslSessionTest, draws_a_new_picture_every_minute) {
  come_up();
  const auto due = session.deadline();
  EXPECT_LE(due - now, times.resync);
  ASSERT_TRUE(answer("status", "", "UP 0 years"));
  ASSERT_TRUE(answer("callcenter_config", "queue%20list", "-ERR permission denied"));
  EXPECT_THAT(session.complaint(), HasSubstr("esl-allowed-api"));
  ASSERT_TRUE(say(framed("Event-Name: HEARTBEAT\n\n")));
  now += times.resync;
  ASSERT_TRUE(say(framed("Event-Name: HEARTBEAT\n\n")));
  ASSERT_TRUE(session.tick(Time(seconds(160)), now, take()));
  EXPECT_THAT(out.send, StartsWith("bgapi status\n"));
}

TEST_F(EslSessionTest, asks_again_soon_while_mod_callcenter_is_not_loaded) {
  come_up();
  ASSERT_TRUE(answer("status", "", "UP 0 years"));
  ASSERT_TRUE(answer("callcenter_config", "queue%20list", "-ERR callcenter_config Command not found!\n"));
  EXPECT_THAT(session.complaint(), HasSubstr("mod_callcenter"));
  ASSERT_TRUE(pass(times.not_yet));
  EXPECT_THAT(out.send, StartsWith("bgapi status\n"));
  ASSERT_TRUE(answer("status", "", "UP 0 years"));
  ASSERT_TRUE(answer("callcenter_config", "queue%20list", "+OK\n"));
  EXPECT_EQ(session.complaint(), "");
}

TEST_F(EslSessionTest, tells_when_the_user_may_not_ask) {
  come_up();
  ASSERT_TRUE(reply("-ERR permission denied"));
  EXPECT_THAT(session.complaint(), HasSubstr("refuses \"status\""));
}

TEST_F(EslSessionTest, takes_no_answer_of_another_clients_job_for_its_own) {
  log_in();
  ASSERT_TRUE(say(framed("Event-Name: BACKGROUND_JOB\nJob-UUID: else\nJob-Command: status\n\nUP 0 years\n")));
  EXPECT_FALSE(session.up());
}

TEST_F(EslSessionTest, names_what_is_wrong_with_the_login) {
  ASSERT_TRUE(say("Content-Type: auth/request\n\n"));
  const Status refused = reply("-ERR invalid");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_THAT(refused.error().what, HasSubstr("event_socket.conf.xml"));
  EXPECT_THAT(refused.error().what, Not(HasSubstr("s3cret")));
}

TEST_F(EslSessionTest, names_the_list_that_shuts_this_box_out) {
  const Status refused = say("Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_THAT(refused.error().what, HasSubstr("apply-inbound-acl"));
}

TEST_F(EslSessionTest, names_what_answers_instead_of_a_pbx) {
  const Status stranger = say("SSH-2.0-OpenSSH_9.2\r\n");
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().kind, ErrorKind::unsupported);
  EXPECT_THAT(stranger.error().what, HasSubstr("it sent \"SSH-2.0-OpenSSH_9.2"));
}

TEST_F(EslSessionTest, gives_up_on_a_greeting_that_never_comes) {
  EXPECT_EQ(pass(times.answer).error().kind, ErrorKind::timed_out);
}

TEST_F(EslSessionTest, gives_up_on_a_peer_that_fell_silent) {
  come_up();
  ASSERT_TRUE(pass(times.answer));
  EXPECT_THAT(session.complaint(), HasSubstr("does not answer \"status\""));
  ASSERT_TRUE(pass(times.quiet - times.answer));
  EXPECT_THAT(out.send, HasSubstr("bgapi status")) << "no byte for longer than a heartbeat takes";
  EXPECT_EQ(pass(times.pong).error().kind, ErrorKind::timed_out);
}

TEST_F(EslSessionTest, tells_that_the_pbx_said_goodbye) {
  come_up();
  const Status gone =
      say("Content-Type: text/disconnect-notice\nContent-Length: 31\n\nThe system is being shut down.\n");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::closed);
  EXPECT_THAT(gone.error().what, HasSubstr("being shut down"));
}

TEST(EslCommand, cannot_carry_a_second_command) {
  EXPECT_EQ(render_login("a@b\n\napi shutdown", Secret("x")).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(render_question(EslQuestion::members, "q\n\napi shutdown", "1").error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf::pbx
