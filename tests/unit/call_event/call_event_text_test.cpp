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

TEST(CallEventText, refuses_an_unknown_kind_and_an_enum_out_of_range) {
  EXPECT_FALSE(from_text("1795306282.123456 queue_invented"));
  EXPECT_FALSE(from_text("1795306282.123456 member_state state=9"));
  EXPECT_FALSE(from_text("yesterday queue_joined"));
}

}  // namespace
}  // namespace hf::pbx
