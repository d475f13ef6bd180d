// A child writes, the parent kills it at random moments: after each kill every acknowledged entry is there, once, under the same epoch.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "agent/journal/journal.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::journal {
namespace {

// A day passes every few hundred entries, so that midnights are hit as well.
class FastClock final : public Clock {
 public:
  explicit FastClock(uint64_t entries = 0) : entries_(entries) {}
  Time now() const override { return std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + std::chrono::minutes(5) * static_cast<int64_t>(entries_); }
  SteadyTime steady() const override { return {}; }
  uint64_t entries_;
};

// The child: never returns. Each acknowledged sequence goes to the parent, after it was acknowledged.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, int pipe, uint64_t seed) {
  FastClock clock;
  SeededRandom random(seed);
  auto opened = Journal::open(folder, clock, random);
  if (!opened) ::_exit(3);
  uint64_t next = opened->last_sequence() + 1;
  for (;;) {
    std::vector<Entry> batch;
    for (uint64_t n = 1 + random.next() % 7; n > 0; --n) {
      clock.entries_ = next;
      batch.push_back({0, clock.now(), "call_event", "body " + std::to_string(next++)});
    }
    const auto last = opened->append(batch);
    if (!last || *last != next - 1) ::_exit(4);
    if (random.next() % 50 == 0) (void)opened->save_snapshot(*last, "core", std::string(5000, 's'));
    if (::write(pipe, &*last, sizeof *last) != sizeof *last) ::_exit(5);
  }
}

// Runs the child until it acknowledged `entries` more, kills it, returns the last sequence it had acknowledged.
uint64_t run_and_kill(const std::filesystem::path& folder, uint64_t seed, int acknowledgements) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    write_until_killed(folder, ends[1], seed);
  }
  ::close(ends[1]);
  uint64_t last = 0, told = 0;
  for (int i = 0; i < acknowledgements && ::read(ends[0], &told, sizeof told) == sizeof told; ++i) last = told;
  ::kill(child, SIGKILL);
  while (::read(ends[0], &told, sizeof told) == sizeof told) last = told;  // what it had said before it died
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
  return last;
}

TEST(Kill, at_random_moments_loses_nothing_acknowledged) {
  const uint64_t seed = std::random_device{}();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  const bool full = std::getenv("HF_FULL") != nullptr && std::string_view(std::getenv("HF_FULL")) == "1";
  const int kills = full ? 200 : 60;
  SeededRandom random(seed);
  const test::TempFolder temp;
  const auto folder = temp / "journal";
  uint64_t epoch = 0;
  for (int round = 0; round < kills; ++round) {
    const uint64_t acknowledged = run_and_kill(folder, random.next(), 1 + static_cast<int>(random.next() % 20));
    FastClock clock(acknowledged);
    auto journal = Journal::open(folder, clock, random);
    ASSERT_TRUE(journal) << journal.error().what;
    ASSERT_TRUE(journal->report().losses.empty()) << to_text(journal->report().losses.front());
    ASSERT_GE(journal->last_sequence(), acknowledged) << "kill " << round;
    ASSERT_LE(journal->last_sequence(), acknowledged + 7) << "kill " << round;
    uint64_t expected = 0;
    ASSERT_TRUE(journal->read(1, UINT64_MAX, [&](const EntryView& e) {
      ++expected;
      ASSERT_EQ(e.sequence, expected);
      ASSERT_EQ(e.body, "body " + std::to_string(expected));
    }));
    ASSERT_EQ(expected, journal->last_sequence());
    if (round == 0) epoch = journal->epoch();
    ASSERT_EQ(journal->epoch(), epoch) << "kill " << round;
    ASSERT_LE(journal->latest_snapshot("core").value_or(Snapshot{}).sequence, journal->last_sequence());
    ASSERT_TRUE(journal->report().messages.empty()) << journal->report().messages.front();
  }
}

}  // namespace
}  // namespace hf::journal
