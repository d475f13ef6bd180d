#include <array>

#include "agent/incidents/evidence_words.hpp"

namespace hf::incidents {
namespace {

struct Words {
  std::string_view id, en, ru;
};

// Sorted by id.
constexpr std::array<Words, 27> kChecks{{
    {"check_agents_idle",
     "Look at the floor: are the agents shown as free really idle? If so, more staff will not shorten this wait.",
     "Посмотрите в зал: действительно ли свободны операторы, которые так показаны? Если да, дополнительные люди это "
     "ожидание не сократят."},
    {"check_announce", "If many ask the same, put the answer in front of the queue as a short announcement.",
     "Если многие спрашивают одно и то же, дайте ответ коротким объявлением перед очередью."},
    {"check_ask_change",
     "Ask who changed anything around the start: an announcement, the call flow, the rota, a program.",
     "Узнайте, кто около времени начала что-либо менял: объявление, схему вызова, график, программу."},
    {"check_breaks", "See who is on a break, in a meeting or on another queue, and call back those who can come.",
     "Посмотрите, кто на перерыве, на совещании или в другой очереди, и верните тех, кто может."},
    {"check_call_flow_change",
     "Ask who changed the call flow of these lines around the start: an announcement, music or a holding queue before "
     "the real one.",
     "Узнайте, кто около времени начала менял схему приёма вызовов на этих линиях: объявление, музыка или отстойник "
     "перед настоящей очередью."},
    {"check_call_the_line",
     "Call one of these lines yourself and time it: what do you hear, and when does a person answer?",
     "Позвоните на одну из этих линий сами и засеките время: что вы слышите и когда отвечает человек?"},
    {"check_carrier",
     "Ask the carrier whether there is a fault, and whether all the channels that you pay for are in use.",
     "Спросите оператора связи, нет ли аварии и не заняты ли все оплаченные каналы."},
    {"check_compare_days",
     "Compare a day of these with one of the weeks before, hour by hour: where does the longer wait begin?",
     "Сравните один из этих дней с днём прошлых недель по часам: где начинается более долгое ожидание?"},
    {"check_count_by_hand",
     "Until the link is back, watch the floor by eye: the figures of this time are missing, not zero.",
     "Пока связи нет, следите за залом сами: показателей за это время нет, это не ноль."},
    {"check_dial_in", "Call one of your numbers from a mobile phone: do you get through, and what do you hear?",
     "Позвоните на один из своих номеров с мобильного: проходит ли вызов и что вы слышите?"},
    {"check_link",
     "Open the page Sources: it names what failed. Look at the cable, the address and the account on the PBX.",
     "Откройте страницу «Источники»: там названо, что отказало. Проверьте кабель, адрес и учётную запись на станции."},
    {"check_log_in", "Have somebody log in to this queue, or see why those on duty are not shown as logged in.",
     "Пусть кто-нибудь войдёт в эту очередь; или выясните, почему дежурные не числятся вошедшими."},
    {"check_long_talks", "Look at the longest talks now: does an agent need help, or was a phone left off the hook?",
     "Посмотрите на самые долгие разговоры сейчас: нужна ли оператору помощь, не снята ли где-то трубка?"},
    {"check_more_hands", "Bring in colleagues from other queues, or offer callers to be called back.",
     "Привлеките коллег из других очередей или предложите абонентам перезвонить им."},
    {"check_new_procedure",
     "Ask whether something new makes talks longer: a script, a form, a product, new colleagues.",
     "Узнайте, не удлиняет ли разговоры что-то новое: сценарий, форма, продукт, новые сотрудники."},
    {"check_pause_member",
     "Until it is mended, pause these agents in the queue, so that calls go to the others at once.",
     "Пока это не исправлено, поставьте этих операторов на паузу в очереди, чтобы вызовы сразу шли другим."},
    {"check_pbx_runs", "Is the PBX itself at work: can one phone call another?",
     "Работает ли сама станция: дозванивается ли один телефон до другого?"},
    {"check_phone_dnd", "Look at the phones named here: is \"do not disturb\" on, or a forwarding set?",
     "Посмотрите на названные телефоны: не включён ли режим «не беспокоить» или переадресация?"},
    {"check_read_signal", "Open the page Signals: the help of this signal says what it is and what looks like it.",
     "Откройте страницу «Признаки»: в справке сказано, что это и что на это похоже."},
    {"check_rota", "Look at the rota: who should be on this queue now?",
     "Посмотрите график: кто сейчас должен работать в этой очереди?"},
    {"check_route_away", "If nobody can come, send the callers to another queue or tell them when to call again.",
     "Если никого нет, направьте абонентов в другую очередь или сообщите им, когда перезвонить."},
    {"check_routing",
     "Look at the queue's settings: ring time, wrap-up, order of agents, members who are rung but seldom answer.",
     "Посмотрите настройки очереди: время звонка, обработка после вызова, порядок операторов, кто редко отвечает."},
    {"check_slow_system", "Ask the agents: is a program slow or down that they need while they talk?",
     "Спросите операторов: не тормозит ли программа, которая нужна им во время разговора?"},
    {"check_test_call", "Call the phone directly: does it ring, and does the agent hear it?",
     "Позвоните на этот телефон напрямую: звонит ли он и слышит ли его оператор?"},
    {"check_trunk_up", "On the PBX, see whether the trunk named here is registered and reachable, and since when.",
     "Посмотрите на станции, зарегистрирован ли названный транк и доступен ли он, и с какого времени."},
    {"check_what_changed",
     "Ask what changed on the first of these days: call flow, announcements, rota, breaks, skills.",
     "Узнайте, что изменилось в первый из этих дней: схема вызова, объявления, график, перерывы, навыки."},
    {"check_what_happened", "Ask a few callers why they call: an outage, a mailing, a bill, a deadline?",
     "Спросите нескольких абонентов, почему они звонят: авария, рассылка, счёт, срок?"},
}};
constexpr auto kCheckIds = [] {
  std::array<std::string_view, kChecks.size()> ids{};
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = kChecks[i].id;
  return ids;
}();

struct KindWords {
  Kind kind;
  std::string_view en, ru, en_sentence, ru_sentence;
};
constexpr std::array<KindWords, 10> kKinds{{
    {Kind::artificial_hold, "Artificial hold", "Искусственное ожидание",
     "Callers are made to wait although agents are free.", "Абонентов заставляют ждать, хотя операторы свободны."},
    {Kind::dead_queue, "Queue without agents", "Очередь без операторов", "Callers wait in a queue that nobody serves.",
     "Абоненты ждут в очереди, которую никто не обслуживает."},
    {Kind::phones_refuse, "Phones refuse calls", "Телефоны не принимают вызовы",
     "Phones shown as free take none of the calls offered to them.",
     "Телефоны, которые числятся свободными, не принимают предложенные вызовы."},
    {Kind::missing_agents, "Agents are missing", "Не хватает операторов", "Fewer agents are at work than usual.",
     "Работает меньше операторов, чем обычно."},
    {Kind::handling_time, "Calls take longer", "Разговоры стали дольше", "Talks last longer than usual.",
     "Разговоры длятся дольше обычного."},
    {Kind::arrival_surge, "More calls than usual", "Вызовов больше обычного", "More callers arrive than usual.",
     "Звонят чаще обычного."},
    {Kind::wait_drift, "Waits are growing", "Ожидание растёт", "Callers wait longer than usual.",
     "Абоненты ждут дольше обычного."},
    {Kind::trunk_failure, "Calls do not get in", "Вызовы не проходят",
     "Calls of a trunk fail for want of a way through.", "Вызовы транка не проходят: нет пути."},
    {Kind::source_gap, "PBX not observed", "Станция не наблюдается",
     "The PBX is not observed, or only in part: what is missing is unknown, not zero.",
     "Станция не наблюдается или наблюдается не полностью: недостающее неизвестно, это не ноль."},
    {Kind::unknown, "Something unusual", "Что-то необычное", "A signal stands that names no cause yet.",
     "Стоит признак, который ещё не называет причины."},
}};

const KindWords& words_of(Kind kind) {
  for (const KindWords& w : kKinds) {
    if (w.kind == kind) return w;
  }
  return kKinds.back();
}

}  // namespace

std::string check_words(std::string_view template_id, Language language) {
  for (const Words& w : kChecks) {
    if (w.id == template_id) return std::string(language == Language::en ? w.en : w.ru);
  }
  return {};
}

std::string kind_words(Kind kind, Language language) {
  return std::string(language == Language::en ? words_of(kind).en : words_of(kind).ru);
}

std::string kind_sentence(Kind kind, Language language) {
  return std::string(language == Language::en ? words_of(kind).en_sentence : words_of(kind).ru_sentence);
}

std::span<const std::string_view> check_templates() { return kCheckIds; }

}  // namespace hf::incidents
