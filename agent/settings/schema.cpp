#include "agent/settings/schema.hpp"

#include <algorithm>
#include <cmath>

#include "hal/platform/nearest.hpp"

namespace hf::settings {

namespace {

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool printable(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string wants(std::string_view what, const Value& got) { return fmt::format("must be {}, not {}", what, type_name(got)); }

std::string place(std::string_view name, Place at) { return fmt::format("{}:{}:{}: ", name, at.line, at.column); }

std::string in_section(const std::string& section) { return section.empty() ? " above the first section" : fmt::format(" in [{}]", section); }

std::string unknown_key(const Schema& schema, const Assignment& a) {
  std::vector<std::string_view> here;
  for (const Key& key : schema) {
    if (key.section == a.section) here.push_back(key.name);
  }
  std::string problem = fmt::format("unknown key {}{}", in_quotes(a.key), in_section(a.section));
  if (const auto meant = nearest(a.key, here); !meant.empty()) return problem + fmt::format("; did you mean {}?", in_quotes(meant));
  const auto elsewhere = std::ranges::find(schema, a.key, &Key::name);
  if (elsewhere != schema.end()) return problem + fmt::format("; it belongs{}", in_section(elsewhere->section));
  return problem;
}

std::optional<std::string> unknown_section(const Schema& schema, const std::string& section) {
  std::vector<std::string_view> known;
  for (const Key& key : schema) known.push_back(key.section);
  if (std::ranges::find(known, section) != known.end()) return std::nullopt;
  const auto meant = nearest(section, known);
  return fmt::format("unknown section [{}]{}", section, meant.empty() ? std::string() : fmt::format("; did you mean [{}]?", meant));
}

}  // namespace

Key text_key(std::string section, std::string name, std::string& target, size_t longest) {
  return checked_key(std::move(section), std::move(name), target, [longest](std::string_view t) { return t.size() <= longest; },
                     fmt::format("at most {} bytes of text", longest));
}

Key checked_key(std::string section, std::string name, std::string& target, std::function<bool(std::string_view)> good, std::string rule) {
  auto set = [&target, good = std::move(good), rule = std::move(rule)](const Value& value) -> std::optional<std::string> {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return wants("a text", value);
    if (!printable(*text) || !good(*text)) return "must be " + rule;
    target = *text;
    return std::nullopt;
  };
  return {std::move(section), std::move(name), std::move(set), [&target] { return in_quotes(target); }};
}

Key path_key(std::string section, std::string name, Path& target, const Path& folder) {
  auto set = [&target, folder](const Value& value) -> std::optional<std::string> {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return wants("a path", value);
    if (!printable(*text) || text->size() > 4000) return "must be a path";
    target = text->empty() ? Path() : folder / *text;
    return std::nullopt;
  };
  return {std::move(section), std::move(name), std::move(set), [&target] { return in_quotes(target.string()); }};
}

Key real_key(std::string section, std::string name, double& target, double lowest, double highest) {
  auto set = [&target, lowest, highest](const Value& value) -> std::optional<std::string> {
    double number = NAN;
    if (const auto* whole = std::get_if<int64_t>(&value)) number = static_cast<double>(*whole);
    else if (const auto* real = std::get_if<double>(&value)) number = *real;
    else return wants("a number", value);
    if (!(number >= lowest && number <= highest)) return fmt::format("must be {} to {}", lowest, highest);
    target = number;
    return std::nullopt;
  };
  return {std::move(section), std::move(name), std::move(set), [&target] { return fmt::format("{:#}", target); }};
}

Key whole_key(std::string section, std::string name, int64_t lowest, int64_t highest, std::function<void(int64_t)> take, std::function<int64_t()> give) {
  auto set = [lowest, highest, take = std::move(take)](const Value& value) -> std::optional<std::string> {
    const auto* number = std::get_if<int64_t>(&value);
    if (number == nullptr) return wants("a whole number", value);
    if (*number < lowest || *number > highest) return fmt::format("must be {} to {}", lowest, highest);
    take(*number);
    return std::nullopt;
  };
  return {std::move(section), std::move(name), std::move(set), [give = std::move(give)] { return std::to_string(give()); }};
}

Key choice_key(std::string section, std::string name, std::vector<std::string> choices, std::function<void(size_t)> choose, std::function<size_t()> chosen) {
  auto set = [choices, choose = std::move(choose)](const Value& value) -> std::optional<std::string> {
    const auto* text = std::get_if<std::string>(&value);
    const auto found = text == nullptr ? choices.end() : std::ranges::find(choices, *text);
    if (found != choices.end()) return choose(static_cast<size_t>(found - choices.begin())), std::nullopt;
    std::string problem = fmt::format("must be one of \"{}\"", fmt::join(choices, "\", \""));
    const auto meant = text == nullptr ? std::string() : nearest(*text, {choices.begin(), choices.end()});
    return meant.empty() ? problem : problem + fmt::format("; did you mean {}?", in_quotes(meant));
  };
  return {std::move(section), std::move(name), std::move(set),
          [choices = std::move(choices), chosen = std::move(chosen)] { return in_quotes(choices[chosen()]); }};
}

Problems fill(const Schema& schema, const Document& document, std::string_view name) {
  std::vector<std::pair<Place, std::string>> found;
  for (const auto& [section, at] : document.sections) {
    if (auto problem = unknown_section(schema, section)) found.emplace_back(at, std::move(*problem));
  }
  for (const auto& [key, at] : document.unusable) found.emplace_back(at, fmt::format("{} must be a single value", in_quotes(key)));
  for (const Assignment& a : document.assignments) {
    const auto same_section = [&a](const Key& key) { return key.section == a.section; };
    if (!a.section.empty() && std::ranges::none_of(schema, same_section)) continue;  // its section is told already
    const auto key = std::ranges::find_if(schema, [&](const Key& k) { return same_section(k) && k.name == a.key; });
    if (key == schema.end()) found.emplace_back(a.place, unknown_key(schema, a));
    else if (auto problem = key->set(a.value)) found.emplace_back(a.place, fmt::format("{}{} {}", in_quotes(a.key), in_section(a.section), *problem));
  }
  std::ranges::stable_sort(found, {}, [](const auto& p) { return std::pair(p.first.line, p.first.column); });
  Problems problems;
  for (auto& [at, problem] : found) problems.push_back(place(name, at) + problem);
  return problems;
}

std::string show(const Schema& schema) {
  std::string out, section;
  for (const Key& key : schema) {
    if (key.section != section) out += fmt::format("\n[{}]\n", section = key.section);
    out += fmt::format("{} = {}\n", key.name, key.show());
  }
  return out;
}

}  // namespace hf::settings
