// Members who leave together, against the coming and going of every day.
#include "agent/detect/departures.hpp"

#include <gtest/gtest.h>

namespace hf::detect {
namespace {

Time at(double s) { return from_unix_seconds(1'790'000'000 + s); }

// A week's work of eight: breaks of one, and twice a day two go at once.
double work(Departures& d) {
  double t = 0;
  for (int i = 0; i < 40'000; ++i, t += 5) d.count(at(t), i % 3000 < 60 ? 6 : i % 50 < 10 ? 7 : 8, true);
  return t + 600;
}

TEST(Departures, most_members_who_leave_at_once_are_worth_more_than_breaks) {
  Departures d;
  const double t = work(d);
  d.count(at(t), 8, true), d.count(at(t + 5), 7, true);
  EXPECT_EQ(d.nats(at(t + 6)), 0) << "one goes to lunch";
  d.count(at(t + 10), 1, true);
  EXPECT_GT(d.nats(at(t + 11)), 6);
}

TEST(Departures, what_happens_every_day_says_little) {
  Departures closing;
  double t = 0;
  for (int day = 0; day < 30; ++day, t += 43'200)
    for (int i = 0; i < 400; ++i) closing.count(at(t + 5 * i), i < 360 ? 8 : 1, true);
  closing.count(at(t), 8, true), closing.count(at(t + 5), 1, true);
  EXPECT_LT(closing.nats(at(t + 6)), 3) << "closing time, with callers still there";
}

TEST(Departures, are_over_when_members_come_back_or_after_ten_minutes) {
  Departures d;
  const double t = work(d);
  d.count(at(t), 8, true), d.count(at(t + 5), 1, true);
  Departures back = d;
  back.count(at(t + 60), 6, true);
  EXPECT_EQ(back.nats(at(t + 61)), 0);
  EXPECT_GT(d.nats(at(t + 500)), 0);
  EXPECT_EQ(d.nats(at(t + 700)), 0);
}

}  // namespace
}  // namespace hf::detect
