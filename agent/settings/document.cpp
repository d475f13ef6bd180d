#include "agent/settings/document.hpp"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace hf::settings {

namespace {

Place place_of(const toml::source_region& region) { return {region.begin.line, region.begin.column}; }

// Our files are shallow, and toml++ descends for each bracket and each dot of a key: absurd depth is refused before it gets there.
constexpr size_t kMaxBrackets = 8, kMaxDots = 64;

bool too_deep(std::string_view text) {
  size_t brackets = 0, dots = 0;
  char quote = '\0';
  for (const char c : text) {
    if (c == '\n') dots = 0, quote = '\0';
    else if (quote != '\0') quote = c == quote ? '\0' : quote;
    else if (c == '"' || c == '\'') quote = c;
    else if (c == '[' || c == '{') ++brackets;
    else if (c == ']' || c == '}') brackets -= brackets > 0;
    else if (c == '.') ++dots;
    if (brackets > kMaxBrackets || dots > kMaxDots) return true;
  }
  return false;
}

bool add_value(const toml::node& node, Assignment assignment, Document& out) {
  if (const auto* s = node.as_string()) assignment.value = s->get();
  else if (const auto* i = node.as_integer()) assignment.value = i->get();
  else if (const auto* f = node.as_floating_point()) assignment.value = f->get();
  else if (const auto* b = node.as_boolean()) assignment.value = b->get();
  else return false;
  out.assignments.push_back(std::move(assignment));
  return true;
}

void add_table(const std::string& section, const toml::table& table, Document& out) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (add_value(node, {section, name, {}, place_of(key.source())}, out)) continue;
    const auto* inner = node.as_table();
    if (inner != nullptr && section.empty()) {
      out.sections.emplace_back(name, place_of(node.source()));
      add_table(name, *inner, out);
    } else {
      out.unusable.emplace_back(section.empty() ? name : section + "." + name, place_of(key.source()));
    }
  }
}

}  // namespace

Result<Document> parse(std::string_view text, std::string_view name) {
  if (text.size() > kMaxDocument) return fail(ErrorKind::invalid_input, fmt::format("{}: longer than {} bytes", name, kMaxDocument));
  if (too_deep(text)) return fail(ErrorKind::invalid_input, fmt::format("{}: too many brackets or dots within one another", name));
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const Place at = place_of(parsed.error().source());
    return fail(ErrorKind::invalid_input, fmt::format("{}:{}:{}: {}", name, at.line, at.column, parsed.error().description()));
  }
  Document document;
  add_table({}, parsed.table(), document);
  return document;
}

std::string_view type_name(const Value& value) {
  struct Name {
    std::string_view operator()(const std::string&) const { return "a text"; }
    std::string_view operator()(int64_t) const { return "a whole number"; }
    std::string_view operator()(double) const { return "a number with a point"; }
    std::string_view operator()(bool) const { return "true or false"; }
  };
  return std::visit(Name{}, value);
}

}  // namespace hf::settings
