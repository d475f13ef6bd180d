#include "hal/pbx/survey_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/survey_words.hpp"
#include "hal/pbx/wall_time.hpp"

namespace hf::pbx {

namespace {

enum Column : size_t { kTime, kQueue, kQuestion, kScore, kScale, kCall, kColumns };
constexpr std::array<std::string_view, kColumns> kNames{"time", "queue", "question", "score", "scale", "call"};
constexpr size_t kAbsent = SIZE_MAX, kMaxFields = 64;

std::string_view next_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The fields of one line. A quoted one may hold the separator; a doubled quote in it is one quote.
std::vector<std::string> fields_of(std::string_view line, char separator) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') fields.back() += line[++i];
    else if (c == '"') quoted = !quoted;
    else if (c == separator && !quoted && fields.size() < kMaxFields) fields.emplace_back();
    else fields.back() += c;
  }
  return fields;
}

std::string lowered(std::string text) {
  std::erase(text, ' ');
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

struct Head {
  char separator = ',';
  std::array<size_t, kColumns> at{};
};

Result<Head> read_head(std::string_view line) {
  Head head;
  const auto times = [line](char c) { return std::ranges::count(line, c); };
  for (const char c : {';', '\t'})
    if (times(c) > times(head.separator)) head.separator = c;
  const auto names = fields_of(line, head.separator);
  for (size_t c = 0; c < kColumns; ++c) {
    const auto found = std::ranges::find_if(names, [c](const std::string& name) { return lowered(name) == kNames[c]; });
    head.at[c] = found == names.end() ? kAbsent : static_cast<size_t>(found - names.begin());
  }
  for (const Column c : {kTime, kQuestion, kScore})
    if (head.at[c] == kAbsent) return fail(ErrorKind::invalid_input, fmt::format("line 1: no column \"{}\"; the first line must name the columns", kNames[c]));
  if (head.at[kQueue] == kAbsent && head.at[kCall] == kAbsent) return fail(ErrorKind::invalid_input, "line 1: neither a column \"queue\" nor \"call\"");
  return head;
}

Result<SurveyAnswered> read_answer(const Head& head, std::string_view line, const TimeZone& zone) {
  const auto fields = fields_of(line, head.separator);
  const auto field = [&](Column c) { return head.at[c] < fields.size() ? std::string_view(fields[head.at[c]]) : std::string_view{}; };
  SurveyAnswered answer = survey_answer(field(kQuestion), field(kScore), field(kScale));
  answer.answered_at = wall_time(field(kTime), zone);
  if (!answer.answered_at) return fail(ErrorKind::invalid_input, fmt::format("\"{}\" is no time", clean_text(field(kTime).substr(0, 40))));
  if (answer.question == SurveyQuestion::untold) return fail(ErrorKind::invalid_input, "the question must be csat, nps or ces");
  answer.queue = clean_text(field(kQueue)), answer.channel = clean_text(field(kCall));
  if (answer.queue.empty() && answer.channel.empty()) return fail(ErrorKind::invalid_input, "neither a queue nor a call");
  return answer;
}

}  // namespace

Result<SurveyFile> read_survey_csv(std::string_view text, const TimeZone& zone) {
  if (text.size() > SurveyFile::kMaxBytes) return fail(ErrorKind::invalid_input, "more than 2 MiB: cut the file in pieces");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // as spreadsheets write it
  const auto head = read_head(next_line(text));
  if (!head) return fail(head.error());
  SurveyFile file;
  for (size_t number = 2; !text.empty(); ++number) {
    const std::string_view line = next_line(text);
    if (line.find_first_not_of(" \t;,") == line.npos) continue;
    auto answer = read_answer(*head, line, zone);
    if (answer) {
      file.answers.push_back(std::move(*answer));
      continue;
    }
    ++file.refused_in_all;
    if (file.refused.size() < SurveyFile::kMaxTold) file.refused.emplace_back(number, std::move(answer.error().what));
  }
  return file;
}

}  // namespace hf::pbx
