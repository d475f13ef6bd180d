// Surveys, listening and coverage, asked of an engine that runs on its own thread.
#include "agent/app/source_tools.hpp"
#include "agent/app/survey_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/app/outlets.hpp"
#include "agent/settings/smdr_template.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

struct Quiet : pbx::PbxSource {
  pbx::Description describe() const override { return {.kind = "ami", .address = "pbx:5038"}; }
  Status run(pbx::EventSink&, pbx::Cursor) override { return {}; }
  void stop() override {}
  pbx::SourceHealth health() const override { return {}; }
};

class Tools : public ::testing::Test {
 protected:
  Tools() {
    auto journal = journal::Journal::open(folder_ / "journal", clock_, random_);
    store_.emplace(std::move(*store::Store::open(folder_ / "derived.db")));
    outlet_.emplace(std::move(*StoreOutlet::open(*store_, journal->epoch(), journal->last_sequence())));
    EngineOptions options;
    options.live = false, options.gather = 0ms;
    engine_ = std::make_unique<Engine>(std::move(*journal), clock_, inbox_, std::vector<Outlet*>{&*outlet_}, options);
    EXPECT_TRUE(engine_->recover());
    sources_.push_back({"", {}, false, {}, std::make_unique<pbx::Listener>(&inbox_.door())});
    sources_[0].source.source = std::make_unique<Quiet>();
    tools_ = std::make_unique<AppTools>(ToolParts{*engine_, inbox_, *store_, sources_, clock_, folder_.path()});
    loop_ = std::thread([this] { EXPECT_TRUE(engine_->run()); });
  }
  ~Tools() override {
    inbox_.close();
    loop_.join();
  }
  void tell(pbx::CallEventBody body) {
    sources_[0].heard->on({{clock_.now(), {}, std::move(body)}}, {});
    settle();
  }
  // Until the loop has taken what stands before.
  void settle() { (void)on_loop(inbox_, [] { return true; }); (void)on_loop(inbox_, [] { return true; }); }

  std::string csv(int answers) const {
    std::string text = "time,queue,question,score,scale\n";
    for (int i = 0; i < answers; ++i) text += std::to_string(static_cast<int64_t>(unix_seconds(clock_.now())) - 60 - i) + ",sales,nps," + (i % 4 == 0 ? "3" : "10") + ",0-10\n";
    return text;
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{1};
  Inbox inbox_;
  std::vector<NamedSource> sources_;
  std::optional<store::Store> store_;
  std::optional<StoreOutlet> outlet_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<AppTools> tools_;
  std::thread loop_;
};

TEST_F(Tools, a_file_of_answers_becomes_figures_and_is_taken_once) {
  tell(pbx::SourceUp{"Asterisk", true, true, true});
  const auto taken = tools_->import_surveys(csv(40) + "never,sales,nps,3,0-10\n1772409600,sales,nps,99,0-10\n");
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(taken->accepted, 41u);
  EXPECT_EQ(taken->bad, 1u);
  EXPECT_EQ(taken->refused_in_all, 1u);
  settle();
  const auto report = tools_->surveys(clock_.now() - 24h, clock_.now() + 1h);
  ASSERT_TRUE(report);
  ASSERT_THAT(report->rows, SizeIs(2));
  EXPECT_EQ(report->rows[0].sum.bad, 1u) << "what is off the scale stands apart";
  EXPECT_EQ(report->rows[1].sum.answers, 40u);
  EXPECT_EQ(metrics::figures(report->rows[1].sum).nps, 50.0);
  const auto again = tools_->import_surveys(csv(40) + "never,sales,nps,3,0-10\n1772409600,sales,nps,99,0-10\n");
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().what, HasSubstr("taken before"));
}

TEST_F(Tools, a_file_that_is_none_changes_nothing) {
  tell(pbx::SourceUp{"Asterisk", true, true, true});
  EXPECT_EQ(tools_->import_surveys("hello").error().kind, ErrorKind::invalid_input);
  EXPECT_TRUE(tools_->import_surveys(csv(3))) << "the good file after it is not refused";
}

TEST_F(Tools, a_file_in_the_folder_is_taken_as_one_from_the_page) {
  tell(pbx::SourceUp{"Asterisk", true, true, true});
  const Path folder = folder_ / kSurveyFolder;
  take_survey_files(folder, *tools_);  // there is none yet
  ASSERT_TRUE(make_folder(folder, 0700));
  ASSERT_TRUE(write_file(folder / "good.csv", csv(20) + "never,sales,nps,3,0-10\n"));
  ASSERT_TRUE(write_file(folder / "none.csv", "hello"));
  ASSERT_TRUE(write_file(folder / "half.csv.part", csv(3)));
  std::filesystem::create_directory(folder / "zone.csv");
  take_survey_files(folder, *tools_);
  settle();
  EXPECT_THAT(*read_file(folder / "good.csv.told", 4096), AllOf(HasSubstr("taken: 20 answers"), HasSubstr("line 22: ")));
  EXPECT_THAT(*read_file(folder / "none.csv.told", 4096), HasSubstr("refused: "));
  EXPECT_FALSE(std::filesystem::exists(folder / "zone.csv.told")) << "a folder of that name is no file";
  EXPECT_FALSE(std::filesystem::exists(folder / "good.csv"));
  EXPECT_TRUE(std::filesystem::exists(folder / "half.csv.part")) << "what is still being written is let be";
  EXPECT_EQ(tools_->surveys(clock_.now() - 24h, clock_.now() + 1h)->rows.at(0).sum.answers, 20u);
}

TEST_F(Tools, how_calls_sounded_is_told_by_queue) {
  tell(pbx::SourceUp{"SIP", true, false, false});
  pbx::VoiceHeard voice;
  voice.channel = "1", voice.reports = 3, voice.loss_ppm = 50'000, voice.mos_lq = 393;
  tell(voice);
  voice.mos_lq = 300;
  tell(voice);
  settle();
  const auto report = tools_->voice(clock_.now() - 24h, clock_.now() + 1h);
  ASSERT_TRUE(report) << report.error().what;
  ASSERT_THAT(report->rows, SizeIs(1));
  EXPECT_EQ(report->rows[0].first.id, "") << "no queue was told";
  EXPECT_EQ(report->rows[0].second.listeners, 2u);
  EXPECT_EQ(report->rows[0].second.poor, 1u);
}

TEST_F(Tools, coverage_counts_surveys_once_an_answer_has_come) {
  EXPECT_FALSE(tools_->coverage().heard);
  tell(pbx::SourceUp{"Asterisk", true, true, true});
  EXPECT_TRUE(tools_->coverage().heard);
  EXPECT_FALSE(tools_->coverage().surveys);
  tell(pbx::SurveyAnswered{"", "sales", pbx::SurveyQuestion::csat, 9, 1, 5, {}});
  EXPECT_FALSE(tools_->coverage().surveys) << "off its scale: no answer";
  tell(pbx::SurveyAnswered{"", "sales", pbx::SurveyQuestion::csat, 4, 1, 5, {}});
  EXPECT_TRUE(tools_->coverage().surveys);
}

TEST_F(Tools, listening_shows_what_came_while_it_lasted) {
  EXPECT_FALSE(tools_->listening().at(0).from);
  ASSERT_TRUE(tools_->listen(60s));
  EXPECT_TRUE(tools_->listening().at(0).listening);
  tell(pbx::SourceUp{"Asterisk", true, true, true});
  const auto heard = tools_->listening().at(0);
  ASSERT_THAT(heard.heard, SizeIs(1));
  EXPECT_EQ(heard.heard[0].kind, "source_up");
  EXPECT_FALSE(heard.missing.empty());
}

TEST_F(Tools, proposes_a_template_that_can_be_loaded) {
  tell(pbx::SourceUp{"Asterisk", true, true, true});
  std::string lines;
  for (int i = 10; i < 40; ++i) lines += "2026-03-02 10:" + std::to_string(i) + ":00;0:00:07;0:04:" + std::to_string(i) + ";+4917012345" + std::to_string(i) + ";20" + std::to_string(i % 5) + "\n";
  const auto view = tools_->propose_smdr(lines);
  ASSERT_TRUE(view) << view.error().what;
  EXPECT_THAT(view->lines, SizeIs(30));
  const auto how = settings::parse_smdr_template(view->toml, "proposed.toml");
  EXPECT_TRUE(how) << how.error().what;
}

}  // namespace
}  // namespace hf::app
