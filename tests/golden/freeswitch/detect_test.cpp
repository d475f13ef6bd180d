// The whole core on recordings of FreeSWITCH: the imposed wait is told in time and with the right measure, and in
// honest runs nobody is accused.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "hal/pbx/recorded/open_capture.hpp"
#include "tests/golden/detect/core_loop.hpp"
#include "tests/golden/freeswitch/truth.hpp"

namespace hf::golden {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kRuns = HF_SOURCE_DIR "/tests/golden/freeswitch/1.10.12/";

// The driver let the callers under the policy dial another extension; a policy on a real line keeps the number.
void one_line(pbx::CallEvent& event) {
  if (auto* started = std::get_if<pbx::ChannelStarted>(&event.body); started != nullptr && started->dialled == "5000")
    started->dialled = "1000";
  if (auto* seen = std::get_if<pbx::ChannelSeen>(&event.body); seen != nullptr && seen->dialled == "5000")
    seen->dialled = "1000";
}

void play(const std::string& path, bool merged, CoreLoop& loop) {
  auto reader = pbx::open_capture(kRuns + path, SipKey{});
  ASSERT_TRUE(reader) << reader.error().what;
  for (pbx::Batch batch; (*reader)->next(batch);)
    for (pbx::CallEvent& event : batch.events) {
      if (merged) one_line(event);
      loop.on(event);
    }
}

std::vector<incidents::Incident> holds(const CoreLoop& loop) {
  std::vector<incidents::Incident> some;
  for (const auto& [id, incident] : loop.incidents)
    if (incident.kind == incidents::Kind::artificial_hold) some.push_back(incident);
  return some;
}

class FreeSwitchHold : public testing::TestWithParam<bool> {};

// mod_callcenter sees a perfect queue: join to answer takes two seconds, and whoever gave up before is not in it.
TEST_P(FreeSwitchHold, before_the_queue_is_told_in_time_with_its_length) {
  CoreLoop loop;
  play("hp-prequeue", GetParam(), loop);
  const FsTruth truth = read_fs_truth(kRuns + "hp-prequeue");
  const auto found = holds(loop);
  ASSERT_THAT(found, SizeIs(1));
  const incidents::Incident& i = found.front();
  std::vector<Time> held;
  for (const FsCall& call : truth.calls)
    if (call.line == "5000") held.push_back(call.invited);
  EXPECT_THAT(i.lines, ElementsAre(GetParam() ? "1000" : "5000"));
  EXPECT_LE(seconds(i.signalled - held.at(0)), 400);
  ASSERT_TRUE(i.imposed_wait);
  EXPECT_NEAR(seconds(*i.imposed_wait), 300, 3);
  EXPECT_LE(i.onset_low, held.at(0));
  EXPECT_EQ(i.closed.has_value(), GetParam()) << "the extension of the policy has no caller after it";
  EXPECT_GT(*i.avoidable, Duration{});
  fmt::print("hp-prequeue{}: told {:+.0f} s after the first held caller, imposed wait {:+.2f} s, affected {} of {}\n",
             GetParam() ? ", one line" : "", seconds(i.signalled - held.at(0)), seconds(*i.imposed_wait) - 300,
             i.affected_calls, held.size());
}

INSTANTIATE_TEST_SUITE_P(Line, FreeSwitchHold, testing::Bool(),
                         [](const auto& line) { return line.param ? "kept" : "new"; });

class FreeSwitchHonest : public testing::TestWithParam<const char*> {};

TEST_P(FreeSwitchHonest, has_no_artificial_hold) {
  CoreLoop loop;
  play(GetParam(), false, loop);
  EXPECT_THAT(holds(loop), IsEmpty());
  for (const auto& [id, i] : loop.incidents)
    fmt::print("{}: incident of kind {}\n", GetParam(), static_cast<int>(i.kind));
}

INSTANTIATE_TEST_SUITE_P(Recorded, FreeSwitchHonest,
                         testing::Values("normal", "survey", "cancel-reasons", "restart", "reload-logs-out",
                                         "normal/esl-json.raw.gz"));

}  // namespace
}  // namespace hf::golden
