#include "agent/web/language.hpp"

#include <algorithm>
#include <charconv>

namespace hf::web {

namespace {

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

std::string_view cut(std::string_view& rest, char separator) {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(piece);
}

double quality_of(std::string_view parameters) {
  const size_t at = parameters.find("q=");
  if (at == parameters.npos) return 1;
  double quality = 0;
  std::from_chars(parameters.data() + at + 2, parameters.data() + parameters.size(), quality);
  return quality;
}

}  // namespace

std::optional<Language> language_from(std::string_view name) {
  if (name == "en") return Language::en;
  if (name == "ru") return Language::ru;
  return std::nullopt;
}

Language language_of(const http::Request& request, Language otherwise) {
  if (const auto at = request.query.find("lang"); at != request.query.end())
    if (const auto asked = language_from(at->second)) return *asked;
  const std::string* header = request.header("Accept-Language");
  if (!header) return otherwise;
  std::string_view rest = std::string_view(*header).substr(0, 256);
  double best = 0;
  while (!rest.empty()) {
    std::string_view range = cut(rest, ',');
    const std::string_view tag = cut(range, ';');
    const auto language = language_from(tag.substr(0, tag.find('-')));
    if (!language || quality_of(range) <= best) continue;
    best = quality_of(range);
    otherwise = *language;
  }
  return otherwise;
}

}  // namespace hf::web
