// A real Asterisk with a dialplan in FreePBX's shape (README.md): every caller as the load driver knows him, agents by their hints, once.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <map>
#include <set>

#include "agent/core/core.hpp"
#include "hal/pbx/input_file.hpp"
#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/recorded/open_capture.hpp"

namespace hf {
namespace {

const std::string kFolder = HF_SOURCE_DIR "/tests/golden/freepbx";

struct Caller {
  std::string line;
  pbx::CallerKey key = 0;
  Time dialled{};
  bool by_caller = false, ended = false;  // not ended: cut by the end of the recording
};
struct Truth {
  std::vector<Caller> callers;
  Time began{}, withdrawn{};
};

Truth read_truth() {
  auto file = pbx::InputFile::open(kFolder + "/truth.json");
  std::string text, line;
  while ((*file)->line(line).value_or(false)) text += line;
  const auto json = boost::json::parse(text);
  Truth truth;
  truth.began = from_unix_seconds(json.at("began").to_number<double>()), truth.withdrawn = from_unix_seconds(json.at("withdrawn").to_number<double>());
  for (const auto& c : json.at("calls").as_array()) {
    if (c.at("set_up").is_null()) continue;
    truth.callers.push_back({std::string(c.at("did").as_string()), pbx::caller_key(SipKey{}, std::string_view(c.at("number").as_string())),
                             from_unix_seconds(c.at("dialled").to_number<double>()), c.at("by_caller").as_bool(), !c.at("ended").is_null()});
  }
  return truth;
}

class FreePbx : public testing::Test {
 protected:
  void SetUp() override {
    auto reader = pbx::open_capture(kFolder, SipKey{});
    ASSERT_TRUE(reader) << reader.error().what;
    app::CoreOutput out;
    for (pbx::Batch batch; (*reader)->next(batch);)
      for (const pbx::CallEvent& event : batch.events) core_->on(event, out), take(out);
    for (const auto& [id, call] : core_->pbx().tracker().open_calls()) calls_.push_back(call);
  }
  void take(app::CoreOutput& out) {
    for (auto& call : out.ended) calls_.push_back(std::move(call));
    for (auto& interval : out.agents) agents_[interval.agent].insert(interval.queue);
    for (auto& step : out.steps)
      for (auto& incident : step.incidents) incidents_.insert_or_assign(incident.id, std::move(incident));
    out.clear();
  }
  const std::unique_ptr<app::Core> core_ = std::make_unique<app::Core>(0);
  std::vector<calls::Call> calls_;
  std::map<std::string, std::set<std::string>> agents_;
  std::map<std::string, incidents::Incident> incidents_;
};

TEST_F(FreePbx, shows_every_caller_once_on_the_line_that_he_dialled) {
  const Truth truth = read_truth();
  EXPECT_EQ(calls_.size(), truth.callers.size());
  EXPECT_GT(truth.callers.size(), 40u);
  for (const Caller& caller : truth.callers) {
    const auto same = [&](const calls::Call& c) { return c.caller == caller.key; };
    ASSERT_EQ(std::ranges::count_if(calls_, same), 1) << caller.line;
    const calls::Call& call = *std::ranges::find_if(calls_, same);
    EXPECT_EQ(call.line, caller.line);
    EXPECT_NEAR(seconds(call.arrived - caller.dialled), 0, 1.0);
    EXPECT_EQ(call.outcome != calls::Outcome::open, caller.ended) << call.id;
    if (caller.by_caller && !call.connected) {
      EXPECT_EQ(call.outcome, calls::Outcome::abandoned) << call.id;
    }
  }
}

TEST_F(FreePbx, knows_agents_behind_local_channels_by_their_hint_and_never_twice) {
  for (const auto& [agent, queues] : agents_) EXPECT_FALSE(agent.starts_with("Local/") && !queues.contains("")) << agent << " is the way to an agent, not one";
  for (const char* extension : {"1001", "1002", "1003"}) EXPECT_THAT(agents_[fmt::format("hint:{}@ext-local", extension)], testing::Contains("600"));
  for (const char* extension : {"1004", "1005"}) EXPECT_THAT(agents_[fmt::format("hint:{}@ext-local", extension)], testing::Contains("601"));
  EXPECT_TRUE(core_->pbx().tracker().source().agent_state);
}

TEST_F(FreePbx, counts_a_ring_group_as_answered_without_a_queue) {
  size_t answered = 0;
  for (const calls::Call& call : calls_) {
    if (call.line != "5550103") continue;
    EXPECT_TRUE(call.stints.empty()) << call.id;
    answered += call.connected ? 1 : 0;
  }
  EXPECT_GT(answered, 3u);
}

TEST_F(FreePbx, names_the_hold_before_the_queue_and_its_line_alone) {
  const Truth truth = read_truth();
  std::vector<incidents::Incident> holds;
  for (const auto& [id, incident] : incidents_)
    if (incident.kind == incidents::Kind::artificial_hold) holds.push_back(incident);
  ASSERT_EQ(holds.size(), 1u);
  const incidents::Incident& hold = holds.front();
  EXPECT_THAT(hold.lines, testing::ElementsAre("5550101"));
  EXPECT_GE(hold.signalled, truth.began);
  EXPECT_LE(hold.signalled - truth.began, std::chrono::seconds(180));
  ASSERT_TRUE(hold.imposed_wait);
  EXPECT_NEAR(seconds(*hold.imposed_wait), 90, 3);
  fmt::print("told {:.0f} s after the hold was laid on\n", seconds(hold.signalled - truth.began));
}

}  // namespace
}  // namespace hf
