#include "tests/unit/notify/sample.hpp"

namespace hf::notify {
namespace {

using namespace std::chrono_literals;

struct DeliveriesTest : testing::Test {
  // Attempts what is due now, all with the same result; the news of each in order.
  std::vector<News> attempt(const Attempt& result) {
    std::vector<News> news;
    while (const auto next = queue.due(now)) {
      news.push_back(next->news);
      queue.attempted(next->id, result, now);
    }
    return news;
  }
  SeededRandom random{static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed())};
  Deliveries queue{random};
  Time now = sample().signalled;
};

TEST_F(DeliveriesTest, an_incident_is_told_when_it_opens_changes_and_closes_and_not_otherwise) {
  auto incident = sample();
  EXPECT_TRUE(queue.tell(incident, false, now));
  EXPECT_FALSE(queue.tell(incident, false, now));
  ++incident.affected_calls;
  EXPECT_FALSE(queue.tell(incident, false, now));
  incident.imposed_wait = 900s;
  EXPECT_TRUE(queue.tell(incident, false, now));
  incident.closed = now;
  EXPECT_TRUE(queue.tell(incident, false, now));
  EXPECT_FALSE(queue.tell(incident, false, now));
  EXPECT_EQ(attempt(200U), (std::vector{News::opened, News::changed, News::closed}));
}

TEST_F(DeliveriesTest, an_incident_that_is_first_heard_of_closed_is_told_once) {
  auto incident = sample();
  incident.closed = now;
  EXPECT_TRUE(queue.tell(incident, false, now));
  EXPECT_EQ(attempt(200U), std::vector{News::closed});
}

TEST_F(DeliveriesTest, a_delivery_keeps_when_and_how_it_ended) {
  queue.tell(sample(), false, now);
  now += 2s;
  attempt(204U);
  const auto done = queue.newest(1).at(0);
  EXPECT_EQ(done.state, DeliveryState::delivered);
  EXPECT_EQ(done.delivered, now);
  EXPECT_EQ(done.status, 204U);
  EXPECT_EQ(done.attempts, 1U);
  EXPECT_FALSE(queue.next_due());
}

TEST_F(DeliveriesTest, a_failure_is_tried_again_later_and_later_with_some_chance) {
  queue.tell(sample(), false, now);
  std::vector<double> pauses;
  for (int i = 0; i < 10; ++i) {
    attempt(fail(ErrorKind::io, "no route"));
    const auto next = *queue.next_due();
    pauses.push_back(seconds(next - now));
    EXPECT_FALSE(queue.due(next - 1us));
    now = next;
  }
  const std::vector<double> whole = {5, 10, 20, 40, 80, 160, 320, 640, 900, 900};
  for (size_t i = 0; i < whole.size(); ++i) {
    EXPECT_GE(pauses[i], whole[i] * 0.75) << i;
    EXPECT_LE(pauses[i], whole[i] * 1.25) << i;
  }
  EXPECT_NE(pauses[8], pauses[9]) << "two boxes that fail together must not knock together";
}

TEST_F(DeliveriesTest, gives_up_after_a_day_and_says_so) {
  queue.tell(sample(), false, now);
  const Time first = now;
  while (queue.next_due()) now = std::max(now, *queue.next_due()), attempt(503U);
  EXPECT_GE(now - first, 24h);
  EXPECT_LT(now - first, 25h);
  const auto last = queue.newest(1).at(0);
  EXPECT_EQ(last.state, DeliveryState::given_up);
  EXPECT_EQ(last.what, "answered with status 503");
}

TEST_F(DeliveriesTest, a_redirect_is_a_failure_that_names_the_remedy) {
  queue.tell(sample(), false, now);
  attempt(302U);
  const auto last = queue.newest(1).at(0);
  EXPECT_EQ(last.state, DeliveryState::waiting);
  EXPECT_NE(last.what.find("final address"), std::string::npos) << last.what;
}

TEST_F(DeliveriesTest, the_end_of_an_incident_never_overtakes_its_beginning) {
  auto incident = sample();
  queue.tell(incident, false, now);
  attempt(fail(ErrorKind::timed_out, ""));
  incident.closed = now;
  queue.tell(incident, false, now);
  EXPECT_FALSE(queue.due(now)) << "its beginning waits for its next attempt";
  auto other = sample();
  other.id = "ffffffffffffffff";
  queue.tell(other, false, now);
  EXPECT_EQ(queue.due(now)->incident, other.id) << "another incident does not wait for it";
  attempt(200U);
  now += 10s;
  EXPECT_EQ(attempt(200U), (std::vector{News::opened, News::closed}));
}

TEST_F(DeliveriesTest, a_test_is_tried_once) {
  const auto id = queue.test(now);
  attempt(500U);
  EXPECT_EQ(queue.newest(1).at(0).id, id);
  EXPECT_EQ(queue.newest(1).at(0).state, DeliveryState::given_up);
}

TEST_F(DeliveriesTest, holds_a_bounded_number_and_the_oldest_gives_way) {
  for (int i = 0; i < 700; ++i) {
    auto incident = sample();
    incident.id = std::to_string(i);
    queue.tell(incident, false, now);
  }
  const auto all = queue.newest(10'000);
  EXPECT_EQ(all.size(), Deliveries::kMaxKept);
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const Delivery& d) { return d.state == DeliveryState::waiting; }), Deliveries::kMaxWaiting);
  EXPECT_EQ(all.front().incident, "699");
  EXPECT_EQ(all.back().state, DeliveryState::given_up);
}

TEST_F(DeliveriesTest, come_back_from_their_text) {
  auto incident = sample();
  incident.imposed_wait = 900s;
  queue.tell(incident, true, now);
  attempt(fail(ErrorKind::io, "no route"));
  queue.test(now);
  Deliveries back(random);
  ASSERT_TRUE(back.load(queue.save()));
  EXPECT_EQ(back.save(), queue.save());
  EXPECT_FALSE(back.tell(incident, true, now)) << "it must not be told twice";
  EXPECT_EQ(back.next_due(), queue.next_due());
}

TEST_F(DeliveriesTest, refuse_text_that_is_not_theirs) {
  queue.tell(sample(), false, now);
  const std::string good = queue.save();
  for (size_t n = 0; n < good.size(); n += 7) EXPECT_FALSE(Deliveries(random).load(good.substr(0, n))) << n;
  std::string bad = good;
  bad.replace(bad.find("opened"), 6, "burned");
  Deliveries other(random);
  EXPECT_FALSE(other.load(bad));
  EXPECT_TRUE(other.newest(1).empty()) << "nothing half loaded";
}

TEST_F(DeliveriesTest, that_wait_lose_their_numbers_when_it_decides_so) {
  queue.tell(sample(), true, now);
  ASSERT_NE(queue.due(now)->body.find("4951234567"), std::string::npos);
  queue.drop_numbers();
  EXPECT_EQ(queue.due(now)->body.find("4951234567"), std::string::npos);
  EXPECT_NE(queue.due(now)->body.find("Support"), std::string::npos);
}

}  // namespace
}  // namespace hf::notify
