// The page for a pilot: the site's own figures beside what we would have told, from a real Asterisk's tables of a quarter of an hour's hold.
#include "agent/tool/report_page.hpp"

#include <gmock/gmock.h>

#include "agent/tool/queue_report.hpp"

namespace hf::app {
namespace {

using testing::HasSubstr;
using testing::Not;

Time at(int seconds) { return Time(std::chrono::seconds(1'700'000'000 + seconds)); }

calls::Call call(const std::string& queue, int arrived, int joined, std::optional<int> connected, calls::StintEnd end) {
  calls::Call c;
  c.line = "5550100", c.arrived = at(arrived), c.outcome = connected ? calls::Outcome::answered : calls::Outcome::abandoned;
  if (connected) c.connected = at(*connected);
  if (!queue.empty()) c.stints.push_back({queue, at(joined), at(connected.value_or(joined + 60)), end});
  return c;
}

TEST(QueueReport, counts_as_the_usual_report_does_and_never_the_time_before_the_queue) {
  const std::vector<calls::Call> calls{call("support", 0, 900, 905, calls::StintEnd::answered), call("support", 10, 910, 935, calls::StintEnd::answered),
                                       call("support", 20, 920, {}, calls::StintEnd::abandoned), call("sales", 30, 930, {}, calls::StintEnd::timeout),
                                       call("", 40, 0, {}, calls::StintEnd::waiting)};
  const auto report = queue_report(calls, {at(0), at(2000)}, {});
  ASSERT_EQ(report.size(), 3u);
  EXPECT_EQ(report[0].offered, 4u);
  const QueueFigures& support = report[2];
  EXPECT_EQ(support.queue, "support");
  EXPECT_EQ(support.offered, 3u);
  EXPECT_EQ(support.answered, 2u);
  EXPECT_EQ(support.abandoned, 1u);
  EXPECT_EQ(support.asa(), std::chrono::seconds(15));
  EXPECT_NEAR(*support.service_level(), 1.0 / 3, 1e-9);
  EXPECT_EQ(report[1].other, 1u);
  EXPECT_FALSE(report[1].asa()) << "nobody was answered: no wait, not a wait of zero";
  const CallerFigures callers = caller_figures(calls, {at(0), at(2000)}, {"5550100"});
  EXPECT_EQ(callers.callers, 5u);
  EXPECT_EQ(callers.left, 3u);
  EXPECT_EQ(callers.left_before_queue, 1u);
  EXPECT_EQ(callers.mean(), std::chrono::seconds(915));
  EXPECT_EQ(callers.within, 0u);
}

std::vector<std::filesystem::path> tables() {
  const std::string folder = HF_SOURCE_DIR "/tests/golden/captures/asterisk-16.28/hp-prequeue/";
  return {folder + "cel.csv.gz", folder + "cdr.csv.gz", folder + "queue_log"};
}

TEST(ReportPage, sets_the_good_figures_of_the_queue_beside_the_hold_that_they_hide) {
  const auto history = replay(tables(), SipKey{}, calls::SiteModel{});
  ASSERT_TRUE(history) << history.error().what;
  const std::string page = report_page(*history, incidents::Language::en);
  EXPECT_THAT(page, HasSubstr("<td>support</td><td>39</td><td>39</td><td>0</td><td>0</td><td>5 s</td><td>97 %</td>"));
  EXPECT_THAT(page, HasSubstr("<dt>Began (estimated)</dt><dd>2026-11-22 00:23:42</dd>"));
  EXPECT_THAT(page, HasSubstr("20 min 28 s after the onset (Time-to-Signal)"));
  EXPECT_THAT(page, HasSubstr("15 min for each of 36 callers"));
  EXPECT_THAT(page, HasSubstr("unknown: these records do not tell which agents were free"));
  EXPECT_THAT(page, HasSubstr("16 callers waited 900 ± 1 s (15 min) beyond the usual"));
  EXPECT_THAT(page, HasSubstr("<polyline"));
}

TEST(ReportPage, needs_nothing_but_itself) {
  const auto history = replay(tables(), SipKey{}, calls::SiteModel{});
  ASSERT_TRUE(history);
  const std::string page = report_page(*history, incidents::Language::ru);
  EXPECT_THAT(page, HasSubstr("<html lang=\"ru\">"));
  EXPECT_THAT(page, HasSubstr("Что показал ваш собственный отчёт"));
  for (const char* outside : {"http://", "https://", "<script", "src=", "url(", "<link"}) EXPECT_THAT(page, Not(HasSubstr(outside)));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(ReportPage, shows_names_of_the_pbx_as_text_and_says_when_there_is_nothing_to_tell) {
  History history;
  history.first = at(0), history.last = at(10);
  history.calls.push_back(call("<b>&\"", 0, 1, 2, calls::StintEnd::answered));
  history.warnings.push_back("a\x01 <script>");
  const std::string page = report_page(history, incidents::Language::en);
  EXPECT_THAT(page, HasSubstr("<td>&lt;b&gt;&amp;&quot;</td>"));
  EXPECT_THAT(page, HasSubstr("a &lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("Nothing. In this time no incident would have been raised."));
}

}  // namespace
}  // namespace hf::app
