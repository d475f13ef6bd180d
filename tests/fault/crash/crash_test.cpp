// 200 kills at random moments over a simulated day with an artificial hold in it. What is there in the end (core state, minutes, calls,
// incidents, outbox bodies) must equal, byte for byte, what one uninterrupted run leaves.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <random>
#include <thread>

#include "agent/app/engine.hpp"
#include "agent/app/outlets.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using test::ManualClock;
using test::TempFolder;

constexpr int kKills = 200;
constexpr unsigned kMostTurns = 5;  // of the loop, which a life is let make before its kill is due
// A kill may come late on a busy machine: a life stands still so many turns after it was due, or the day would be over before the last kill.
constexpr unsigned kLate = 4;
constexpr int kTurns = 8 * kKills;  // of the loop in an uninterrupted run, about; the lives make at most (kMostTurns / 2 + kLate) * kKills

// Both journals get the same epoch, which goes into the incidents' ids.
struct SameRandom final : Random {
  std::mt19937 engine{20'261'126};
  void fill(std::span<std::byte> out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(engine());
  }
};

std::vector<pbx::CallEvent> day_of_events() {
  pbx::SimOptions options;
  options.seed = 7;
  options.scenario = pbx::SimScenario::hp_prequeue;
  options.withdraw_after = std::chrono::hours(1);
  // From noon to noon, so that the journal turns to a new day among the kills.
  const Time start = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + std::chrono::hours(12), live = start + std::chrono::hours(2);
  pbx::SimModel model(options, start, live);
  std::vector<pbx::CallEvent> events;
  while (auto event = model.next(start + std::chrono::hours(24))) events.push_back(std::move(*event));
  return events;
}

std::string everything(const Engine& engine, store::Store& store, store::Outbox& outbox) {
  Saver all;
  all.put(engine.core().save());
  for (const auto scope : {metrics::Scope::queue, metrics::Scope::line}) {
    const auto ids = store.ids(scope).value();
    for (const auto& id : ids) all.put(store.minutes({scope, id, Time{}, Time(std::chrono::hours(24 * 365 * 80))}).value());
  }
  all.put(store.calls({Time{}, Time(std::chrono::hours(24 * 365 * 80)), std::nullopt, 1'000'000}).value());
  all.put(store.incidents({false, std::nullopt, std::nullopt, 10'000}).value());
  auto messages = outbox.list(std::nullopt, 1'000'000).value();
  for (const auto& message : messages) all.put(message.sequence), all.put(outbox.message(message.sequence).value().body);
  return std::move(all.bytes);
}

// A batch only after the loop has done with the one before: the inbox would else gather thousands, and a kill find few
// moments. Each turn of the loop is allowed by the parent and told to it, so that it can choose its moment.
void feed(Inbox& inbox, const std::vector<pbx::CallEvent>& events, size_t next, unsigned seed, int parent) {
  std::mt19937 chance(seed);
  const size_t most = 2 * events.size() / kTurns;
  char allowed = 0;
  while (next < events.size() && ::read(parent, &allowed, 1) == 1) {
    const size_t end = std::min(events.size(), next + 1 + chance() % most);
    inbox.door().on({events.begin() + static_cast<std::ptrdiff_t>(next), events.begin() + static_cast<std::ptrdiff_t>(end)}, std::to_string(end));
    const auto done = std::make_shared<std::promise<void>>();
    if (!inbox.post([done] { done->set_value(); })) break;
    done->get_future().wait();
    next = end;
    if (::write(parent, &next, sizeof next) != sizeof next) break;
  }
  inbox.close();
}

// One life: recovers, feeds the events that the journal does not hold yet, and, if it is let live, writes everything to `result`.
int live(const Path& folder, const std::vector<pbx::CallEvent>& events, unsigned seed, int parent, const Path& result) {
  ManualClock clock;
  SameRandom random;
  auto journal = journal::Journal::open(folder / "journal", clock, random);
  auto store = store::Store::open(folder / "derived.db");
  auto outgoing = sync::Outgoing::open(folder / "outbox.db", wire::SiteKey{1, 2, 3}, random, Time{});
  if (!journal || !store || !outgoing) return 2;
  auto store_outlet = StoreOutlet::open(*store, journal->epoch(), journal->last_sequence());
  if (!store_outlet) return 3;
  OutboxOutlet outbox_outlet(*outgoing, journal->epoch());
  const auto cursor = journal->cursor("pbx").value();
  const size_t next = cursor ? std::stoul(*cursor) : 0;
  Inbox inbox;
  Engine engine(std::move(*journal), clock, inbox, {&*store_outlet, &outbox_outlet}, {false, 1'000, std::chrono::hours(24), std::chrono::milliseconds(250)});
  if (!engine.recover()) return 4;
  std::thread feeder([&] { feed(inbox, events, next, seed, parent); });
  const auto done = engine.run();
  feeder.join();
  if (!done) return 5;
  std::ofstream(result, std::ios::binary) << everything(engine, *store, outgoing->outbox());
  return 0;
}

struct Child {
  pid_t pid;
  int end;  // of the line to it: a byte out allows a turn, a size_t in tells that one was made
};

void allow(const Child& child, unsigned turns) {
  const std::string bytes(turns, '.');
  [[maybe_unused]] const auto written = ::send(child.end, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

Child start(const Path& folder, const std::vector<pbx::CallEvent>& events, unsigned seed, const Path& result) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("socketpair");
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    ::_exit(live(folder, events, seed, ends[1], result));
  }
  ::close(ends[1]);
  return {pid, ends[0]};
}

// Waits for so many turns of the child (0 = kills it while it starts), then for `spin` rounds of an idle loop, and kills it.
// False: it ended by itself.
bool kill_after(const Child& child, unsigned turns, unsigned spin) {
  allow(child, turns + kLate);
  for (size_t reached = 0; turns > 0 && ::read(child.end, &reached, sizeof reached) == sizeof reached; --turns) {
  }
  for (std::atomic<unsigned> i = 0; i < spin; ++i) {
  }
  ::kill(child.pid, SIGKILL);
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  ::close(child.end);
  return WIFSIGNALED(status);
}

// Lets it live to its end; its exit status.
int let_live(const Child& child) {
  size_t reached = 0;
  do allow(child, 1);
  while (::read(child.end, &reached, sizeof reached) > 0);
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  ::close(child.end);
  return status;
}

std::string bytes_of(const Path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Crash, two_hundred_kills_change_nothing) {
  const char* given = std::getenv("HF_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  std::mt19937 chance(seed);
  const auto events = day_of_events();
  ASSERT_GT(events.size(), 20'000u);
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "whole"), std::filesystem::create_directories(folder.path() / "killed");

  ASSERT_EQ(let_live(start(folder.path() / "whole", events, seed, folder.path() / "whole.bytes")), 0);

  int kills = 0;
  while (kills < kKills) {
    const Child child = start(folder.path() / "killed", events, static_cast<unsigned>(chance()), folder.path() / "killed.bytes");
    const unsigned turns = static_cast<unsigned>(chance() % (kMostTurns + 1));
    if (!kill_after(child, turns, static_cast<unsigned>(chance() % 5'000'000))) break;
    ++kills;
  }
  std::printf("seed %u, %zu events, %d kills\n", seed, events.size(), kills);
  EXPECT_EQ(kills, kKills) << "a life ended before its kill";

  ASSERT_EQ(let_live(start(folder.path() / "killed", events, seed + 1, folder.path() / "killed.bytes")), 0);
  const std::string expected = bytes_of(folder.path() / "whole.bytes"), found = bytes_of(folder.path() / "killed.bytes");
  ASSERT_FALSE(expected.empty());
  EXPECT_TRUE(expected == found) << "after " << kills << " kills the results differ; HF_SEED=" << seed << " chooses the same batches";
}

}  // namespace
}  // namespace hf::app
