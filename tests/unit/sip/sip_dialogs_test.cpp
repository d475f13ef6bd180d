#include "hal/pbx/sip/sip_dialogs.hpp"

#include <gmock/gmock.h>

#include "sip_words.hpp"

namespace hf::pbx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Endpoint kPbx = end_of(1), kTrunk = end_of(9), kPhone = end_of(17), kOther = end_of(18);
const std::string kCaller = "<sip:+493028100017@provider>;tag=f1";
const std::string kSdpHeld = "v=0\r\nc=IN IP4 192.0.2.17\r\nm=audio 4000 RTP/AVP 8\r\na=sendonly\r\n";
const std::string kSdp = "v=0\r\nc=IN IP4 192.0.2.17\r\nm=audio 4000 RTP/AVP 8\r\n";

Words invite(std::string call_id, std::string from = kCaller, std::string target = "5550101") {
  return {.start = "INVITE sip:" + target + "@192.0.2.1 SIP/2.0",
          .call_id = std::move(call_id),
          .from = std::move(from),
          .to = "<sip:" + target + "@pbx>"};
}
Words reply(const Words& to, const std::string& status, const std::string& tag = "t1") {
  Words w = to;
  w.start = "SIP/2.0 " + status, w.to += ";tag=" + tag, w.more.clear(), w.body.clear();
  return w;
}
Words within(const Words& call, const std::string& method, int cseq, bool by_called, const std::string& tag = "t1") {
  Words w = call;
  w.start = method + " sip:x@y SIP/2.0", w.method = method, w.cseq = cseq, w.to += ";tag=" + tag;
  if (by_called) std::swap(w.from, w.to);
  return w;
}

// The first field after the kind, to compare without keyed ids.
std::vector<std::string> kinds(const std::vector<std::string>& events) {
  std::vector<std::string> all;
  for (const std::string& e : events) all.push_back(e.substr(0, e.find(' ')));
  return all;
}
std::string field(const std::string& event, const std::string& name) {
  const size_t at = event.find(" " + name + "=");
  return at == event.npos ? "" : event.substr(at + name.size() + 2, event.find(' ', at + 1) - at - name.size() - 2);
}

struct SipDialogsTest : testing::Test {
  Wire wire;
  Words caller = invite("c1"), agent = invite("a1", "<sip:+493028100017@192.0.2.1>;tag=p1", "1007");
  std::string caller_id, agent_id;

  // A caller whom the PBX takes at once, and a phone that rings for him.
  void ring() {
    caller_id = field(wire.say(kTrunk, kPbx, caller).at(0), "channel");
    wire.say(kPbx, kTrunk, reply(caller, "200 OK"));
    agent_id = field(wire.say(kPbx, kPhone, agent).at(0), "channel");
    wire.say(kPhone, kPbx, reply(agent, "180 Ringing"));
  }
  void talk() {
    ring();
    wire.say(kPhone, kPbx, reply(agent, "200 OK"));
  }
};

TEST_F(SipDialogsTest, follows_a_caller_to_an_agent_and_to_the_end) {
  const auto begun = wire.say(kTrunk, kPbx, caller);
  ASSERT_THAT(kinds(begun), ElementsAre("channel_started"));
  EXPECT_EQ(field(begun[0], "dialled"), "5550101");
  EXPECT_EQ(field(begun[0], "device"), "SIP/192.0.2.9");
  EXPECT_EQ(field(begun[0], "linked"), field(begun[0], "channel"));
  EXPECT_THAT(begun[0], testing::Not(HasSubstr("49302810"))) << "a number is never told";
  EXPECT_THAT(wire.say(kPbx, kTrunk, reply(caller, "100 Trying")), IsEmpty());
  EXPECT_THAT(kinds(wire.say(kPbx, kTrunk, reply(caller, "200 OK"))), ElementsAre("channel_state"));
  const auto rung = wire.say(kPbx, kPhone, agent);
  ASSERT_THAT(kinds(rung), ElementsAre("channel_started"));
  EXPECT_EQ(field(rung[0], "linked"), field(begun[0], "channel")) << "joined by the caller's number";
  EXPECT_THAT(kinds(wire.say(kPhone, kPbx, reply(agent, "180 Ringing"))), ElementsAre("channel_state"));
  const auto up = wire.say(kPhone, kPbx, reply(agent, "200 OK"));
  EXPECT_THAT(kinds(up), ElementsAre("channel_state", "dial_ended", "bridge_entered", "bridge_entered"));
  EXPECT_THAT(kinds(wire.say(kPhone, kPbx, within(agent, "BYE", 2, true))),
              ElementsAre("hangup_requested", "bridge_left", "bridge_left", "channel_ended"));
  const auto end = wire.say(kPbx, kTrunk, within(caller, "BYE", 1, true));
  ASSERT_THAT(kinds(end), ElementsAre("hangup_requested", "channel_ended"));
  EXPECT_EQ(field(end[0], "side"), "1") << "the PBX ended it";
  EXPECT_EQ(field(end[1], "cause"), "16");
  EXPECT_EQ(wire.feed.open_legs(), 0u);
}

TEST_F(SipDialogsTest, changes_nothing_when_all_is_said_twice) {
  std::vector<std::string> once, twice;
  const auto twofold = [&](const Endpoint& from, const Endpoint& to, const Words& words) {
    for (auto& e : wire.say(from, to, words)) once.push_back(e);
    for (auto& e : wire.say(from, to, words)) twice.push_back(e);
  };
  twofold(kTrunk, kPbx, caller);
  twofold(kPbx, kTrunk, reply(caller, "200 OK"));
  twofold(kPbx, kPhone, agent);
  twofold(kPhone, kPbx, reply(agent, "180 Ringing"));
  twofold(kPhone, kPbx, reply(agent, "200 OK"));
  Words hold = within(agent, "INVITE", 3, true);
  hold.body = kSdpHeld;
  twofold(kPhone, kPbx, hold);
  twofold(kPbx, kPhone, reply(hold, "200 OK"));
  twofold(kTrunk, kPbx, within(caller, "BYE", 2, false));
  EXPECT_EQ(once.size(), 12u);
  EXPECT_THAT(twice, IsEmpty());
  EXPECT_EQ(wire.feed.counts().legs, 2u);
  EXPECT_EQ(wire.feed.counts().repeated, 2u);
}

TEST_F(SipDialogsTest, knows_who_gave_up) {
  wire.say(kTrunk, kPbx, caller);
  wire.say(kPbx, kTrunk, reply(caller, "180 Ringing"));
  Words cancel = within(caller, "CANCEL", 1, false);
  cancel.to = caller.to;
  const auto asked = wire.say(kTrunk, kPbx, cancel);
  ASSERT_THAT(kinds(asked), ElementsAre("hangup_requested"));
  EXPECT_EQ(field(asked[0], "side"), "") << "the far end";
  EXPECT_THAT(kinds(wire.say(kPbx, kTrunk, reply(caller, "487 Request Terminated"))), ElementsAre("channel_ended"));
}

TEST_F(SipDialogsTest, ends_an_early_dialog_by_bye) {
  ring();
  EXPECT_THAT(kinds(wire.say(kPbx, kPhone, within(agent, "BYE", 2, false))),
              ElementsAre("hangup_requested", "channel_ended"));
}

TEST_F(SipDialogsTest, tells_why_a_phone_did_not_answer) {
  const std::pair<const char*, DialOutcome> cases[] = {
      {"486 Busy Here", DialOutcome::busy},      {"480 Not here", DialOutcome::no_answer},
      {"503 Overload", DialOutcome::congestion}, {"404 Who", DialOutcome::failed},
      {"302 There", DialOutcome::failed},        {"603 Decline", DialOutcome::busy}};
  wire.say(kTrunk, kPbx, caller);
  int n = 0;
  for (const auto& [status, outcome] : cases) {
    const Words rung = invite("x" + std::to_string(++n), agent.from, "1007");
    wire.say(kPbx, kPhone, rung);
    const auto told = wire.say(kPhone, kPbx, reply(rung, status));
    ASSERT_THAT(kinds(told), ElementsAre("dial_ended", "channel_ended")) << status;
    EXPECT_EQ(field(told[0], "outcome"), std::to_string(static_cast<int>(outcome))) << status;
  }
  const Words rung = invite("y", agent.from, "1007");
  wire.say(kPbx, kPhone, rung);
  Words busy = reply(rung, "480 Later");
  busy.more = "Reason: Q.850;cause=19\r\n";
  EXPECT_EQ(field(wire.say(kPhone, kPbx, busy).at(1), "cause"), "19") << "the Reason has the word";
}

TEST_F(SipDialogsTest, goes_on_when_credentials_were_asked_for) {
  const Words own = invite("o1", "<sip:1007@192.0.2.1>;tag=o", "1008");
  wire.say(kPhone, kPbx, own);
  EXPECT_THAT(wire.say(kPbx, kPhone, reply(own, "401 Unauthorized", "x")), IsEmpty());
  Words again = own;
  again.cseq = 2;
  EXPECT_THAT(wire.say(kPhone, kPbx, again), IsEmpty()) << "the same call";
  EXPECT_THAT(kinds(wire.say(kPbx, kPhone, reply(again, "200 OK", "y"))), ElementsAre("channel_state"));
}

TEST_F(SipDialogsTest, sees_hold_only_once_it_is_granted) {
  talk();
  Words hold = within(agent, "INVITE", 5, true);
  hold.body = kSdpHeld;
  EXPECT_THAT(wire.say(kPhone, kPbx, hold), IsEmpty());
  EXPECT_THAT(wire.say(kPbx, kPhone, reply(hold, "491 Pending")), IsEmpty());
  hold.cseq = 6;
  wire.say(kPhone, kPbx, hold);
  const auto held = wire.say(kPbx, kPhone, reply(hold, "200 OK"));
  ASSERT_THAT(kinds(held), ElementsAre("hold_started"));
  EXPECT_EQ(field(held[0], "channel"), agent_id);
  EXPECT_EQ(field(held[0], "linked"), caller_id);
  Words back = within(agent, "UPDATE", 7, true);
  back.body = kSdp;
  wire.say(kPhone, kPbx, back);
  EXPECT_THAT(kinds(wire.say(kPbx, kPhone, reply(back, "200 OK"))), ElementsAre("hold_ended"));
}

TEST_F(SipDialogsTest, tells_a_blind_transfer_when_it_is_accepted) {
  talk();
  Words refer = within(agent, "REFER", 5, true);
  refer.more = "Refer-To: <sip:1009@pbx>\r\n";
  wire.say(kPhone, kPbx, refer);
  const auto told = wire.say(kPbx, kPhone, reply(refer, "202 Accepted"));
  ASSERT_THAT(kinds(told), ElementsAre("transferred"));
  EXPECT_EQ(field(told[0], "transferer"), agent_id);
  EXPECT_EQ(field(told[0], "transferee"), caller_id);
  EXPECT_EQ(field(told[0], "extension"), "1009");
}

TEST_F(SipDialogsTest, joins_the_consulted_colleague_to_the_caller) {
  talk();
  const Words consult = invite("k1", "<sip:1007@192.0.2.1>;tag=k", "1008"),
              colleague = invite("b1", "<sip:1007@192.0.2.1>;tag=b", "1008");
  wire.say(kPhone, kPbx, consult);
  const std::string b = field(wire.say(kPbx, kOther, colleague).at(0), "channel");
  wire.say(kOther, kPbx, reply(colleague, "200 OK"));
  wire.say(kPbx, kPhone, reply(consult, "200 OK"));
  Words refer = within(agent, "REFER", 5, true);
  refer.more = "Refer-To: <sip:1008@pbx?Replaces=k1%3Bto-tag%3Dt1%3Bfrom-tag%3Dk>\r\n";
  wire.say(kPhone, kPbx, refer);
  const auto told = wire.say(kPbx, kPhone, reply(refer, "202 Accepted"));
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(field(told[0], "kind"), "1") << "attended";
  EXPECT_EQ(field(told[0], "target"), b);
  EXPECT_EQ(field(told.back(), "channel"), b);
  EXPECT_EQ(field(told.back(), "bridge"), caller_id);
  const auto left = wire.say(kPhone, kPbx, within(agent, "BYE", 6, true));
  EXPECT_THAT(kinds(left), ElementsAre("hangup_requested", "bridge_left", "channel_ended"))
      << "the caller is not alone: the colleague is there";
}

TEST_F(SipDialogsTest, lets_an_invite_with_replaces_take_the_place) {
  talk();
  Words pickup = invite("r1", "<sip:1008@192.0.2.1>;tag=r", "1008");
  pickup.more = "Replaces: a1;to-tag=t1;from-tag=p1\r\n";
  const auto begun = wire.say(kOther, kPbx, pickup);
  EXPECT_EQ(field(begun.at(0), "linked"), caller_id);
  EXPECT_THAT(kinds(wire.say(kPbx, kOther, reply(pickup, "200 OK"))), ElementsAre("channel_state", "bridge_entered"));
}

TEST_F(SipDialogsTest, ignores_the_bye_of_a_fork_that_was_not_answered) {
  ring();
  wire.say(kPhone, kPbx, reply(agent, "200 OK", "one"));
  wire.say(kPhone, kPbx, reply(agent, "200 OK", "two"));
  EXPECT_THAT(wire.say(kPbx, kPhone, within(agent, "BYE", 2, false, "two")), IsEmpty());
  EXPECT_FALSE(wire.say(kPbx, kPhone, within(agent, "BYE", 2, false, "one")).empty());
}

TEST_F(SipDialogsTest, follows_a_proxy_hop_silently_but_a_registered_phone_behind_it) {
  const Endpoint proxy = kPbx, next = end_of(2);
  wire.say(kTrunk, proxy, caller);
  EXPECT_THAT(wire.say(proxy, next, caller), IsEmpty()) << "the same dialog on its next hop";
  Words registered{.start = "SIP/2.0 200 OK",
                   .from = "<sip:1007@p>;tag=1",
                   .to = "<sip:1007@p>;tag=2",
                   .method = "REGISTER",
                   .more = "Contact: <sip:1007@192.0.2.17>\r\n"};
  wire.say(proxy, kPhone, registered);
  const auto rung = wire.say(proxy, kPhone, caller);
  ASSERT_THAT(kinds(rung), ElementsAre("channel_started"));
  EXPECT_EQ(field(rung[0], "device"), "SIP/1007");
  EXPECT_EQ(field(rung[0], "context"), kPhoneContext);
}

TEST_F(SipDialogsTest, joins_legs_by_the_header_that_the_pbx_writes) {
  const std::string id = field(wire.say(kTrunk, kPbx, caller).at(0), "channel");
  wire.say(kTrunk, kPbx, invite("c2", "<sip:+4930999@provider>;tag=f2"));
  Words rung = invite("a9", "<sip:+4930999@192.0.2.1>;tag=p", "1007");
  rung.more = "X-CID: c1\r\n";
  EXPECT_EQ(field(wire.say(kPbx, kPhone, rung).at(0), "linked"), id) << "the header is trusted more than the number";
  EXPECT_EQ(wire.feed.counts().by_header, 1u);
}

TEST_F(SipDialogsTest, guesses_the_longest_waiting_only_where_no_numbers_are_passed) {
  const std::string first = field(wire.say(kTrunk, kPbx, caller).at(0), "channel");
  wire.say(kTrunk, kPbx, invite("c2", "<sip:+4930999@provider>;tag=f2"));
  const Words hidden = invite("h1", "<sip:queue@192.0.2.1>;tag=h", "1007");
  EXPECT_EQ(field(wire.say(kPbx, kPhone, hidden).at(0), "linked"), first);
  EXPECT_EQ(wire.feed.counts().guessed, 1u);
  const Words out = invite("o1", "<sip:company@192.0.2.1>;tag=o", "0049401");
  const auto own = wire.say(kPbx, kTrunk, out);
  EXPECT_EQ(field(own.at(0), "linked"), field(own.at(0), "channel") + "-alone")
      << "a call to the provider answers nobody";
}

TEST_F(SipDialogsTest, joins_a_phones_own_call_to_its_way_out_by_what_was_dialled) {
  const Words own = invite("o1", "<sip:1007@192.0.2.1>;tag=o", "0401234567"),
              out = invite("w1", "<sip:+4930555000@192.0.2.1>;tag=w", "+49401234567");
  const std::string id = field(wire.say(kPhone, kPbx, own).at(0), "channel");
  EXPECT_EQ(field(wire.say(kPbx, kTrunk, out).at(0), "linked"), id);
}

TEST_F(SipDialogsTest, learns_which_end_is_the_pbx) {
  wire = Wire(std::vector<Endpoint>());
  wire.say(kTrunk, kPbx, caller);
  wire.say(kPbx, kPhone, agent);
  EXPECT_EQ(wire.feed.counts().by_number, 1u);
  const auto other = wire.say(kPbx, kOther, invite("a2", agent.from, "1008"));
  EXPECT_EQ(field(other.at(0), "device"), "SIP/192.0.2.18");
}

TEST_F(SipDialogsTest, passes_over_calls_that_do_not_touch_the_told_pbx) {
  EXPECT_THAT(wire.say(kPhone, kOther, caller), IsEmpty());
  EXPECT_EQ(wire.feed.counts().foreign, 1u);
}

TEST_F(SipDialogsTest, gives_up_what_ended_unseen_and_forgets_it) {
  wire.say(kTrunk, kPbx, caller);
  const auto lost = wire.wait(std::chrono::seconds(41));
  ASSERT_THAT(kinds(lost), ElementsAre("channel_ended"));
  EXPECT_EQ(field(lost[0], "cause"), "102");
  EXPECT_EQ(wire.feed.counts().given_up, 1u);
  EXPECT_EQ(wire.feed.calls(), 1u) << "repetitions are still known";
  wire.wait(std::chrono::seconds(41));
  EXPECT_EQ(wire.feed.calls(), 0u);
}

TEST_F(SipDialogsTest, keeps_a_talk_as_long_as_its_session_timer_says) {
  wire.say(kTrunk, kPbx, caller);
  Words ok = reply(caller, "200 OK");
  ok.more = "Session-Expires: 1800;refresher=uac\r\n";
  wire.say(kPbx, kTrunk, ok);
  EXPECT_THAT(wire.wait(std::chrono::seconds(1'850)), IsEmpty());
  EXPECT_THAT(kinds(wire.wait(std::chrono::seconds(20))), ElementsAre("channel_ended"));
}

TEST_F(SipDialogsTest, is_bounded_and_counts_what_it_turns_away) {
  for (size_t i = 0; i < SipDialogs::kMaxCalls + 5; ++i) wire.say(kTrunk, kPbx, invite("flood" + std::to_string(i)));
  EXPECT_EQ(wire.feed.calls(), SipDialogs::kMaxCalls);
  EXPECT_EQ(wire.feed.counts().refused, 5u);
  wire.wait(std::chrono::seconds(41)), wire.wait(std::chrono::seconds(41));
  EXPECT_EQ(wire.feed.calls(), 0u);
}

TEST_F(SipDialogsTest, counts_talks_whose_beginning_was_not_seen) {
  EXPECT_THAT(wire.say(kTrunk, kPbx, within(caller, "BYE", 2, false)), IsEmpty());
  EXPECT_EQ(wire.feed.counts().unknown, 1u);
  EXPECT_THAT(wire.say(kTrunk, kPbx, std::string("INVITE nonsense SIP/2.0\r\n\r\n")), IsEmpty());
  EXPECT_EQ(wire.feed.counts().malformed, 1u);
}

}  // namespace
}  // namespace hf::pbx
