// Sentences that need no grammar of their own: a text with numbers in it. {left} is a whole number, {wait_s} a time,
// {usual_share} a share in percent, {ratio} a number with one decimal.
#include "agent/incidents/sentence_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "agent/incidents/number_words.hpp"

namespace hf::incidents {
namespace {

// Sorted by id.
constexpr auto kSentences = std::to_array<TableSentence>({
    {"abandon_surge",
     "{calls} of {of} callers hung up before an answer, or have waited as long as those who do; usually it is "
     "{usual_share}.",
     "{calls} из {of} абонентов положили трубку без ответа или ждут уже столько, сколько ждут такие; обычно их "
     "{usual_share}."},
    {"arrival_drought",
     "Calls in {span_s}: only {callers}; {expected} were to be expected, and agents are at work.",
     "За {span_s} позвонило абонентов: {callers}; ожидалось {expected}, операторы на месте."},
    {"arrivals_up", "{callers} callers came in {span_s}; {expected} were to be expected.",
     "За {span_s} позвонило абонентов: {callers}; ожидалось {expected}."},
    {"callers_pile_up",
     "Callers waiting at a time, on average over the last 20 minutes: {waiting}; usual at this hour: {usual}. Agents at "
     "work: {at_work}.",
     "За последние 20 минут в среднем одновременно ждали {waiting}, работает операторов: {at_work}; в это время обычно "
     "ждут {usual}."},
    {"changed_just_before", "The PBX's configuration was changed {before_s} before the first held caller came.",
     "Конфигурацию станции изменили за {before_s} до первого удержанного абонента."},
    {"constant_queue",
     "Over {callers} arrivals, as many callers were waiting as had come in the last {wait_s}: everybody is kept for "
     "that long.",
     "При {callers} поступлениях ждало столько абонентов, сколько пришло за последние {wait_s}: каждого держат "
     "столько."},
    {"equal_groups", "{lines} lines now have one and the same wait, {wait_s}, give or take {spread_s}.",
     "Линий с одним и тем же ожиданием: {lines}; это {wait_s} с разбросом {spread_s}."},
    {"expected_wait",
     "Calls in the last hour: {calls}, agents at work: {at_work}. By Erlang-A a mean wait of {expected_s} is to be "
     "expected; it was {wait_s}.",
     "За последний час вызовов: {calls}, работает операторов: {at_work}; по формуле Эрланга A следует ждать в среднем "
     "{expected_s}, а ждали {wait_s}."},
    {"hangups_after_announcement",
     "{left} of {of} hang-ups came within 15 s after an announcement, {ratio} times as often as at other moments.",
     "Из {of} отбоев {left} — в первые 15 с после объявления, в {ratio} раза чаще, чем в другие моменты."},
    {"hold_in_talk",
     "In {calls} of {of} talks the caller was on hold for most of the time; usually it is {usual_share}.",
     "В {calls} разговорах из {of} абонент большую часть времени провёл на удержании; обычно таких {usual_share}."},
    {"idle_while_failing",
     "Agents were busy {occupancy_share} of the time (before: {occupancy_usual_share}), while {answered_share} of "
     "callers were answered within a minute (before: {usual_share}).",
     "Операторы были заняты {occupancy_share} времени (раньше {occupancy_usual_share}), а за минуту ответили "
     "{answered_share} абонентов (раньше {usual_share})."},
    {"left_without_answer",
     "Of {left} callers who left without an answer, {back} called again, {other_line} of them on another line.",
     "Из {left} ушедших без ответа снова позвонили {back}, из них на другую линию {other_line}."},
    {"members_missing", "Agents at work in this queue: {at_work}; usual at this hour: {expected}.",
     "В этой очереди работает операторов: {at_work}; в это время обычно {expected}."},
    {"members_sent_away",
     "{left} of {of} agents logged out within two minutes; of the callers who came since, {callers} wait and none was "
     "answered.",
     "За две минуты вышли {left} из {of} операторов; из позвонивших после этого ждут {callers}, не ответили никому."},
    {"promised_wait",
     "Callers are told to expect {promised_s}; half of the last {callers} waited no longer than {wait_s}.",
     "Абонентам обещают {promised_s}, а половина последних {callers} ждала не дольше {wait_s}."},
    {"repeat_callers", "{calls} of {of} callers had called within the last day; usually it is {usual_share}.",
     "{calls} из {of} абонентов уже звонили в последние сутки; обычно таких {usual_share}."},
    {"round_wait", "{callers} of {of} long waits end within 2 s of a whole half minute.",
     "Из {of} долгих ожиданий {callers} кончаются в пределах 2 с от целой половины минуты."},
    {"same_wait",
     "{callers} of {of} callers were answered after the very same wait, {wait_s}, while others who came later were "
     "answered before them.",
     "Из {of} абонентов {callers} ответили после одного и того же ожидания, {wait_s}, а позвонившим позже ответили "
     "раньше."},
    {"service_level",
     "{answered_share} of {callers} callers were answered within a minute; before, it was {usual_share}.",
     "За минуту ответили {answered_share} из {callers} абонентов; раньше было {usual_share}."},
    {"service_level_collapse",
     "{answered_share} of {callers} callers were answered within {limit_s}; usually it is {usual_share}.",
     "За {limit_s} ответили {answered_share} из {callers} абонентов; обычно {usual_share}."},
    {"service_level_split",
     "The service level of the last hour is {low_share} or {high_share}, as one counts: {left} of {of} callers hung up.",
     "Уровень сервиса за последний час {low_share} или {high_share}, смотря как считать: {left} из {of} абонентов "
     "положили трубку."},
    {"shifted_arrivals", "{answers} of {of} answers repeat the arrivals of {lag_s} earlier.",
     "{answers} из {of} ответов повторяют поступления, бывшие за {lag_s} до них."},
    {"short_answers", "{calls} of {of} talks were ended by the agent within ten seconds; usually it is {usual_share}.",
     "{calls} из {of} разговоров оператор оборвал в первые десять секунд; обычно таких {usual_share}."},
    {"silent_dialog", "The PBX picked up at once and {callers} callers then had nobody on the line for {wait_s}.",
     "Станция сразу снимала трубку, и после этого на линии никого не было {wait_s}; таких абонентов {callers}."},
    {"source_half_blind",
     "{cases} cases in a row came without events that the PBX should send with them: the rights of our account are too "
     "narrow, or a filter is set.",
     "{cases} случаев подряд пришли без событий, которые станция должна присылать: у нашей учётной записи мало прав "
     "или стоит фильтр."},
    {"source_lost", "The link to the PBX has been down for {lost_s}; what happened meanwhile is unknown.",
     "Связи со станцией не было {lost_s}; что происходило, неизвестно."},
    {"source_silent",
     "Nothing at all came from the PBX for {silent_s}, though about {expected} calls were to be expected and agents "
     "are logged in.",
     "От станции {silent_s} не пришло ничего, хотя ожидалось вызовов: {expected}, и операторы вошли в систему."},
    {"survey", "{answers} of the last {of} answers to the survey are poor; usually it is {usual_share}.",
     "{answers} из последних {of} ответов на опрос плохие; обычно таких {usual_share}."},
    {"talks_longer", "The latest {talks} talks typically lasted about {talk_s}; usual at this hour is {usual_s}.",
     "Последние разговоры (их {talks}) длились обычно около {talk_s}; в это время обычно {usual_s}."},
    {"transfer_ping_pong",
     "{calls} of {of} answered calls were moved three times or more; usually it is {usual_share}.",
     "{calls} из {of} отвеченных вызовов переводили три раза и больше; обычно таких {usual_share}."},
    {"trunk_failure", "{calls} of {of} calls of a trunk ended within {span_s} for want of a way through.",
     "{calls} из {of} вызовов транка за {span_s} не прошли: не нашлось пути."},
    {"wait_without_load",
     "One more caller ahead adds {slope_s} to the wait, and should add about {expected_s} (from {callers} calls): the "
     "wait does not follow the load.",
     "Каждый абонент впереди добавляет к ожиданию {slope_s}, а должен бы около {expected_s} (по {callers} вызовам): "
     "ожидание не зависит от нагрузки."},
    {"waits_drift",
     "For {days} working days callers have waited longer than calls and staff explain, by {excess_share}.",
     "Рабочих дней, в которые абоненты ждут дольше, чем объясняют вызовы и операторы: {days}; разница {excess_share}."},
});
static_assert(std::ranges::is_sorted(kSentences, {}, &TableSentence::id));

std::string number_words(const Evidence& e, const std::string& name, Language l) {
  if (name.ends_with("_s")) return duration_of(e, name.c_str(), l);
  const auto number = value(e, name.c_str());
  if (!number) return {};
  if (name.ends_with("_share")) return fmt::format("{:.0f} %", std::clamp(*number, 0.0, 1.0) * 100);
  if (name != "ratio") return fmt::format("{}", whole(e, name.c_str()));
  std::string decimal = fmt::format("{:.1f}", std::clamp(*number, 0.0, 1e6));
  if (l == Language::ru) std::replace(decimal.begin(), decimal.end(), '.', ',');
  return decimal;
}

}  // namespace

std::span<const TableSentence> sentence_table() { return kSentences; }

std::string fill_sentence(const TableSentence& sentence, const Evidence& evidence, Language language) {
  std::string_view text = language == Language::en ? sentence.en : sentence.ru;
  std::string out;
  while (!text.empty()) {
    const size_t open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const size_t close = text.find('}');
    if (text.empty() || close == text.npos) break;
    const std::string words = number_words(evidence, std::string(text.substr(1, close - 1)), language);
    if (words.empty()) return {};
    out += words;
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace hf::incidents
