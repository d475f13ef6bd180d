#include "agent/incidents/why_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "agent/incidents/number_words.hpp"

namespace hf::incidents {
namespace {

using Sentence = std::string (*)(const Evidence&, Language);

std::string onset(const Evidence&, Language l) {
  return l == Language::en ? "Waits began to differ from the usual (estimated)."
                           : "Ожидание стало отличаться от обычного (оценка).";
}

std::string reload(const Evidence&, Language l) {
  return l == Language::en ? "The PBX reloaded its configuration." : "АТС перечитала свои настройки.";
}

std::string source_lost(const Evidence&, Language l) {
  return l == Language::en ? "The PBX could no longer be seen." : "Наблюдение за АТС прервалось.";
}

std::string gap(const Evidence& e, Language l) {
  const std::string length = duration_of(e, "gap_s", l);
  if (length.empty()) return ".";
  return fmt::format(fmt::runtime(l == Language::en ? " after {} unseen." : ", перерыв длился {}."), length);
}

std::string source_back(const Evidence& e, Language l) {
  return (l == Language::en ? "The PBX was seen again" : "Наблюдение за АТС возобновилось") + gap(e, l);
}

std::string pbx_restart(const Evidence& e, Language l) {
  return (l == Language::en ? "The PBX had been restarted and was seen again" : "АТС была перезапущена и снова видна") +
         gap(e, l);
}

std::string members(const Evidence& e, Language l, const char* en, const char* ru) {
  return fmt::format(fmt::runtime(l == Language::en ? en : ru), whole(e, "from"), whole(e, "to"));
}

std::string staff_down(const Evidence& e, Language l) {
  return members(e, l, "Agents left or paused within minutes: {} before, {} after.",
                 "За несколько минут операторы ушли или встали на паузу: было {}, стало {}.");
}

std::string staff_up(const Evidence& e, Language l) {
  return members(e, l, "Agents came or resumed within minutes: {} before, {} after.",
                 "За несколько минут операторы пришли или вернулись с паузы: было {}, стало {}.");
}

std::string other_incident(const Evidence& e, Language l) {
  const auto kind = static_cast<Kind>(std::min<uint64_t>(whole(e, "kind"), static_cast<uint64_t>(Kind::unknown)));
  return fmt::format(fmt::runtime(l == Language::en ? "Another incident began: {}." : "Начался другой инцидент: {}."),
                     kind_words(kind, l));
}

std::string closed(const Evidence&, Language l) { return l == Language::en ? "It was over." : "Инцидент закончился."; }

struct Template {
  std::string_view id;
  Sentence words;
};
constexpr std::array<Template, 9> kTemplates{{{"chain_closed", closed},
                                              {"chain_incident", other_incident},
                                              {"chain_onset", onset},
                                              {"chain_pbx_restart", pbx_restart},
                                              {"chain_reload", reload},
                                              {"chain_source_back", source_back},
                                              {"chain_source_lost", source_lost},
                                              {"chain_staff_down", staff_down},
                                              {"chain_staff_up", staff_up}}};

std::string_view factor_words(Factor factor, Language l) {
  const bool en = l == Language::en;
  switch (factor) {
    case Factor::load:
      return en ? "the number of calls" : "число вызовов";
    case Factor::staffing:
      return en ? "the number of agents at work" : "число работающих операторов";
    case Factor::handling:
      return en ? "the length of the talks" : "длительность разговоров";
    case Factor::avoidable:
      return en ? "waiting beside agents who could have answered" : "ожидание при операторах, которые могли ответить";
  }
  return {};
}

int64_t percent(double share) { return std::llround(std::clamp(share, -9.99, 9.99) * 100); }

std::string wait(double s, Language l) { return duration_words(from_seconds(std::clamp(s, 0.0, 1e7)), l); }

std::string told(const Shares& s, Language l) {
  const auto most = std::ranges::max_element(s.parts, {}, &Share::share);
  const std::string extra = wait(s.replayed_s - s.usual_s, l);
  if (most == s.parts.end()) return {};
  const auto part = std::min<int64_t>(100, percent(most->share));  // beyond it others made waits shorter
  if (l == Language::en)
    return fmt::format(
        "Each of {} waited {} longer than if all that is known had been as usual. {} % of it is consistent with {}.",
        callers(s.calls, l), extra, part, factor_words(most->factor, l));
  return fmt::format(
      "Абоненты (вызовов: {}) ждали в среднем на {} дольше, чем если бы всё, что известно, было как обычно. {} % этого "
      "согласуется с таким объяснением: {}.",
      s.calls, extra, part, factor_words(most->factor, l));
}

}  // namespace

std::string chain_words(const Evidence& link, Language language) {
  for (const Template& t : kTemplates) {
    if (t.id == link.template_id) return t.words(link, language);
  }
  return evidence_words(link, language);
}

std::string share_words(const Share& s, Language l) {
  return fmt::format(fmt::runtime(l == Language::en ? "{} % ({} to {} %): {}" : "{} % (от {} до {} %): {}"),
                     percent(s.share), percent(s.low), percent(s.high), factor_words(s.factor, l));
}

std::string shares_words(const Shares& s, Language l) {
  const bool en = l == Language::en;
  switch (s.state) {
    case SharesState::too_few:
      return en ? fmt::format(
                      "Too little is known to tell what the wait is made of: {} so far, {} are needed, and ten minutes "
                      "with ten calls before it.",
                      callers(s.calls, l), kFewestCalls)
                : fmt::format(
                      "Слишком мало данных, чтобы разложить ожидание на части: вызовов пока {}, нужно {}, и ещё десять "
                      "минут наблюдений с десятью вызовами до начала.",
                      s.calls, kFewestCalls);
    case SharesState::told:
      return told(s, l);
    case SharesState::no_extra:
      return en ? fmt::format("If all that is known had been as usual, callers would have waited about as long ({}).",
                              wait(s.usual_s, l))
                : fmt::format("Если бы всё, что известно, было как обычно, абоненты ждали бы почти столько же ({}).",
                              wait(s.usual_s, l));
    case SharesState::unlike:
      return en ? fmt::format(
                      "The wait ({}) cannot be told from calls, agents and talks alone: replaying them gives {}.",
                      wait(s.measured_s, l), wait(s.replayed_s, l))
                : fmt::format(
                      "Ожидание ({}) нельзя вывести из одних вызовов, операторов и разговоров: их повторение даёт {}.",
                      wait(s.measured_s, l), wait(s.replayed_s, l));
  }
  return {};
}

}  // namespace hf::incidents
