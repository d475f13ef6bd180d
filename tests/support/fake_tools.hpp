// Source tools for tests of the page: what is asked for is kept, what is answered never changes.
#pragma once

#include "agent/web/source_tools.hpp"

namespace hf::test {

class FakeTools final : public web::SourceTools {
 public:
  Result<web::SurveyReport> surveys(Time from, Time) override {
    metrics::SurveySum nps;
    nps.queue = "sales", nps.start = from, nps.question = pbx::SurveyQuestion::nps, nps.high = 10;
    nps.answers = 40, nps.sum = 320, nps.top = 20, nps.bottom = 10;
    metrics::SurveySum few = nps;
    few.question = pbx::SurveyQuestion::csat, few.low = 1, few.high = 5, few.answers = 3, few.sum = 12, few.bad = 2;
    return web::SurveyReport{{{{"sales", "Sales"}, nps}, {{"sales", "Sales"}, few}}, 7};
  }
  Result<web::SurveyImport> import_surveys(std::string_view csv) override {
    if (csv.find("time") == csv.npos) return fail(ErrorKind::invalid_input, "line 1: no column \"time\"");
    imported = csv;
    return web::SurveyImport{12, 1, 1, {{4, "\"never\" is no time"}}};
  }
  Result<web::VoiceReport> voice(Time from, Time) override {
    metrics::VoiceSum sum;
    sum.queue = "sales", sum.start = from, sum.listeners = 4, sum.poor = 1, sum.loss_ppm = 80'000, sum.jitter = std::chrono::milliseconds(12);
    sum.mos_lq = 1'640, sum.worst_mos_lq = 352;
    return web::VoiceReport{{{{"sales", "Sales"}, sum}, {{}, {}}}, 3};
  }
  web::CoverageView coverage() override {
    pbx::SourceUp told;
    told.product = "Asterisk 16.28", told.channel_events = told.agent_state = true;
    return {true, told, false};
  }
  Status listen(std::chrono::seconds length) override {
    listened = length;
    return {};
  }
  std::vector<web::ListenView> listening() override {
    web::ListenView view;
    view.name = "pbx";
    view.listening = listened > std::chrono::seconds(0), view.from = Time(std::chrono::hours(490'000)), view.listened = std::chrono::seconds(12);
    view.heard = {{"queue_joined", 3, {"1764000000.000000 queue_joined channel=1.0 queue=sales"}}};
    view.clock_ahead = std::chrono::milliseconds(-1500);
    view.missing = {{"channel_step", "ami_dialplan_class"}};
    return {view};
  }
  Result<web::SmdrView> propose_smdr(std::string_view lines) override {
    if (lines == "hello") return fail(ErrorKind::invalid_input, "none of these lines looks like a call record");
    web::SmdrLineView line;
    line.line = lines, line.verdict = "record", line.ring = std::chrono::seconds(9), line.device = "201", line.caller = true;
    return web::SmdrView{"[template]\nid = \"proposed\"\n", {"few_lines"}, {line}};
  }

  std::string imported;
  std::chrono::seconds listened{0};
};

}  // namespace hf::test
