#include "agent/tool/evaluate_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace hf::app {

namespace {

using std::chrono::seconds;
using std::chrono::sys_days;

constexpr size_t kColumns = 64;
constexpr size_t kName = 64;             // bytes of an id or a name
constexpr seconds kMostTime(3 * 86400);  // a call that begins before midnight ends in the small hours, not next week

enum CallColumn : size_t { kDate, kUid, kQueue, kStart, kWait, kOutcome, kExit, kServer };
enum AgentColumn : size_t { kADate, kATime, kAgent, kAQueue, kEvent };

template <class Number>
bool number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

void split(std::string_view line, std::vector<std::string_view>& parts) {
  parts.clear();
  while (parts.size() < kColumns) {
    const size_t comma = line.find(',');
    parts.push_back(line.substr(0, comma));
    if (comma == line.npos) return;
    line.remove_prefix(comma + 1);
  }
}

bool is_name(std::string_view text) { return !text.empty() && text.size() <= kName; }

Result<CallRow> call_row(const Table& table) {
  CallRow row;
  const auto start = table.time(kStart), wait = table.time(kWait);
  if (!start) return fail(start.error());
  if (!wait) return fail(wait.error());
  if (!is_name(table.field(kUid)) || !is_name(table.field(kQueue)))
    return fail(table.error("uid and queue must have 1 to 64 signs"));
  const std::string_view outcome = table.field(kOutcome);
  if (outcome != "AGENT" && outcome != "HANG_Q") return fail(table.error("outcome must be AGENT or HANG_Q"));
  row.id = table.field(kUid), row.queue = table.field(kQueue);
  row.start = *start, row.wait = *wait, row.answered = outcome == "AGENT";
  if (!row.answered) return row;
  const auto exit = table.time(kExit);
  if (!exit) return fail(exit.error());
  if (table.field(kServer).size() > kName) return fail(table.error("server must have at most 64 signs"));
  row.exit = std::max(*exit, row.start + row.wait);
  row.server = table.field(kServer).empty() ? "unknown" : std::string(table.field(kServer));
  return row;
}

Result<AgentRow> agent_row(const Table& table) {
  static constexpr std::pair<std::string_view, AgentVerb> kVerbs[] = {{"LOGIN", AgentVerb::login},
                                                                      {"LOGOUT", AgentVerb::logout},
                                                                      {"PAUSE", AgentVerb::pause},
                                                                      {"UNPAUSE", AgentVerb::unpause}};
  AgentRow row;
  const auto time = table.time(kATime);
  if (!time) return fail(time.error());
  if (!is_name(table.field(kAgent)) || !is_name(table.field(kAQueue)))
    return fail(table.error("agent and queue must have 1 to 64 signs"));
  const auto verb = std::ranges::find(kVerbs, table.field(kEvent), &std::pair<std::string_view, AgentVerb>::first);
  if (verb == std::end(kVerbs)) return fail(table.error("event must be LOGIN, LOGOUT, PAUSE or UNPAUSE"));
  row.agent = table.field(kAgent), row.queue = table.field(kAQueue), row.time = *time, row.verb = verb->second;
  return row;
}

}  // namespace

Result<sys_days> to_date(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  const bool shape = text.size() == 10 && text[4] == '-' && text[7] == '-' && number(text.substr(0, 4), year) &&
                     number(text.substr(5, 2), month) && number(text.substr(8, 2), day);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!shape || !date.ok() || year < 1970)
    return fail(ErrorKind::invalid_input, fmt::format("\"{:.32}\" is no date (1999-12-31)", text));
  return sys_days(date);
}

std::string date_text(sys_days date) {
  const std::chrono::year_month_day d(date);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                     static_cast<unsigned>(d.day()));
}

Error Table::error(std::string_view what) const {
  return {ErrorKind::invalid_input, fmt::format("{}:{}: {}", file_->name(), number_, what)};
}

Status Table::read_line(bool& more) {
  auto line = file_->line(line_);
  ++number_;
  if (!line) return fail(line.error().kind, fmt::format("{} (line {})", line.error().what, number_));
  more = *line;
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  split(line_, parts_);
  return {};
}

Result<Table> Table::open(const std::filesystem::path& path, const std::vector<std::string_view>& columns) {
  auto file = pbx::InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  Table table;
  table.file_ = std::move(*file), table.columns_ = columns;
  bool more = false;
  if (auto read = table.read_line(more); !read) return fail(std::move(read.error()));
  for (const std::string_view column : columns) {
    const auto at = std::ranges::find(table.parts_, column);
    if (!more || at == table.parts_.end())
      return fail(table.error(fmt::format("no column \"{}\" in the heading", column)));
    table.places_.push_back(static_cast<size_t>(at - table.parts_.begin()));
  }
  return table;
}

Result<bool> Table::next() {
  bool more = false;
  if (auto read = read_line(more); !read) return fail(std::move(read.error()));
  if (!more) return false;
  for (size_t i = 0; i < places_.size(); ++i)
    if (places_[i] >= parts_.size())
      return fail(error(fmt::format("the row ends before its column \"{}\"", columns_[i])));
  return true;
}

Result<seconds> Table::time(size_t i) const {
  int64_t value = -1;
  if (!number(field(i), value) || value < 0 || seconds(value) > kMostTime)
    return fail(error(
        fmt::format("{}: \"{:.32}\" is no number of seconds from 0 to {}", columns_[i], field(i), kMostTime.count())));
  return seconds(value);
}

Result<sys_days> Table::date(size_t i) const {
  auto date = to_date(field(i));
  if (!date) return fail(error(date.error().what));
  return date;
}

Result<EvaluateFolder> EvaluateFolder::open(const std::filesystem::path& folder) {
  auto calls = Table::open(folder / "calls.csv.gz",
                           {"date", "uid", "queue", "q_start", "wait", "outcome", "ser_exit", "server"});
  if (!calls) return fail(std::move(calls.error()));
  auto agents = Table::open(folder / "agents.csv.gz", {"date", "time", "agent", "queue", "event"});
  if (!agents) return fail(std::move(agents.error()));
  EvaluateFolder made(std::move(*calls), std::move(*agents));
  if (auto first = made.step_calls(); !first) return fail(std::move(first.error()));
  if (auto first = made.step_agents(); !first) return fail(std::move(first.error()));
  return made;
}

namespace {

Status step(Table& table, bool& left, sys_days& date) {
  const auto more = table.next();
  if (!more) return fail(more.error());
  left = *more;
  if (!left) return {};
  const auto next = table.date(0);
  if (!next) return fail(next.error());
  if (*next < date) return fail(table.error("the date goes back"));
  date = *next;
  return {};
}

}  // namespace

Status EvaluateFolder::step_calls() { return step(calls_, calls_left_, call_date_); }
Status EvaluateFolder::step_agents() { return step(agents_, agents_left_, agent_date_); }

Result<bool> EvaluateFolder::next(Day& day) {
  day.calls.clear(), day.agents.clear();
  if (!calls_left_ && !agents_left_) return false;
  day.date = !agents_left_ || (calls_left_ && call_date_ < agent_date_) ? call_date_ : agent_date_;
  while (calls_left_ && call_date_ == day.date) {
    auto row = call_row(calls_);
    if (!row) return fail(std::move(row.error()));
    if (day.calls.size() >= kRowsPerDay) return fail(calls_.error("more calls in a day than can be kept"));
    day.calls.push_back(std::move(*row));
    if (auto moved = step_calls(); !moved) return fail(std::move(moved.error()));
  }
  while (agents_left_ && agent_date_ == day.date) {
    auto row = agent_row(agents_);
    if (!row) return fail(std::move(row.error()));
    if (day.agents.size() >= kRowsPerDay) return fail(agents_.error("more agent events in a day than can be kept"));
    day.agents.push_back(std::move(*row));
    if (auto moved = step_agents(); !moved) return fail(std::move(moved.error()));
  }
  return true;
}

}  // namespace hf::app
