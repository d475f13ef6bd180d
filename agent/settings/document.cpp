#include "agent/settings/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#define TOML_EXCEPTIONS 0
#if __has_include(<toml++/impl/preprocessor.h>)
#include <toml++/impl/preprocessor.h>
#else  // its name from 3.4 on
#include <toml++/impl/preprocessor.hpp>
#endif
// toml++ 3.3.0 asserts (or, under NDEBUG, lets the compiler assume) that a table's name begins well before it checks just that: "[." would
// be undefined behaviour. Without the assertion its own check gives the error.
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT_ASSUME(expr) static_assert(true)
#include <toml++/toml.h>

namespace hf::settings {

namespace {

Place place_of(const toml::source_region& region) { return {region.begin.line, region.begin.column}; }

// What no settings file needs and toml++ 3.3.0 cannot bear: it descends for each bracket and each dot of a key, and runs into undefined
// behaviour at some letters outside of quotes. Told before it reads: line and fault. A text ends with its line, so quotes are easily followed.
class Screen {
 public:
  std::optional<std::pair<uint32_t, std::string_view>> find(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') {
        ++line_, dots_ = equals_ = 0, state_ = State::plain, before_ = kLineStart;
      } else if (state_ == State::quoted) {
        if (text[i] == quote_) state_ = State::plain, before_ = quote_;
        else if (text[i] == '\\' && quote_ == '"' && i + 1 < text.size() && text[i + 1] != '\n') ++i;
      } else if (state_ == State::plain) {
        if (const auto fault = plain(text.substr(i)); !fault.empty()) return std::pair(line_, fault);
      }
    }
    return std::nullopt;
  }

 private:
  enum class State : uint8_t { plain, quoted, comment };
  static constexpr char kLineStart = '\n';

  std::string_view plain(std::string_view rest) {
    const char c = rest.front();
    if (rest.starts_with("\"\"\"") || rest.starts_with("'''")) return "texts of several lines are not taken";
    if (static_cast<unsigned char>(c) >= 0x80) return "letters beyond a to z belong in quotes";
    if (c == '#') state_ = State::comment;
    if (c == '"' || c == '\'') {
      if (std::string_view("\n=,[{.").find(before_) == std::string_view::npos) return "a quote cannot stand there";
      state_ = State::quoted, quote_ = c;
    }
    if ((c == '[' || c == '{') && std::string_view("\n=,[{").find(before_) == std::string_view::npos) return "a bracket cannot stand there";
    if (c != ' ' && c != '\t' && c != '\r') before_ = c;
    if (c == '[' || c == '{') ++brackets_;
    if (c == ']' || c == '}') brackets_ -= brackets_ > 0;
    if (c == '.') ++dots_;
    if (c == '=' && brackets_ == 0 && ++equals_ > 1) return "a second '=' cannot stand there";
    return brackets_ > 8 || dots_ > 64 ? "too many brackets or dots within one another" : "";
  }

  State state_ = State::plain;
  char quote_ = '"';
  char before_ = kLineStart;  // the sign before, blanks left out: a text begins where a line does, or after a sign that wants a value
  size_t brackets_ = 0, dots_ = 0, equals_ = 0;
  uint32_t line_ = 1;
};

bool add_value(const toml::node& node, Assignment assignment, Document& out) {
  if (const auto* s = node.as_string()) assignment.value = s->get();
  else if (const auto* i = node.as_integer()) assignment.value = i->get();
  else if (const auto* f = node.as_floating_point()) assignment.value = f->get();
  else if (const auto* b = node.as_boolean()) assignment.value = b->get();
  else return false;
  out.assignments.push_back(std::move(assignment));
  return true;
}

constexpr int kDeepest = 2;  // [pbx.north]

// A table that only holds other tables was never written as a section of its own.
void add_table(const std::string& section, int depth, const toml::table& table, Document& out) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (add_value(node, {section, name, {}, place_of(key.source())}, out)) continue;
    std::string full = section;
    if (!full.empty()) full += '.';
    full += name;
    const auto* inner = node.as_table();
    if (inner == nullptr || depth == kDeepest) {
      out.unusable.emplace_back(std::move(full), place_of(key.source()));
      continue;
    }
    const auto is_table = [](const auto& one) { return one.second.is_table(); };
    if (inner->empty() || !std::all_of(inner->begin(), inner->end(), is_table)) out.sections.emplace_back(full, place_of(node.source()));
    add_table(full, depth + 1, *inner, out);
  }
}

}  // namespace

Result<Document> parse(std::string_view text, std::string_view name) {
  if (text.size() > kMaxDocument) return fail(ErrorKind::invalid_input, fmt::format("{}: longer than {} bytes", name, kMaxDocument));
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // what some editors put before a text
  if (const auto odd = Screen().find(text)) return fail(ErrorKind::invalid_input, fmt::format("{}:{}: {}", name, odd->first, odd->second));
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const Place at = place_of(parsed.error().source());
    return fail(ErrorKind::invalid_input, fmt::format("{}:{}:{}: {}", name, at.line, at.column, parsed.error().description()));
  }
  Document document;
  add_table({}, 0, parsed.table(), document);
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
