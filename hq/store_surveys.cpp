// The table of surveys: a day's sum takes the place of one that rests on fewer answers.
#include <fmt/format.h>

#include "hq/store.hpp"

namespace hf::hq {
namespace {

using sqlite::Statement;

int64_t microseconds(Time t) { return t.time_since_epoch().count(); }

pbx::SurveyQuestion question_of(int64_t stored) {
  switch (static_cast<wire::SurveyQuestion>(stored)) {
    case wire::SurveyQuestion::csat:
      return pbx::SurveyQuestion::csat;
    case wire::SurveyQuestion::nps:
      return pbx::SurveyQuestion::nps;
    case wire::SurveyQuestion::ces:
      return pbx::SurveyQuestion::ces;
  }
  return pbx::SurveyQuestion::untold;
}

metrics::SurveySum sum_of(const Statement& row) {
  metrics::SurveySum s;
  const auto count = [&row](int column) { return static_cast<uint32_t>(row.integer(column)); };
  if (const auto queue = static_cast<uint64_t>(row.integer(1)); queue != 0) s.queue = fmt::format("{:016x}", queue);
  s.start = Time(Duration(row.integer(0))), s.question = question_of(row.integer(2));
  s.low = static_cast<uint16_t>(row.integer(3)), s.high = static_cast<uint16_t>(row.integer(4));
  s.answers = count(5), s.sum = count(6), s.top = count(7), s.bottom = count(8);
  return s;
}

}  // namespace

Status Store::apply_surveys(const std::string& site, const wire::Surveys& surveys) {
  for (const auto& d : surveys.sums) {
    auto stored = db_.run(
        "INSERT INTO surveys (site, start, queue, question, low, high, answers, sum, top, bottom) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET answers = "
        "excluded.answers, sum = excluded.sum, top = excluded.top, bottom = excluded.bottom WHERE excluded.answers > "
        "surveys.answers",
        site, microseconds(d.start), static_cast<int64_t>(d.queue.value_or(wire::Id{}).value),
        static_cast<int64_t>(d.question), d.low, d.high, d.answers, d.sum, d.top, d.bottom);
    if (!stored) return stored;
  }
  return {};
}

Result<std::vector<metrics::SurveySum>> Store::surveys(std::string_view site, Time from, Time to) {
  auto query = db_.prepare(
      "SELECT start, queue, question, low, high, answers, sum, top, bottom FROM surveys WHERE site = ? AND start >= ? "
      "AND start < ?");
  if (!query) return fail(std::move(query.error()));
  std::vector<metrics::SurveySum> days;
  auto done = query->each([&days](const Statement& row) { days.push_back(sum_of(row)); }, site, microseconds(from),
                          microseconds(to));
  if (!done) return fail(std::move(done.error()));
  return metrics::joined(days);
}

}  // namespace hf::hq
