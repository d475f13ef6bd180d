// Chains and shares on recordings of a real PBX, through the whole core.
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/incidents/why_words.hpp"
#include "agent/tool/replay.hpp"

namespace hf::app {
namespace {

History history(const std::string& capture) {
  auto read = replay({std::string(HF_SOURCE_DIR) + "/tests/golden/captures/" + capture}, SipKey{}, calls::SiteModel{});
  EXPECT_TRUE(read) << read.error().what;
  return read ? std::move(*read) : History{};
}

double share(const incidents::Shares& shares, incidents::Factor factor) {
  for (const auto& part : shares.parts) {
    if (part.factor == factor) return part.share;
  }
  return 0;
}

class Held : public testing::TestWithParam<const char*> {};

TEST_P(Held, the_extra_wait_is_told_as_avoidable) {
  const History seen = history(GetParam());
  ASSERT_EQ(seen.incidents.size(), 1u);
  const incidents::Incident& i = seen.incidents[0];
  ASSERT_TRUE(i.shares);
  if (i.onset_low - seen.first < std::chrono::minutes(10)) {
    EXPECT_EQ(i.shares->state, incidents::SharesState::too_few) << "nothing usual can be known";
    return;
  }
  EXPECT_EQ(i.shares->state, incidents::SharesState::told) << shares_words(*i.shares, incidents::Language::en);
  EXPECT_GT(share(*i.shares, incidents::Factor::avoidable), 0.8);
}

TEST_P(Held, the_chain_is_in_order_from_onset_through_signals_to_the_end) {
  const History seen = history(GetParam());
  ASSERT_EQ(seen.incidents.size(), 1u);
  const auto& chain = seen.incidents[0].chain;
  ASSERT_GE(chain.size(), 4u);
  EXPECT_TRUE(std::ranges::is_sorted(chain, {}, &incidents::Evidence::at));
  const auto place = [&](const char* id) {
    return std::ranges::find(chain, id, &incidents::Evidence::template_id) - chain.begin();
  };
  EXPECT_LT(place("chain_onset"), place("held_beside_free"));
  EXPECT_LT(place("held_beside_free"), place("constant_wait"));
  EXPECT_EQ(chain.back().template_id, "chain_closed");
}
INSTANTIATE_TEST_SUITE_P(Recorded, Held,
                         testing::Values("asterisk-16.28/hp-prequeue", "asterisk-16.28/hp-holdqueue-300",
                                         "asterisk-22.10/hp-prequeue"));

TEST(Replay, the_same_recording_gives_the_same_words) {
  const History once = history("asterisk-22.10/hp-prequeue"), again = history("asterisk-22.10/hp-prequeue");
  ASSERT_EQ(once.incidents.size(), again.incidents.size());
  EXPECT_EQ(to_bytes(once.incidents), to_bytes(again.incidents));
}

}  // namespace
}  // namespace hf::app
