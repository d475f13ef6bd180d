#include "hq/join.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hf::hq {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kStart = Time(seconds(1'795'687'200));

SiteIncident hold(std::string site, uint64_t id, int wait_s, minutes onset,
                  std::optional<minutes> closed = std::nullopt) {
  SiteIncident i;
  i.site = std::move(site);
  i.incident.id = wire::Id{id};
  i.incident.kind = wire::IncidentKind::artificial_hold;
  i.incident.imposed_wait = seconds(wait_s);
  i.incident.onset = i.incident.onset_low = kStart + onset;
  if (closed) i.incident.closed = kStart + *closed;
  i.incident.affected_calls = 10, i.incident.imposed = seconds(100);
  i.received = kStart + onset + minutes(5);
  return i;
}

TEST(HqIncident, is_made_of_two_sites_with_the_same_imposed_wait) {
  const auto joined =
      join_incidents({hold("paris", 2, 902, minutes(3), minutes(60)), hold("berlin", 1, 900, minutes(0), minutes(90))});
  ASSERT_EQ(joined.size(), 1U);
  const auto& one = joined[0];
  EXPECT_EQ(one.id, "berlin.0000000000000001");
  EXPECT_EQ(one.sites, (std::vector<std::string>{"berlin", "paris"}));
  EXPECT_EQ(one.members, (std::vector<Member>{{"berlin", wire::Id{1}}, {"paris", wire::Id{2}}}));
  EXPECT_EQ(one.onset, kStart);
  EXPECT_EQ(one.joined, kStart + minutes(8)) << "when HQ heard of the second site";
  EXPECT_EQ(one.closed, kStart + minutes(90));
  EXPECT_EQ(one.affected_calls, 20U);
  EXPECT_EQ(one.imposed, seconds(200));
}

TEST(HqIncident, is_none_when_the_waits_differ_by_more_than_three_seconds) {
  EXPECT_EQ(join_incidents({hold("a", 1, 900, minutes(0)), hold("b", 2, 903, minutes(0))}).size(), 1U);
  EXPECT_TRUE(join_incidents({hold("a", 1, 900, minutes(0)), hold("b", 2, 904, minutes(0))}).empty());
}

TEST(HqIncident, is_none_when_the_times_are_apart) {
  EXPECT_TRUE(join_incidents({hold("a", 1, 900, minutes(0), minutes(30)), hold("b", 2, 900, minutes(31))}).empty());
  EXPECT_EQ(join_incidents({hold("a", 1, 900, minutes(0), minutes(30)), hold("b", 2, 900, minutes(30))}).size(), 1U);
}

TEST(HqIncident, needs_two_sites_and_known_waits_of_artificial_holds) {
  EXPECT_TRUE(join_incidents({hold("a", 1, 900, minutes(0)), hold("a", 2, 900, minutes(1))}).empty());
  auto unknown = hold("b", 2, 900, minutes(0));
  unknown.incident.imposed_wait.reset();
  EXPECT_TRUE(join_incidents({hold("a", 1, 900, minutes(0)), unknown}).empty());
  auto phones = hold("b", 2, 900, minutes(0));
  phones.incident.kind = wire::IncidentKind::phones_refuse;
  EXPECT_TRUE(join_incidents({hold("a", 1, 900, minutes(0)), phones}).empty());
}

TEST(HqIncident, is_open_while_a_member_is) {
  const auto joined = join_incidents({hold("a", 1, 900, minutes(0), minutes(30)), hold("b", 2, 900, minutes(10))});
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_FALSE(joined[0].closed);
}

TEST(HqIncident, two_policies_at_once_are_two) {
  const auto joined = join_incidents({hold("a", 1, 900, minutes(0)), hold("b", 2, 314, minutes(1)),
                                      hold("c", 3, 901, minutes(2)), hold("d", 4, 313, minutes(3))});
  ASSERT_EQ(joined.size(), 2U);
  EXPECT_EQ(joined[0].sites, (std::vector<std::string>{"b", "d"})) << "newest onset first";
  EXPECT_EQ(joined[1].sites, (std::vector<std::string>{"a", "c"}));
}

TEST(HqIncident, does_not_drift_along_a_chain_of_near_waits) {
  const auto joined =
      join_incidents({hold("a", 1, 900, minutes(0)), hold("b", 2, 903, minutes(1)), hold("c", 3, 906, minutes(2))});
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_EQ(joined[0].sites, (std::vector<std::string>{"a", "b"}));
}

TEST(HqIncident, does_not_depend_on_the_order_of_arrival) {
  std::vector<SiteIncident> all;
  std::mt19937_64 chance(static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed()));
  for (uint64_t i = 0; i < 40; ++i)
    all.push_back(hold("s" + std::to_string(i % 7), i, static_cast<int>(300 + chance() % 12), minutes(chance() % 500),
                       minutes(500 + chance() % 50)));
  const auto expected = join_incidents(all);
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(all, chance);
    const auto got = join_incidents(all);
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i].members, expected[i].members);
  }
}

}  // namespace
}  // namespace hf::hq
