// What IT does with sources beside watching them: listens for a minute, sees what can be known from them, lets a template be proposed, and
// brings in answers to surveys; and how calls sounded. As plain values; the app implements it. Called as Backend is.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/metrics/survey_sum.hpp"
#include "agent/metrics/voice_sum.hpp"
#include "agent/web/backend.hpp"

namespace hf::web {

struct SurveyRow {
  Named queue;  // id empty: no queue was told
  metrics::SurveySum sum;
};

struct SurveyReport {
  std::vector<SurveyRow> rows;  // by queue, question and scale
  uint64_t too_old = 0;         // answers refused since the journal began: their quarter is no longer kept
};

struct VoiceReport {
  std::vector<std::pair<Named, metrics::VoiceSum>> rows;  // by queue; id empty: no queue was told
  uint64_t too_old = 0;
};

struct SurveyImport {
  size_t accepted = 0, bad = 0, refused_in_all = 0;      // bad: taken, off their scale, and only counted
  std::vector<std::pair<size_t, std::string>> refused;  // line, what is wrong; the first of them
};

struct CoverageView {
  bool heard = false;  // a source has said what it can tell
  pbx::SourceUp told;
  bool surveys = false;
};

struct ListenView {
  struct Heard {
    std::string kind;
    uint64_t count = 0;
    std::vector<std::string> examples;  // masked
  };
  std::string name;  // of the source
  bool listening = false;
  std::optional<Time> from;  // unset: nobody has listened yet
  Duration listened{};
  std::vector<Heard> heard;
  std::optional<Duration> clock_ahead;
  std::vector<std::pair<std::string, std::string>> missing;  // kind of event, id of the likely reason
};

struct SmdrLineView {
  std::string line, verdict, problem;  // verdict: record, passed_over, malformed
  std::optional<Time> start, end;
  std::optional<Duration> ring, talk, total;
  std::string dialled, device, call;
  bool caller = false, answered = false;
};

struct SmdrView {
  std::string toml;
  std::vector<std::string> doubts;
  std::vector<SmdrLineView> lines;
};

class SourceTools {
 public:
  virtual ~SourceTools() = default;
  virtual Result<SurveyReport> surveys(Time from, Time to) = 0;
  // invalid_input: no table, or a file that was taken before; busy: the journal cannot be written now.
  virtual Result<SurveyImport> import_surveys(std::string_view csv) = 0;
  virtual Result<VoiceReport> voice(Time from, Time to) = 0;
  virtual CoverageView coverage() = 0;
  virtual Status listen(std::chrono::seconds length) = 0;  // at all sources; begins anew
  virtual std::vector<ListenView> listening() = 0;
  virtual Result<SmdrView> propose_smdr(std::string_view lines) = 0;
};

}  // namespace hf::web
