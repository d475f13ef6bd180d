#include "agent/incidents/number_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hf::incidents {

std::optional<double> value(const Evidence& evidence, const char* name) {
  const auto v = evidence.values.find(name);
  if (v == evidence.values.end() || !std::isfinite(v->second)) return std::nullopt;
  return v->second;
}

uint64_t whole(const Evidence& evidence, const char* name) {
  return static_cast<uint64_t>(std::llround(std::clamp(value(evidence, name).value_or(0), 0.0, 1e15)));
}

std::string duration_words(Duration duration, Language language) {
  const bool en = language == Language::en;
  const int64_t all = (std::max(duration, Duration{}).count() + 500'000) / 1'000'000;
  const int64_t hours = all / 3600, minutes = all / 60 % 60, rest = all % 60;
  if (all < 120) return fmt::format(fmt::runtime(en ? "{} s" : "{} с"), all);
  if (hours > 0) return fmt::format(fmt::runtime(en ? "{} h {} min" : "{} ч {} мин"), hours, minutes);
  if (rest == 0) return fmt::format(fmt::runtime(en ? "{} min" : "{} мин"), minutes);
  return fmt::format(fmt::runtime(en ? "{} min {} s" : "{} мин {} с"), minutes, rest);
}

std::string duration_of(const Evidence& evidence, const char* name, Language language) {
  const auto v = value(evidence, name);
  return v ? duration_words(from_seconds(std::clamp(*v, 0.0, 1e9)), language) : std::string{};
}

std::string_view russian_form(uint64_t number, std::string_view one, std::string_view few, std::string_view many) {
  const uint64_t last = number % 10, two = number % 100;
  if (two >= 11 && two <= 14) return many;
  if (last == 1) return one;
  return last >= 2 && last <= 4 ? few : many;
}

std::string callers(uint64_t number, Language language) {
  if (language == Language::en) return fmt::format("{} caller{}", number, number == 1 ? "" : "s");
  return fmt::format("{} {}", number, russian_form(number, "абонент", "абонента", "абонентов"));
}

std::string agents_were_free(double number, Language language) {
  const double tenths = std::round(std::clamp(number, 0.0, 1e6) * 10) / 10;
  const bool fraction = tenths != std::floor(tenths);
  const auto n = static_cast<uint64_t>(tenths);
  if (language == Language::en) {
    if (fraction) return fmt::format("{:.1f} agents were free on average", tenths);
    return fmt::format("{} agent{} free", n, n == 1 ? " was" : "s were");
  }
  if (!fraction)
    return fmt::format("{} {} {}", russian_form(n, "был свободен", "были свободны", "были свободны"), n,
                       russian_form(n, "оператор", "оператора", "операторов"));
  std::string shown = fmt::format("{:.1f}", tenths);
  std::replace(shown.begin(), shown.end(), '.', ',');
  return fmt::format("в среднем было свободно {} оператора", shown);
}

}  // namespace hf::incidents
