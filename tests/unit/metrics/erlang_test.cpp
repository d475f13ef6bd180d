// The wait that a queue should have, against published and hand-made figures.
#include "agent/metrics/erlang.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace hf::metrics {
namespace {

struct Row {
  double per_hour;
  uint32_t members;
  double waits, abandons, wait_s;
};

class ErlangTable : public testing::TestWithParam<Row> {};

// Talks of 190 s, patience of 986 s.
INSTANTIATE_TEST_SUITE_P(Rows, ErlangTable,
                         testing::Values(Row{30, 2, .58, .106, 104}, Row{30, 3, .25, .025, 25},
                                         Row{30, 4, .08, .006, 5.7}, Row{300, 14, .92, .131, 129},
                                         Row{300, 16, .69, .057, 56}, Row{300, 18, .42, .022, 21},
                                         Row{300, 20, .22, .008, 7.6}));

TEST_P(ErlangTable, agrees_with_the_table) {
  const Row& row = GetParam();
  const auto got = erlang_a(row.per_hour, 190, row.members, 986);
  ASSERT_TRUE(got);
  EXPECT_NEAR(got->waits, row.waits, 0.006);
  EXPECT_NEAR(got->abandons, row.abandons, 0.0006);
  EXPECT_NEAR(got->wait_s, row.wait_s, row.wait_s < 10 ? 0.06 : 0.6);
}

TEST(Erlang, agrees_with_the_published_example_of_fifty_agents) {
  const auto got = erlang_a(48 * 60, 60, 50, 120);
  ASSERT_TRUE(got);
  EXPECT_NEAR(got->wait_s, 3.7, 0.05);
  EXPECT_NEAR(got->abandons, 0.031, 0.0005);
}

TEST(Erlang, is_erlang_c_where_nobody_hangs_up) {
  const double patient = std::numeric_limits<double>::infinity();
  const auto got = erlang_a(300, 190, 18, patient);
  ASSERT_TRUE(got);
  EXPECT_NEAR(got->waits, 0.50, 0.006);
  EXPECT_NEAR(got->wait_s, 44, 0.6);
  EXPECT_EQ(got->abandons, 0);
  EXPECT_FALSE(erlang_a(300, 190, 14, patient)) << "more calls than they can take: the queue grows for ever";
}

TEST(Erlang, one_agent_and_one_talk_at_a_time_by_hand) {
  // a = 1, patience = talk: p_k = 1 / k! / e, so P(W > 0) = 1 - 1/e and E[Q] = 1 - (1 - 1/e).
  const auto got = erlang_a(60, 60, 1, 60);
  ASSERT_TRUE(got);
  EXPECT_NEAR(got->waits, 1 - std::exp(-1), 1e-9);
  EXPECT_NEAR(got->abandons, std::exp(-1), 1e-9);
}

TEST(Erlang, has_no_answer_for_an_empty_floor_or_a_silent_queue) {
  EXPECT_FALSE(erlang_a(30, 190, 0, 986));
  EXPECT_FALSE(erlang_a(0, 190, 2, 986));
  EXPECT_FALSE(erlang_a(30, std::nan(""), 2, 986));
  EXPECT_FALSE(erlang_a(30, 190, 2, -1));
}

TEST(Erlang, a_huge_floor_costs_no_more_than_a_moment) {
  const auto got = erlang_a(1e6, 300, 80'000, 600);
  ASSERT_TRUE(got);
  EXPECT_GT(got->waits, 0.9);
  EXPECT_NEAR(got->abandons, 1 - 80'000 / (1e6 / 3600 * 300), 1e-3);
}

}  // namespace
}  // namespace hf::metrics
