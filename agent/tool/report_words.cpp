#include "agent/tool/report_words.hpp"

namespace hf::app {

namespace {

constexpr ReportWords kEnglish = {
    .language = "en", .title = "What Holdfast would have told you", .period = "Period", .source = "Read from", .calls = "Calls",
    .files_note = "Made from records that the telephone system kept itself. Nothing was connected, nothing was changed.", .utc = "All times are UTC.",
    .own_report = "What your own report said",
    .own_note = "Computed as the usual report on the queues does: offered, answered and abandoned as they joined the queue; ASA is the mean wait in the queue of those answered; "
                "service level is answered within 20 s of joining / offered. What happens before the queue is in none of these figures.",
    .queue = "Queue", .all = "All queues", .offered = "Offered", .answered = "Answered", .abandoned = "Abandoned", .other = "Other ends", .asa = "ASA", .level = "Service level 20 s",
    .longest = "Longest wait",
    .told = "What we would have told you", .told_none = "Nothing. In this time no incident would have been raised.", .onset = "Began (estimated)", .signalled = "You would have been told",
    .after_onset = "after the onset (Time-to-Signal)", .closed = "Over", .still_open = "still open at the end of the records", .lines = "Lines", .queues = "Queues", .phones = "Phones",
    .imposed = "Extra wait", .per_caller = "for each of", .affected = "callers", .avoidable = "Avoidable wait (beside free agents)",
    .unknown = "unknown: these records do not tell which agents were free",
    .evidence = "Evidence", .first_told = "When it was told", .checks = "What to look at first", .same_time = "The same time, twice", .by_report = "By the queue report",
    .by_callers = "By the callers' own wait, from their arrival", .callers = "Callers", .left = "Left without a person", .left_before = "of them before any queue (in no queue report)",
    .mean_wait = "Mean wait",
    .chart = "Waits of answered callers over the period (median)", .chart_caller = "from arrival at the telephone system", .chart_queue = "in the queue, as the report counts",
    .chart_incident = "incident", .cannot = "What these records cannot tell",
    .cannot_agents = "Who was free: so avoidable wait reads unknown, and a hold is only named once held callers were answered. Connected live, it is named while they still wait.",
    .cannot_channels = "Anything before the queue: a hold there stays invisible. CDR or CEL of the same time would show it.",
    .cannot_steps = "Which announcements and music callers heard.", .warnings = "Notes from reading", .minutes = "min",
};

constexpr ReportWords kRussian = {
    .language = "ru", .title = "Что сообщил бы вам Holdfast", .period = "Период", .source = "Источник", .calls = "Вызовов",
    .files_note = "Составлено по записям, которые вела сама телефонная станция. Ничего не подключали и ничего не меняли.", .utc = "Всё время указано в UTC.",
    .own_report = "Что показал ваш собственный отчёт",
    .own_note = "Посчитано так же, как в обычном отчёте по очередям: поступило, отвечено и потеряно считаются по входу в очередь; ASA — среднее ожидание в очереди тех, кому ответили; "
                "уровень сервиса — отвечено за 20 с от входа в очередь / поступило. То, что происходит до очереди, в эти цифры не входит.",
    .queue = "Очередь", .all = "Все очереди", .offered = "Поступило", .answered = "Отвечено", .abandoned = "Потеряно", .other = "Иначе", .asa = "ASA",
    .level = "Уровень сервиса 20 с", .longest = "Самое долгое ожидание",
    .told = "Что сообщили бы мы", .told_none = "Ничего. За это время не было бы ни одного инцидента.", .onset = "Началось (оценка)", .signalled = "Вам сообщили бы",
    .after_onset = "после начала (Time-to-Signal)", .closed = "Закончилось", .still_open = "не закончилось до конца записей", .lines = "Линии", .queues = "Очереди", .phones = "Телефоны",
    .imposed = "Лишнее ожидание", .per_caller = "у каждого из", .affected = "абонентов", .avoidable = "Устранимое ожидание (при свободных операторах)",
    .unknown = "неизвестно: в этих записях нет сведений о том, кто из операторов был свободен",
    .evidence = "Доказательства", .first_told = "Когда об этом сообщили бы", .checks = "Что проверить в первую очередь", .same_time = "Одно и то же время, два взгляда",
    .by_report = "По отчёту очередей", .by_callers = "По ожиданию самих абонентов, от поступления вызова", .callers = "Абонентов", .left = "Ушли без ответа человека",
    .left_before = "из них до всякой очереди (нет ни в одном отчёте)", .mean_wait = "Среднее ожидание",
    .chart = "Ожидание отвеченных абонентов за период (медиана)", .chart_caller = "от поступления на станцию", .chart_queue = "в очереди, как считает отчёт",
    .chart_incident = "инцидент", .cannot = "Чего по этим записям не узнать",
    .cannot_agents = "Кто был свободен: поэтому устранимое ожидание неизвестно, а удержание названо лишь после того, как удержанным ответили. При подключении его видно, пока они ещё ждут.",
    .cannot_channels = "Что было до очереди: удержание там не видно. Его показали бы CDR или CEL за то же время.",
    .cannot_steps = "Какие объявления и музыку слышали абоненты.", .warnings = "Замечания при чтении", .minutes = "мин",
};

}  // namespace

const ReportWords& report_words(incidents::Language language) { return language == incidents::Language::ru ? kRussian : kEnglish; }

}  // namespace hf::app
