// A hold before the queue, found from what an Asterisk wrote into its tables long ago: CEL and CDR alone, no manager stream, no agents' states.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core_loop.hpp"
#include "hal/pbx/recorded/open_capture.hpp"
#include "policy_truth.hpp"

namespace hf {
namespace {

const std::string kCaptures = std::string(HF_SOURCE_DIR) + "/tests/golden/captures/";

struct Told {
  std::vector<incidents::Incident> holds;
  bool agent_state = true;
};
Told told_by(const std::string& run, const std::vector<std::string>& files) {
  std::vector<std::filesystem::path> paths;
  for (const std::string& file : files) paths.emplace_back(kCaptures + run + "/" + file);
  auto reader = pbx::open_captures(paths, SipKey{});
  EXPECT_TRUE(reader) << reader.error().what;
  auto loop = std::make_unique<CoreLoop>();
  for (pbx::Batch batch; reader && (*reader)->next(batch);)
    for (const pbx::CallEvent& event : batch.events) loop->on(event);
  Told told;
  told.agent_state = loop->tracker.source().agent_state;
  for (const auto& [id, incident] : loop->incidents)
    if (incident.kind == incidents::Kind::artificial_hold) told.holds.push_back(incident);
  return told;
}

class HeldHistory : public testing::TestWithParam<std::string> {};

TEST_P(HeldHistory, of_cel_and_cdr_shows_the_hold_with_lines_wait_and_onset) {
  const auto truth = golden::read_policy_truth(kCaptures + GetParam());
  const Told told = told_by(GetParam(), {"cel.csv.gz", "cdr.csv.gz"});
  ASSERT_EQ(told.holds.size(), 1u);
  const incidents::Incident& i = told.holds.front();
  std::vector<std::string> lines;
  for (const auto& [line, arrivals] : truth.held) lines.push_back(line);
  EXPECT_THAT(i.lines, testing::UnorderedElementsAreArray(lines));
  EXPECT_NEAR(seconds(*i.imposed_wait), 900, 3);
  EXPECT_LE(i.onset_low, *truth.began);
  EXPECT_GE(i.onset_high + std::chrono::milliseconds(50), truth.first_held());
  EXPECT_FALSE(told.agent_state);
  EXPECT_FALSE(i.avoidable) << "nobody tells who was free: unknown, not zero";
  fmt::print("{}: first signal {:.0f} s after the first held caller came, without agents' states\n", GetParam(), seconds(i.signalled - truth.first_held()));
}
INSTANTIATE_TEST_SUITE_P(Recorded, HeldHistory, testing::Values("asterisk-16.28/hp-prequeue", "asterisk-22.10/hp-prequeue"),
                         [](const auto& run) { return run.param.find("16") != std::string::npos ? "asterisk_16" : "asterisk_22"; });

TEST(History, of_an_honest_day_or_a_restart_shows_no_hold) {
  for (const char* run : {"asterisk-16.28/normal-plain", "asterisk-22.10/restart"})
    for (const auto& files : std::vector<std::vector<std::string>>{{"cel.csv.gz"}, {"cdr.csv.gz", "queue_log"}, {"cel.csv.gz", "cdr.csv.gz", "queue_log"}})
      EXPECT_EQ(told_by(run, files).holds.size(), 0u) << run << ": " << files.front();
}

}  // namespace
}  // namespace hf
