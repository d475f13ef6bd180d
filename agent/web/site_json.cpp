#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <set>

#include "agent/web/fields.hpp"
#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

using boost::json::array;
using boost::json::object;

constexpr TextSize kId{1, 128}, kText{0, 128};

object line_json(const calls::Line& l) {
  return {{"id", l.id}, {"label", l.label}, {"queue", l.queue}, {"legal_notice_s", json(l.legal_notice)}, {"promised_wait_s", json(l.promised_wait)}};
}

object queue_json(const calls::Queue& q) {
  return {{"id", q.id},
          {"label", q.label},
          {"ring_time_s", json(q.ring_time)},
          {"service_level_s", json(q.service_level)},
          {"short_abandon_s", json(q.short_abandon)},
          {"holding", q.holding}};
}

array strings(const std::vector<std::string>& all) {
  array out;
  for (const auto& s : all) out.emplace_back(s);
  return out;
}

void read_line(FieldReader in, calls::Line& line) {
  in.text("id", line.id, kId);
  in.text("label", line.label, kText);
  in.text("queue", line.queue, kText);
  in.seconds("legal_notice_s", line.legal_notice, 0, 3600);
  in.seconds("promised_wait_s", line.promised_wait, 0, 86400);
  in.done();
}

void read_queue(FieldReader in, calls::Queue& queue) {
  in.text("id", queue.id, kId);
  in.text("label", queue.label, kText);
  in.seconds("ring_time_s", queue.ring_time, 1, 600);
  in.seconds("service_level_s", queue.service_level, 1, 3600);
  in.seconds("short_abandon_s", queue.short_abandon, 0, 600);
  in.boolean("holding", queue.holding);
  in.done();
}

void read_hours(FieldReader in, calls::OpeningHours& hours) {
  int64_t from = 0, to = 0;
  in.integer("from", from, 0, 1440);
  in.integer("to", to, 0, 1440);
  if (to < from) in.refuse("to", "must not be before from: a day that goes past midnight is two days");
  in.done();
  hours = {static_cast<uint16_t>(from), static_cast<uint16_t>(to)};
}

std::string date_text(int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

// "2026-12-25"; unset for anything else.
std::optional<int32_t> day_of(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  const auto whole = [](std::string_view part, auto& out) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), out);
    return error == std::errc{} && end == part.data() + part.size();
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !whole(text.substr(0, 4), year) || !whole(text.substr(5, 2), month) ||
      !whole(text.substr(8, 2), day))
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok() || year < 1970) return std::nullopt;
  return static_cast<int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

void read_holiday(FieldReader in, calls::Holiday& holiday) {
  std::string date;
  in.text("date", date, {10, 10});
  if (const auto day = day_of(date)) {
    holiday.day = *day;
  } else {
    in.refuse("date", "must be a date such as 2026-12-25");
  }
  int64_t from = 0, to = 0;
  in.integer("from", from, 0, 1440);
  in.integer("to", to, 0, 1440);
  if (to < from) in.refuse("to", "must not be before from: a day that goes past midnight is two days");
  in.done();
  holiday.hours = {static_cast<uint16_t>(from), static_cast<uint16_t>(to)};
}

template <class T, class F>
void read_all(FieldReader& in, std::string_view name, size_t max, std::vector<T>& out, std::optional<BadField>& bad, F&& read) {
  for (const auto& entry : in.array(name, max)) {
    const std::string path = fmt::format("{}[{}]", name, out.size());
    read(FieldReader(entry, path, bad), out.emplace_back());
    if (bad) return;
  }
}

// The first entry whose id stands earlier already.
template <class T>
void refuse_twice(FieldReader& in, std::string_view name, const std::vector<T>& all) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < all.size(); ++i)
    if (!seen.insert(all[i].id).second) return in.refuse(fmt::format("{}[{}].id", name, i), "stands there twice");
}

void check_whole(FieldReader& in, const calls::SiteModel& model) {
  refuse_twice(in, "lines", model.lines);
  refuse_twice(in, "queues", model.queues);
  if (!model.opening_hours.empty() && model.opening_hours.size() != 7) in.refuse("opening_hours", "must hold 7 days, Monday first, or none");
  const auto known = [&model](const std::string& id) {
    return id.empty() || model.queues.empty() || std::any_of(model.queues.begin(), model.queues.end(), [&id](const auto& q) { return q.id == id; });
  };
  for (size_t i = 0; i < model.lines.size(); ++i)
    if (!known(model.lines[i].queue)) return in.refuse(fmt::format("lines[{}].queue", i), "is not among the queues");
}

}  // namespace

object to_json(const calls::SiteModel& model) {
  array lines, queues, hours, holidays;
  for (const auto& h : model.holidays) holidays.push_back(object{{"date", date_text(h.day)}, {"from", h.hours.from}, {"to", h.hours.to}});
  for (const auto& line : model.lines) lines.push_back(line_json(line));
  for (const auto& queue : model.queues) queues.push_back(queue_json(queue));
  for (const auto& day : model.opening_hours) hours.push_back(object{{"from", day.from}, {"to", day.to}});
  return {{"time_zone", model.time_zone}, {"lines", std::move(lines)}, {"queues", std::move(queues)}, {"opening_hours", std::move(hours)},
          {"trunks", strings(model.trunks)}, {"holidays", std::move(holidays)}};
}

object to_json(const SiteModelView& view) {
  array lines;
  for (const auto& [id, queue] : view.learnt_lines) lines.push_back(object{{"id", id}, {"queue", json(queue)}});
  return {{"site_model", to_json(view.model)}, {"learnt_lines", std::move(lines)}, {"learnt_queues", strings(view.learnt_queues)},
          {"learnt_trunks", strings(view.learnt_trunks)}};
}

std::optional<BadField> read_site_model(const object& body, calls::SiteModel& model) {
  std::optional<BadField> bad;
  FieldReader in(body, bad);
  in.text("time_zone", model.time_zone, {1, 64});
  read_all(in, "lines", 2000, model.lines, bad, read_line);
  read_all(in, "queues", 1000, model.queues, bad, read_queue);
  read_all(in, "opening_hours", 7, model.opening_hours, bad, read_hours);
  in.texts("trunks", model.trunks, 200, kId);
  if (in.has("holidays")) read_all(in, "holidays", 400, model.holidays, bad, read_holiday);
  in.done();
  if (!bad) check_whole(in, model);
  return bad;
}

}  // namespace hf::web
