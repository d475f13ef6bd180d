// CEL and Cdr events on the manager's stream: used where they add something, never counted twice.
#include <gtest/gtest.h>

#include "hal/pbx/asterisk/ami_map.hpp"

namespace hf::pbx {
namespace {

std::string cel(const std::string& type, const std::string& application, const std::string& data) {
  return "Event: CEL\r\nPrivilege: call,all\r\nEventName: " + type + "\r\nAccountCode: \r\nCallerIDnum: 030111\r\nExten: s\r\nContext: policy\r\nChannel: PJSIP/trunk-0000008e\r\nApplication: " +
         application + "\r\nAppData: " + data + "\r\nEventTime: 2026-11-21 23:52:50\r\nUniqueID: 1795305166.150\r\nLinkedID: 1795305166.150\r\nExtra: \r\n";
}

std::vector<CallEvent> mapped(bool cel_steps, const std::string& message) {
  AmiMapper mapper(SipKey{1}, cel_steps);
  std::vector<CallEvent> events;
  mapper.map(message, Time{}, events);
  EXPECT_EQ(mapper.unknown(), 0u);
  return events;
}

TEST(AmiCel, tells_a_step_of_the_dialplan_to_a_login_that_gets_no_other) {
  const auto events = mapped(true, cel("APP_START", "MusicOnHold", "default,286"));
  ASSERT_EQ(events.size(), 1u);
  const auto& step = std::get<ChannelStep>(events.front().body);
  EXPECT_EQ(step.channel, "1795305166.150");
  EXPECT_EQ(step.kind, StepKind::music);
  EXPECT_EQ(step.context, "policy");
  EXPECT_EQ(step.planned, std::chrono::seconds(286));
}

TEST(AmiCel, is_passed_over_where_the_dialplan_tells_its_steps_itself) { EXPECT_TRUE(mapped(false, cel("APP_START", "MusicOnHold", "default,286")).empty()); }

TEST(AmiCel, tells_nothing_that_another_event_tells) {
  for (const char* type : {"CHAN_START", "ANSWER", "APP_END", "BRIDGE_ENTER", "HANGUP", "CHAN_END"}) EXPECT_TRUE(mapped(true, cel(type, "Playback", "welcome")).empty()) << type;
  EXPECT_TRUE(mapped(true, "Event: Cdr\r\nPrivilege: cdr,all\r\nLastApplication: MusicOnHold\r\nUniqueID: 1795304776.0\r\n").empty());
}

}  // namespace
}  // namespace hf::pbx
