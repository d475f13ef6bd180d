#include "agent/detect/load_watch.hpp"

#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

// Days of a queue played through the tracker: a call every `gap` seconds from 0 to `until`, each talk `talk` s long.
class Days {
 public:
  Floor floor;
  void members(int n) {
    for (int i = 1; i <= std::max(n, now_); ++i) {
      const std::string phone = "PJSIP/" + std::to_string(i);
      if (i <= n && i > now_) floor.agent("support", phone);
      if (i > n && i <= now_) floor.remove("support", phone);
    }
    now_ = n;
  }
  void hours(double from, double until, double gap, double talk) {
    for (double t = from; t < until; t += 5) {
      floor.at(t);
      for (auto b = busy_.begin(); b != busy_.end();) {
        if (b->second.first > t) {
          ++b;
          continue;
        }
        floor.done(b->second.second, "support", b->first);
        b = busy_.erase(b);
      }
      for (next_ = std::max(next_, from); next_ <= t; next_ += gap) {
        const std::string id = "n" + std::to_string(++calls_);
        floor.arrive(id, "5550101"), floor.join(id, "support");
        waiting_.push_back(id);
      }
      for (int i = 1; i <= now_ && !waiting_.empty(); ++i) {
        const std::string phone = "PJSIP/" + std::to_string(i);
        if (busy_.contains(phone)) continue;
        floor.connect(waiting_.front(), "support", phone);
        busy_[phone] = {t + talk * (0.5 + (calls_ + i) % 5 * 0.25), waiting_.front()};
        waiting_.erase(waiting_.begin());
      }
    }
  }

 private:
  int now_ = 0, calls_ = 0;
  double next_ = 0;
  std::map<std::string, std::pair<double, std::string>> busy_;
  std::vector<std::string> waiting_;
};

constexpr double kHour = 3600, kDay = 86400;

TEST(LoadWatch, members_who_leave_are_told_with_their_number) {
  Days days;
  for (int week = 0; week < 4; ++week) {
    days.members(8);
    days.hours(week * 7 * kDay, week * 7 * kDay + (week < 3 ? 6 : 4) * kHour, 30, 180);
  }
  days.members(3);
  days.hours(21 * kDay + 4 * kHour, 21 * kDay + 6 * kHour, 30, 180);
  const auto news = days.floor.of(FindingKind::news, "missing_agents");
  ASSERT_GE(news.size(), 1U);
  EXPECT_EQ(news.front().queue, "support");
  EXPECT_NEAR(news.front().values.at("at_work"), 3, 0.01);
  EXPECT_NEAR(news.front().values.at("expected"), 8, 0.5);
  EXPECT_TRUE(days.floor.of(FindingKind::news, "arrival_surge").empty());
  EXPECT_TRUE(days.floor.held_lines().empty());
}

TEST(LoadWatch, the_end_of_the_talk_is_the_agents_own_not_the_calls) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  floor.calls(5, 0, "5550101", "support", "PJSIP/1001");
  floor.at(400);
  const QueueLoad* load = floor.detector.load_watch().queue("support");
  ASSERT_NE(load, nullptr);
  EXPECT_EQ(load->talks().open(), 0U);
}

TEST(LoadWatch, a_caller_queued_again_is_no_new_caller) {
  Floor floor;
  floor.agents("support", 1001, 1001);
  floor.at(0), floor.arrive("a", "5550101"), floor.join("a", "support");
  for (int i = 1; i < 5; ++i) {
    floor.at(20 * i), floor.time_out("a", "support");
    floor.at(20 * i + 1), floor.join("a", "support");
  }
  floor.at(180);
  const QueueLoad* load = floor.detector.load_watch().queue("support");
  ASSERT_NE(load, nullptr);
  EXPECT_EQ(load->arrivals_seen(), 1U);
}

TEST(LoadWatch, a_gap_forgets_the_minutes_before_it) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  floor.calls(5, 0, "5550101", "support", "PJSIP/1001");
  const QueueLoad* load = floor.detector.load_watch().queue("support");
  ASSERT_NE(load, nullptr);
  EXPECT_GT(load->minutes().size(), 0U);
  floor.on(pbx::SourceDown{"cut"});
  EXPECT_EQ(load->minutes().size(), 0U);
}

}  // namespace
}  // namespace hf::detect
