#include "hal/pbx/freeswitch/esl_map.hpp"

#include <gmock/gmock.h>

namespace hf::pbx {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Time kAt{seconds(1000)};

class EslMap : public testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  // The events that a plain event with these headers becomes, without times.
  std::vector<std::string> map(const std::string& name, const Headers& headers) {
    std::string event = "Event-Name: " + name + "\nEvent-Date-Timestamp: 1000000000\n";
    for (const auto& [key, value] : headers) event += key + ": " + value + "\n";
    return take({EslContent::event_plain, {}, event + "\n"});
  }
  std::vector<std::string> center(const std::string& action, Headers headers) {
    headers.insert(headers.begin(), {{"Event-Subclass", "callcenter%3A%3Ainfo"},
                                     {"CC-Action", action},
                                     {"CC-Queue", "q%40d"},
                                     {"CC-Agent", "a1"},
                                     {"CC-Member-Session-UUID", "s"}});
    return map("CUSTOM", headers);
  }
  std::vector<std::string> take(const EslFrame& frame) {
    std::vector<CallEvent> events;
    mapper.map(frame, kAt, events);
    return texts(events);
  }
  std::vector<std::string> answer(const std::string& question, const std::string& text) {
    std::vector<CallEvent> events;
    mapper.answer(question, text, kAt, events);
    return texts(events);
  }
  static std::vector<std::string> texts(std::vector<CallEvent>& events) {
    std::vector<std::string> all;
    for (CallEvent& event : events) {
      event.pbx_at.reset();
      all.push_back(to_text(event).substr(12));
    }
    return all;
  }
  EslMapper mapper{SipKey{1, 2}};
};

TEST_F(EslMap, an_answer_to_a_survey) {
  EXPECT_THAT(map("CUSTOM", {{"Event-Subclass", "holdfast%3A%3Asurvey"}, {"Unique-ID", "s"}, {"Survey-Question", "nps"}, {"Survey-Score", "9"}, {"Survey-Queue", "q%40d"}}),
              ElementsAre("survey_answered channel=s queue=q@d question=2 score=9 high=10"));
}

TEST_F(EslMap, tells_three_ends_of_one_reason_apart) {
  const Headers out = {{"CC-Cause", "Cancel"}, {"CC-Cancel-Reason", "BREAK_OUT"}};
  const auto with = [&out](Headers more) {
    more.insert(more.end(), out.begin(), out.end());
    return more;
  };
  EXPECT_THAT(center("member-queue-end", with({{"Answer-State", "hangup"},
                                               {"variable_sip_call_id", "c"},
                                               {"variable_sip_hangup_disposition", "recv_bye"}})),
              ElementsAre("hangup_requested channel=s", "queue_abandoned channel=s queue=q@d"));
  EXPECT_THAT(center("member-queue-end", with({{"Answer-State", "hangup"}, {"variable_sip_call_id", "c"}})),
              ElementsAre("hangup_requested channel=s side=1", "queue_abandoned channel=s queue=q@d"))
      << "an operator killed the call: no BYE came";
  EXPECT_THAT(center("member-queue-end", with({{"Answer-State", "hangup"}, {"Hangup-Cause", "SYSTEM_SHUTDOWN"}})),
              ElementsAre("hangup_requested channel=s side=1", "queue_abandoned channel=s queue=q@d"));
  EXPECT_THAT(center("member-queue-end", with({{"Answer-State", "answered"}})),
              ElementsAre("transferred transferee=s", "queue_exited channel=s queue=q@d reason=8"));
}

TEST_F(EslMap, names_the_other_ends_of_a_wait) {
  EXPECT_THAT(center("member-queue-end", {{"CC-Cause", "Cancel"}, {"CC-Cancel-Reason", "TIMEOUT"}}),
              ElementsAre("queue_exited channel=s queue=q@d"));
  EXPECT_THAT(center("member-queue-end", {{"CC-Cause", "Cancel"}, {"CC-Cancel-Reason", "EXIT_WITH_KEY"}}),
              ElementsAre("queue_exited channel=s queue=q@d reason=1"));
  EXPECT_THAT(center("member-queue-end", {{"CC-Cause", "Cancel"}, {"CC-Cancel-Reason", "NEW"}}),
              ElementsAre("queue_left channel=s queue=q@d"));
}

// It comes after the start in the queue that the caller was transferred to.
TEST_F(EslMap, says_nothing_at_the_late_end_of_a_served_caller) {
  EXPECT_THAT(center("member-queue-end", {{"CC-Cause", "Terminated"}, {"CC-Hangup-Cause", "SUCCESS"}}), IsEmpty());
}

TEST_F(EslMap, tells_who_ended_a_talk) {
  const Headers times = {
      {"CC-Member-Joined-Time", "100"}, {"CC-Agent-Answered-Time", "110"}, {"CC-Bridge-Terminated-Time", "130"}};
  const auto end = [&](Headers more) {
    more.insert(more.end(), times.begin(), times.end());
    return center("bridge-agent-end", more);
  };
  const std::string done = "member_done channel=s queue=q@d member=a1 queue_wait=10000000 talk=20000000 end=";
  EXPECT_THAT(end({{"variable_sip_hangup_disposition", "recv_bye"}}), ElementsAre(done + "2"));
  EXPECT_THAT(
      end({{"variable_sip_hangup_disposition", "send_bye"}, {"variable_last_bridge_hangup_cause", "NORMAL_CLEARING"}}),
      ElementsAre(done + "1"));
  EXPECT_THAT(end({{"variable_sip_hangup_disposition", "send_bye"}}),
              ElementsAre(done + "3", "transferred transferee=s"));
}

TEST_F(EslMap, blames_no_agent_for_a_caller_who_left_or_a_faster_colleague) {
  for (const char* cause : {"ORIGINATOR_CANCEL", "LOSE_RACE"})
    EXPECT_THAT(center("bridge-agent-fail", {{"CC-Hangup-Cause", cause}}), IsEmpty());
  const Headers second = {
      {"CC-Hangup-Cause", "USER_BUSY"}, {"CC-Agent-Called-Time", "10"}, {"CC-Agent-Aborted-Time", "11"}};
  EXPECT_THAT(center("bridge-agent-fail", second), ElementsAre("member_missed channel=s queue=q@d member=a1"))
      << "whole seconds: refused at once";
  EXPECT_THAT(center("bridge-agent-fail", {{"CC-Hangup-Cause", "ALLOTTED_TIMEOUT"},
                                           {"CC-Agent-Called-Time", "10"},
                                           {"CC-Agent-Aborted-Time", "22"}}),
              ElementsAre("member_missed channel=s queue=q@d member=a1 rang=12000000"));
}

// uuid_hold names the leg that waits; a phone's own re-INVITE comes from the leg that holds.
TEST_F(EslMap, knows_who_holds_whom) {
  EXPECT_THAT(
      map("CHANNEL_HOLD",
          {{"Unique-ID", "caller"}, {"Other-Leg-Unique-ID", "agent"}, {"Event-Calling-Function", "switch_ivr_hold"}}),
      ElementsAre("hold_started channel=agent linked=caller"));
  EXPECT_THAT(map("CHANNEL_UNHOLD", {{"Unique-ID", "agent"},
                                     {"Other-Leg-Unique-ID", "caller"},
                                     {"Event-Calling-Function", "switch_channel_mark_hold"}}),
              ElementsAre("hold_ended channel=agent linked=caller"));
}

TEST_F(EslMap, keeps_a_callers_number_out_of_the_name_of_the_device) {
  const auto made = map("CHANNEL_CREATE", {{"Unique-ID", "c"},
                                           {"Call-Direction", "inbound"},
                                           {"Channel-Name", "sofia/external/%2B442079460001%40192.0.2.9%3A5060"},
                                           {"Caller-Network-Addr", "192.0.2.9"},
                                           {"Caller-Caller-ID-Number", "%2B442079460001"},
                                           {"Caller-Destination-Number", "1000"},
                                           {"Caller-Context", "public"}});
  ASSERT_THAT(made, SizeIs(1));
  EXPECT_THAT(
      made[0],
      testing::StartsWith(
          "channel_started channel=c linked=c device=sofia/external/192.0.2.9 dialled=1000 context=public caller="));
  EXPECT_THAT(map("CHANNEL_CREATE", {{"Unique-ID", "c"},
                                     {"Call-Direction", "outbound"},
                                     {"Channel-Name", "sofia/external/07700900123%40gw.example"}}),
              ElementsAre("channel_started channel=c linked=c device=sofia/external/gw.example"));
}

TEST_F(EslMap, gives_a_phone_one_name_on_all_its_legs) {
  EXPECT_THAT(map("CHANNEL_CREATE", {{"Unique-ID", "c"},
                                     {"Call-Direction", "inbound"},
                                     {"Channel-Name", "sofia/internal/1001%40d"},
                                     {"variable_user_name", "1001"},
                                     {"variable_domain_name", "d"}}),
              ElementsAre(HasSubstr("device=user/1001@d")));
  EXPECT_THAT(map("CHANNEL_CREATE", {{"Unique-ID", "c"},
                                     {"Call-Direction", "outbound"},
                                     {"Channel-Name", "sofia/internal/1001%40192.0.2.7%3A5062"},
                                     {"variable_dialed_user", "1001"},
                                     {"variable_dialed_domain", "d"},
                                     {"variable_cc_member_session_uuid", "s"}}),
              ElementsAre("channel_started channel=c linked=s device=user/1001@d"));
  EXPECT_THAT(map("CHANNEL_CREATE", {{"Unique-ID", "c"},
                                     {"Call-Direction", "inbound"},
                                     {"Channel-Name", "sofia/external/x%40y"},
                                     {"variable_sip_gateway_name", "carrier"}}),
              ElementsAre(HasSubstr("device=sofia/gateway/carrier")));
}

TEST_F(EslMap, tells_announcements_music_and_silence_apart) {
  const auto play = [this](const std::string& path) {
    return map("PLAYBACK_START", {{"Unique-ID", "c"}, {"Playback-File-Path", path}});
  };
  EXPECT_THAT(play("/sounds/wait.wav"), ElementsAre("channel_step channel=c sound=/sounds/wait.wav"));
  EXPECT_THAT(play("silence_stream%3A//94000,1400"), ElementsAre("channel_step channel=c kind=2 planned=94000000"));
  EXPECT_THAT(play("silence_stream%3A//-1"), ElementsAre("channel_step channel=c kind=2"));
  EXPECT_THAT(play("local_stream%3A//moh"), ElementsAre("music_started channel=c linked=c"));
  answer("callcenter_config queue list", "name|moh_sound\nq|/sounds/moh.wav\n+OK\n");
  EXPECT_THAT(play("/sounds/moh.wav"), ElementsAre("music_started channel=c linked=c")) << "a queue's own file";
  EXPECT_THAT(
      map("CHANNEL_EXECUTE", {{"Unique-ID", "c"}, {"Application", "callcenter"}, {"Application-Data", "q%40d"}}),
      ElementsAre("channel_step channel=c kind=3 sound=q@d"));
  EXPECT_THAT(map("CHANNEL_EXECUTE", {{"Unique-ID", "c"}, {"Application", "sleep"}, {"Application-Data", "900000"}}),
              ElementsAre("channel_step channel=c kind=2 planned=900000000"));
  EXPECT_THAT(map("CHANNEL_EXECUTE", {{"Unique-ID", "c"}, {"Application", "set"}, {"Application-Data", "a%3Db"}}),
              IsEmpty());
}

// Every key is another one's secret.
TEST_F(EslMap, reads_no_keys_that_callers_press) {
  EXPECT_THAT(map("DTMF", {{"Unique-ID", "c"}, {"DTMF-Digit", "5"}}), IsEmpty());
  EXPECT_EQ(mapper.unknown(), 0u);
}

TEST_F(EslMap, tells_a_start_once_and_holds_the_picture_until_it_is_known) {
  EXPECT_THAT(answer("show channels as json", R"({"row_count":0})"), IsEmpty());
  EXPECT_THAT(map("HEARTBEAT", {{"Uptime-msec", "20000"}}),
              ElementsAre("pbx_life booted=980.000000", "resync_started scope=1", "resync_ended scope=1"));
  EXPECT_THAT(map("HEARTBEAT", {{"Uptime-msec", "20400"}}), IsEmpty()) << "the same start";
  EXPECT_THAT(answer("show channels as json", R"({"row_count":0})"), SizeIs(2));
  EXPECT_THAT(answer("show channels as json", "-ERR no"), IsEmpty());
}

TEST_F(EslMap, takes_status_as_soon_as_the_pbx_clock_is_known) {
  EXPECT_THAT(
      answer("status", "UP 0 years, 0 days, 0 hours, 1 minute, 40 seconds, 0 milliseconds, 0 microseconds\nFreeSWITCH"),
      IsEmpty());
  EXPECT_THAT(map("API", {}), ElementsAre(HasSubstr("pbx_life booted=")));
}

// Found by the fuzzer: a time before 1970 has no text.
TEST_F(EslMap, tells_no_start_before_1970) {
  EXPECT_THAT(answer("status", "UP 100 years, 0 days\nFreeSWITCH"), IsEmpty());
  EXPECT_THAT(map("API", {}), IsEmpty());
  EXPECT_THAT(answer("status", "UP 9999 years, 9999 years, 9999 years, 9999 years, 9999 years\n"), IsEmpty());
}

TEST_F(EslMap, sees_channels_that_are_up_already) {
  map("HEARTBEAT", {{"Uptime-msec", "20000"}});
  const auto seen = answer(
      "show channels as json",
      R"({"row_count":3,"rows":[{"uuid":"c","direction":"inbound","created_epoch":"990","name":"sofia/internal/+442079460001@192.0.2.9:5060",)"
      R"("ip_addr":"192.0.2.9","initial_dest":"1000","initial_cid_num":"","application":"callcenter","application_data":"q","context":"public","callstate":"ACTIVE","call_uuid":"c"},)"
      R"({"uuid":"a","direction":"outbound","created_epoch":"995","name":"sofia/internal/agent1@h","callstate":"HELD","call_uuid":"c"},)"
      R"({"uuid":"r","direction":"outbound","created_epoch":"999","name":"sofia/internal/agent2@h","callstate":"RINGING","call_uuid":"r"}]})");
  EXPECT_THAT(seen,
              ElementsAre("resync_started scope=1",
                          "channel_seen channel=c linked=c device=sofia/internal/192.0.2.9 dialled=1000 context=public "
                          "application=callcenter state=2 age=10000000 bridge=c",
                          "channel_seen channel=a linked=c device=sofia/internal/agent1@h state=2 age=5000000 bridge=c",
                          "channel_seen channel=r linked=- device=sofia/internal/agent2@h state=1 age=1000000",
                          "resync_ended scope=1"));
}

TEST_F(EslMap, counts_what_it_has_never_heard_of) {
  map("INVENTED", {});
  center("invented", {});
  EXPECT_EQ(mapper.unknown(), 2u);
  map("CUSTOM", {{"Event-Subclass", "other%3A%3Athing"}});
  EXPECT_EQ(mapper.unknown(), 2u) << "other modules' events are nobody's news";
}

TEST(EslProduct, is_found_in_each_form) {
  EXPECT_EQ(esl_product("UP 0 years\nFreeSWITCH (Version 1.10.12-release git a88d069 64bit) is ready"),
            "FreeSWITCH 1.10.12-release");
  EXPECT_EQ(esl_product("FreeSWITCH Version 1.10.12-release+git~2024 (git a)"), "FreeSWITCH 1.10.12-release");
  EXPECT_EQ(esl_product("1.10.12-release+git~2024~64bit"), "FreeSWITCH 1.10.12-release");
  EXPECT_EQ(esl_product("-ERR"), "");
}

}  // namespace
}  // namespace hf::pbx
