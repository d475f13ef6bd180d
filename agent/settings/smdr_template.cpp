#include "agent/settings/smdr_template.hpp"

#include <fmt/format.h>

#include <charconv>

#include "agent/settings/schema.hpp"
#include "agent/settings/shipped_templates.hpp"
#include "hal/platform/files.hpp"

namespace hf::settings {

namespace {

using pbx::SmdrColumn;
using pbx::SmdrField;
using pbx::SmdrTemplate;

constexpr uint32_t kWidest = 500;

std::optional<uint32_t> small_number(std::string_view text) {
  uint32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() && n >= 1 && n <= kWidest ? std::optional(n) : std::nullopt;
}

std::optional<SmdrColumn> to_column(std::string_view text) {
  if (text.empty()) return SmdrColumn{};
  const size_t plus = text.find('+');
  const auto at = small_number(text.substr(0, plus));
  const auto width = plus == text.npos ? std::optional<uint32_t>(0) : small_number(text.substr(plus + 1));
  return at && width ? std::optional(SmdrColumn{*at, *width}) : std::nullopt;
}

std::string text_of(SmdrColumn c) { return c.at == 0 ? "" : c.width == 0 ? std::to_string(c.at) : fmt::format("{}+{}", c.at, c.width); }

Key column_key(size_t field, SmdrColumn& target) {
  auto set = [&target](const Value& value) -> std::optional<std::string> {
    const auto* text = std::get_if<std::string>(&value);
    const auto column = text ? to_column(*text) : std::nullopt;
    if (!column) return "must be a column's number such as \"3\", or first sign and width such as \"1+8\"";
    target = *column;
    return std::nullopt;
  };
  return {"columns", std::string(pbx::kSmdrFieldNames[field]), std::move(set), [&target] { return '"' + text_of(target) + '"'; }};
}

Key flag_key(std::string name, bool& target) {
  return choice_key("template", std::move(name), {"no", "yes"}, [&target](size_t i) { target = i == 1; }, [&target] { return size_t{target}; });
}

Schema schema_of(SmdrTemplate& t) {
  const auto one_sign = [](std::string_view s) { return s.size() <= 1; };
  Schema schema{text_key("template", "id", t.id, 60), text_key("template", "label", t.label, 100), text_key("template", "document", t.document, 500), flag_key("real_capture", t.real_capture)};
  schema.push_back(checked_key("line", "separator", t.separator, one_sign, "one sign, or empty for columns of fixed width"));
  schema.push_back(text_key("line", "skip", t.skip, 500));
  schema.push_back(text_key("line", "continued", t.continued, 100));
  schema.push_back(choice_key("line", "date_order", {"ymd", "dmy", "mdy"}, [&t](size_t i) { t.date_order = static_cast<pbx::DateOrder>(i); }, [&t] { return static_cast<size_t>(t.date_order); }));
  for (size_t i = 0; i < t.columns.size(); ++i) schema.push_back(column_key(i, t.columns[i]));
  schema.push_back(text_key("values", "inbound", t.inbound, 200));
  schema.push_back(text_key("values", "internal", t.is_internal, 200));
  schema.push_back(text_key("values", "more", t.more, 200));
  schema.push_back(text_key("values", "caller_after", t.caller_after, 20));
  return schema;
}

Problems contradictions(const SmdrTemplate& t) {
  using F = SmdrField;
  Problems problems;
  const auto need = [&](bool good, std::string_view what) {
    if (!good) problems.emplace_back(what);
  };
  const bool start = t.has(F::start) || (t.has(F::start_date) && t.has(F::start_time)), end = t.has(F::end) || (t.has(F::end_date) && t.has(F::end_time));
  need(!t.id.empty() && !t.label.empty(), "[template] id and label are needed");
  need(start || end, "[columns] tell no time: start or end is needed, or date and time of one of them");
  need(t.has(F::ring) || t.has(F::answered_at) || t.has(F::total), "[columns] tell no wait: ring, answered_at or total is needed");
  need(t.has(F::talk) || t.has(F::answered_at) || t.has(F::total), "[columns] do not tell whether a call was answered: talk, answered_at or total is needed");
  need(t.inbound.empty() || t.has(F::direction), "[values] inbound needs the column direction");
  for (size_t i = 0; i < t.columns.size(); ++i)
    need(t.columns[i].at == 0 || t.separator.empty() == (t.columns[i].width > 0), fmt::format("[columns] {}: a width is needed where, and only where, line.separator is empty", pbx::kSmdrFieldNames[i]));
  return problems;
}

}  // namespace

Result<SmdrTemplate> parse_smdr_template(std::string_view text, std::string_view name) {
  auto document = parse(text, name);
  if (!document) return fail(std::move(document.error()));
  SmdrTemplate read;
  Problems problems = fill(schema_of(read), *document, name);
  for (const std::string& problem : contradictions(read)) problems.push_back(fmt::format("{}: {}", name, problem));
  if (!problems.empty()) return fail(ErrorKind::invalid_input, fmt::format("{}", fmt::join(problems, "\n")));
  return read;
}

Result<SmdrTemplate> load_smdr_template(const Path& file) {
  auto text = read_file(file, kMaxDocument);
  if (text) return parse_smdr_template(*text, file.string());
  if (text.error().kind != ErrorKind::not_found) return fail(std::move(text.error()));
  if (const auto shipped = shipped_template(file)) return parse_smdr_template(*shipped, file.string());
  return fail(ErrorKind::not_found, fmt::format("{}: no such template of call records; those that come with Holdfast: {}", file.string(), shipped_templates()));
}

std::string dump(const SmdrTemplate& how) {
  SmdrTemplate copy = how;
  return show(schema_of(copy));
}

}  // namespace hf::settings
