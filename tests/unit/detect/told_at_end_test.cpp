// A classic PBX prints a call when it is over: no live caller, no agent, no queue is ever seen. What can still be told, and what must not.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "agent/detect/detector.hpp"

namespace hf::detect {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Time kStart{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + hours(8)};

struct Record {
  Time end{};
  pbx::CallRecorded call;
};

// Thirty callers an hour from eight to sixteen; `wait` says how long each waits, from its arrival. Records come in the order of their ends.
std::vector<Record> day(unsigned seed, const std::function<Duration(Time, std::mt19937&)>& wait) {
  std::mt19937 random(seed);
  std::exponential_distribution<double> gap(1.0 / 120), talk(1.0 / 180), patience(1.0 / 1'500);
  std::vector<Record> records;
  for (Time at = kStart; at < kStart + hours(8); at += seconds(1 + static_cast<int>(gap(random)))) {
    Record r;
    const Duration due = wait(at, random), gives_up = seconds(static_cast<int>(patience(random)));
    r.call.call = "c" + std::to_string(records.size()), r.call.line = "0800", r.call.answered = due <= gives_up;
    r.call.wait = std::min(due, gives_up);
    if (r.call.answered) r.call.talk = seconds(20 + static_cast<int>(talk(random))), r.call.device = "E20" + std::to_string(random() % 5);
    r.end = at + r.call.wait + r.call.talk;
    records.push_back(std::move(r));
  }
  std::ranges::sort(records, {}, &Record::end);
  return records;
}

struct Named {
  std::string kind;
  Time at{};
};

std::optional<Named> first_news(const std::vector<Record>& records) {
  calls::Tracker tracker;
  Detector detector;
  std::vector<Finding> found;
  std::vector<calls::Change> changes;
  const auto take = [&](const pbx::CallEvent& event) {
    detector.advance(event.at, tracker, found);
    changes.clear();
    tracker.on(event, changes);
    detector.on(changes, tracker, found);
  };
  take({kStart, {}, pbx::SourceUp{"SMDR", false, false, false, true}});
  for (const Record& r : records) take({r.end, {}, r.call});
  detector.advance(kStart + hours(10), tracker, found);
  for (const Finding& f : found)
    if (f.kind == FindingKind::news) return Named{f.signal, f.at};
  return std::nullopt;
}

Duration ordinary(std::mt19937& random) { return seconds(4 + static_cast<int>(std::exponential_distribution<double>(1.0 / 25)(random))); }

class ToldAtEnd : public testing::TestWithParam<unsigned> {};

TEST_P(ToldAtEnd, names_a_constant_wait_soon_after_the_first_answers) {
  const Time onset = kStart + hours(3);
  const auto named = first_news(day(GetParam(), [&](Time at, std::mt19937& random) { return at < onset ? ordinary(random) : Duration(seconds(899 + random() % 3)); }));
  ASSERT_TRUE(named);
  EXPECT_EQ(named->kind, "constant_wait");
  EXPECT_GT(named->at, onset + minutes(15));
  EXPECT_LT(named->at, onset + hours(1)) << "five answers, each told when its talk is over";
}

TEST_P(ToldAtEnd, says_nothing_of_an_ordinary_day) {
  EXPECT_FALSE(first_news(day(GetParam(), [](Time, std::mt19937& random) { return ordinary(random); })));
}

TEST_P(ToldAtEnd, does_not_take_an_overload_for_a_hold) {
  const auto named = first_news(day(GetParam(), [](Time at, std::mt19937& random) {
    const bool busy = at > kStart + hours(3);
    return busy ? Duration(seconds(200 + random() % 900)) : ordinary(random);
  }));
  EXPECT_NE(named.value_or(Named{}).kind, "constant_wait");
}

// Four signs hold 9'59 and no more: whatever lasted longer looks the same.
TEST_P(ToldAtEnd, does_not_take_a_full_column_for_a_constant_wait) {
  auto records = day(GetParam(), [](Time at, std::mt19937& random) { return at > kStart + hours(3) ? Duration(seconds(500 + random() % 900)) : ordinary(random); });
  for (Record& r : records)
    if (r.call.wait >= seconds(599)) r.call.wait = seconds(599), r.call.wait_cut = true;
  const auto named = first_news(records);
  EXPECT_NE(named.value_or(Named{}).kind, "constant_wait");
}

INSTANTIATE_TEST_SUITE_P(Seeds, ToldAtEnd, testing::Values(1u, 2u, 3u, 4u, 5u));

}  // namespace
}  // namespace hf::detect
