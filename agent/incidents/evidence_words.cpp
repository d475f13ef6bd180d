#include "agent/incidents/evidence_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "agent/incidents/number_words.hpp"
#include "agent/incidents/sentence_table.hpp"

namespace hf::incidents {
namespace {

using Sentence = std::string (*)(const Evidence&, Language);

std::string while_free(const Evidence& e, Language l) {
  const auto free = value(e, "free");
  if (!free) return {};
  return (l == Language::en ? " while " : ", хотя ") + agents_were_free(*free, l);
}

std::string before(const Evidence& e, Language l) {
  const std::string usual = duration_of(e, "usual_s", l);
  if (usual.empty()) return {};
  return fmt::format(
      fmt::runtime(l == Language::en ? "; before, it took {} to reach the queue" : "; раньше до очереди проходило {}"),
      usual);
}

std::string constant_wait(const Evidence& e, Language l) {
  const uint64_t n = whole(e, "callers");
  const auto spread = std::max<uint64_t>(1, whole(e, "spread_s"));
  const bool minutes = value(e, "wait_s").value_or(0) >= 120;
  const std::string also = minutes ? fmt::format(" ({})", duration_of(e, "wait_s", l)) : std::string{};
  if (l == Language::en)
    return fmt::format("{} waited {} ± {} s{} beyond the usual{}{}.", callers(n, l), whole(e, "wait_s"), spread, also,
                       while_free(e, l), before(e, l));
  return fmt::format("{} {} на {} ± {} с{} дольше обычного{}{}.", callers(n, l),
                     russian_form(n, "прождал", "прождали", "прождали"), whole(e, "wait_s"), spread, also,
                     while_free(e, l), before(e, l));
}

std::string held_beside_free(const Evidence& e, Language l) {
  const uint64_t n = whole(e, "callers");
  const std::string wait = duration_of(e, "wait_s", l), longest = duration_of(e, "longest_s", l);
  if (l == Language::en) {
    const std::string most = n > 1 && !longest.empty() ? fmt::format(", the longest {}", longest) : std::string{};
    return fmt::format("{} {} been kept waiting {} beyond the usual so far{}{}{}.", callers(n, l),
                       n == 1 ? "has" : "have", wait, most, while_free(e, l), before(e, l));
  }
  const std::string most = n > 1 && !longest.empty() ? fmt::format(", дольше всех {}", longest) : std::string{};
  return fmt::format("{} уже {} на {} дольше обычного{}{}{}.", callers(n, l), russian_form(n, "ждёт", "ждут", "ждут"),
                     wait, most, while_free(e, l), before(e, l));
}

std::string hidden_from_queue(const Evidence& e, Language l) {
  const std::string queue = duration_of(e, "queue_wait_s", l), caller = duration_of(e, "caller_wait_s", l);
  if (l == Language::en)
    return fmt::format("The queue's own figures show a wait of {}; from the first ring it was {} for the caller.",
                       queue, caller);
  return fmt::format("По данным самой очереди ожидание составило {}; для абонента от первого гудка прошло {}.", queue,
                     caller);
}

std::string new_announcements(const Evidence& e, Language l) {
  const uint64_t n = whole(e, "callers"), sounds = whole(e, "sounds");
  const std::string first = duration_of(e, "first_s", l), last = duration_of(e, "last_s", l);
  if (l == Language::en) {
    return sounds == 1 ? fmt::format("{} heard an announcement that was never played before, always {} after arriving.",
                                     callers(n, l), first)
                       : fmt::format(
                             "{} heard {} announcements that were never played before, always at the same moments, the "
                             "first after {}, the last after {}.",
                             callers(n, l), sounds, first, last);
  }
  const auto heard = russian_form(n, "услышал", "услышали", "услышали");
  if (sounds == 1)
    return fmt::format("{} {} объявление, которого раньше не было, всегда через {} после начала вызова.", callers(n, l),
                       heard, first);
  return fmt::format(
      "{} {} {} {}, которых раньше не было, всегда в одни и те же моменты: первое через {}, последнее через {}.",
      callers(n, l), heard, sounds, russian_form(sounds, "объявление", "объявления", "объявлений"), first, last);
}

std::string left_while_held(const Evidence& e, Language l) {
  const uint64_t left = whole(e, "left"), all = whole(e, "callers");
  if (l == Language::en) return fmt::format("{} of the {} held callers hung up before anyone could answer.", left, all);
  return fmt::format("{} из {} {} {} трубку, не дождавшись ответа.", left, all,
                     russian_form(all, "удержанного абонента", "удержанных абонентов", "удержанных абонентов"),
                     russian_form(left, "положил", "положили", "положили"));
}

std::string every_offer_missed(const Evidence& e, Language l) {
  const uint64_t offers = whole(e, "offers"), refused = whole(e, "refused");
  const std::string span = duration_of(e, "span_s", l);
  if (l == Language::en)
    return fmt::format("A phone shown as free took none of the {} calls offered to it in {}; it refused {} at once.",
                       offers, span, refused == offers ? "all" : fmt::format("{}", refused));
  return fmt::format("Телефон, который числится свободным, за {} не принял ни одного из {} {}; сразу отклонил {}.",
                     span, offers,
                     russian_form(offers, "предложенного вызова", "предложенных вызовов", "предложенных вызовов"),
                     refused == offers ? "все" : fmt::format("{}", refused));
}

std::string nobody_logged_in(const Evidence& e, Language l) {
  const uint64_t n = whole(e, "callers");
  if (l == Language::en)
    return fmt::format("{} waited a minute or longer in a queue where nobody is logged in.", callers(n, l));
  return fmt::format("{} {} минуту или дольше в очереди, где нет ни одного оператора.", callers(n, l),
                     russian_form(n, "ждал", "ждали", "ждали"));
}

std::string held_in_queue(const Evidence& e, Language l) {
  const uint64_t n = whole(e, "callers");
  const std::string longest = duration_of(e, "longest_s", l);
  if (l == Language::en)
    return fmt::format("{} stood in the queue{} and {} not put through, the longest for {}.", callers(n, l),
                       while_free(e, l), n == 1 ? "was" : "were", longest);
  return fmt::format("{} {} в очереди{}, но вызов никому не передавался, дольше всех {}.", callers(n, l),
                     russian_form(n, "стоял", "стояли", "стояли"), while_free(e, l), longest);
}

std::string answers_stopped(const Evidence& e, Language l) {
  const uint64_t n = whole(e, "callers");
  const std::string since = duration_of(e, "since_answer_s", l);
  if (l == Language::en)
    return fmt::format(
        "Nobody in the queue has been answered for {} although {} came or waited; before, answers came steadily.",
        since, callers(n, l));
  return fmt::format("В очереди {} никому не отвечали, хотя за это время {} {}; раньше ответы шли ровно.", since,
                     russian_form(n, "ждал", "ждали", "ждали"), callers(n, l));
}

struct Template {
  std::string_view id;
  Sentence words;
};
// Sorted by id.
constexpr std::array<Template, 9> kTemplates{{{"answers_stopped", answers_stopped},
                                              {"constant_wait", constant_wait},
                                              {"every_offer_missed", every_offer_missed},
                                              {"held_beside_free", held_beside_free},
                                              {"held_in_queue", held_in_queue},
                                              {"hidden_from_queue", hidden_from_queue},
                                              {"left_while_held", left_while_held},
                                              {"new_announcements", new_announcements},
                                              {"nobody_logged_in", nobody_logged_in}}};
// Those of the table of sentences included.
constexpr auto kTemplateIds = std::to_array<std::string_view>({
    "abandon_surge",
    "answers_stopped",
    "arrival_drought",
    "arrivals_up",
    "callers_pile_up",
    "changed_just_before",
    "constant_queue",
    "constant_wait",
    "equal_groups",
    "every_offer_missed",
    "expected_wait",
    "hangups_after_announcement",
    "held_beside_free",
    "held_in_queue",
    "hidden_from_queue",
    "hold_in_talk",
    "idle_while_failing",
    "left_while_held",
    "left_without_answer",
    "members_missing",
    "members_sent_away",
    "new_announcements",
    "nobody_logged_in",
    "promised_wait",
    "repeat_callers",
    "round_wait",
    "same_wait",
    "service_level",
    "service_level_collapse",
    "service_level_split",
    "shifted_arrivals",
    "short_answers",
    "silent_dialog",
    "source_half_blind",
    "source_lost",
    "source_silent",
    "survey",
    "talks_longer",
    "transfer_ping_pong",
    "trunk_failure",
    "wait_without_load",
    "waits_drift",
});
constexpr auto kValues = std::to_array<std::string_view>({
    "answered_share",
    "answers",
    "at_work",
    "back",
    "before_s",
    "caller_wait_s",
    "callers",
    "calls",
    "cases",
    "class",
    "days",
    "excess_share",
    "expected",
    "expected_s",
    "first_s",
    "free",
    "high_share",
    "lag_s",
    "last_s",
    "left",
    "limit_s",
    "lines",
    "longest_s",
    "lost_s",
    "low_share",
    "occupancy_share",
    "occupancy_usual_share",
    "of",
    "offers",
    "other_line",
    "promised_s",
    "queue_wait_s",
    "ratio",
    "refused",
    "silent_s",
    "since_answer_s",
    "slope_s",
    "sounds",
    "span_s",
    "spread_s",
    "talk_s",
    "talks",
    "usual",
    "usual_s",
    "usual_share",
    "wait_s",
    "waiting",
});

}  // namespace

std::string evidence_words(const Evidence& evidence, Language language) {
  for (const Template& t : kTemplates) {
    if (t.id == evidence.template_id) return t.words(evidence, language);
  }
  for (const TableSentence& t : sentence_table()) {
    if (t.id != evidence.template_id) continue;
    if (auto words = fill_sentence(t, evidence, language); !words.empty()) return words;
  }
  if (language == Language::en) return fmt::format("A sign seen in {} cases.", evidence.sample_size);
  return fmt::format("Признак отмечен в {} {}.", evidence.sample_size,
                     russian_form(evidence.sample_size, "случае", "случаях", "случаях"));
}

std::span<const std::string_view> evidence_templates() { return kTemplateIds; }
std::span<const std::string_view> evidence_values() { return kValues; }

}  // namespace hf::incidents
