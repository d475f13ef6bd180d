#include <gtest/gtest.h>

#include "hal/pbx/call_event.hpp"

namespace hf::pbx {
namespace {

TEST(CallEventText, comes_back_as_it_went) {
  const CallEvent event{Time(Duration(1795306282123456)), Time(Duration(1795306282000001)), QueueJoined{"1795306282.0", "sales team=1%", 1, 4}};
  const std::string text = to_text(event);
  EXPECT_EQ(text, "1795306282.123456 queue_joined pbx_at=1795306282.000001 channel=1795306282.0 queue=sales%20team%3d1%25 position=1 waiting=4");
  const auto back = from_text(text);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(to_text(*back), text);
}

TEST(CallEventText, names_the_field_it_cannot_read) {
  const auto bad = from_text("1795306282.123456 queue_joined position=many");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(bad.error().what.find("position"), std::string::npos);
}

TEST(CallEventText, keeps_every_state_and_end_of_talk) {
  for (const PbxState state : {PbxState::running, PbxState::starting, PbxState::stopping}) {
    const auto back = from_text(to_text({Time{}, {}, PbxLife{state, {}}}));
    ASSERT_TRUE(back);
    EXPECT_EQ(std::get<PbxLife>(back->body).state, state);
  }
  for (const TalkEnd end : {TalkEnd::unknown, TalkEnd::caller, TalkEnd::agent, TalkEnd::transfer}) {
    MemberDone done;
    done.end = end;
    const auto back = from_text(to_text({Time{}, {}, done}));
    ASSERT_TRUE(back);
    EXPECT_EQ(std::get<MemberDone>(back->body).end, end);
  }
}

// A default that is not zero would be left out when it is zero, and come back as the default.
template <size_t... I>
void expect_zero_defaults(std::index_sequence<I...>) {
  (([] {
     CallEvent event;
     event.body.emplace<I>();
     EXPECT_EQ(to_text(event), "0.000000 " + std::string(kind_name(event.body)));
   }()),
   ...);
}
TEST(CallEventText, has_only_defaults_that_are_zero_or_empty) { expect_zero_defaults(std::make_index_sequence<std::variant_size_v<CallEventBody>>{}); }

TEST(CallEventText, refuses_an_unknown_kind_and_an_enum_out_of_range) {
  EXPECT_TRUE(from_text("1795306282.123456 queue_joined queue=sales mood=fair")) << "a newer program may tell more";
  EXPECT_FALSE(from_text("1795306282.123456 queue_invented"));
  EXPECT_FALSE(from_text("1795306282.123456 member_state state=9"));
  EXPECT_FALSE(from_text("yesterday queue_joined"));
}

}  // namespace
}  // namespace hf::pbx
