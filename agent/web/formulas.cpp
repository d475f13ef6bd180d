#include "agent/web/formulas.hpp"

#include <array>

namespace hf::web {

namespace {

constexpr std::string_view kSeconds = "seconds", kSecondsRu = "секунды", kCalls = "calls", kCallsRu = "звонки", kShare = "share", kShareRu = "доля",
                           kCallerSeconds = "caller-seconds", kCallerSecondsRu = "секунды абонентов";

constexpr std::array kFormulas = {
    Formula{"offered", "calls that arrived",
            {"Offered", kCalls, "All calls that came in, whatever became of them."},
            {"Поступило", kCallsRu, "Все поступившие звонки, чем бы они ни закончились."}},
    Formula{"answered", "calls that a person answered",
            {"Answered", kCalls, "Calls that ended up talking to a person."},
            {"Отвечено", kCallsRu, "Звонки, на которые ответил человек."}},
    Formula{"abandoned", "calls whose caller hung up before a person answered",
            {"Abandoned", kCalls, "Callers who gave up waiting. Those who hung up within the first seconds are also shown apart (short_abandoned): many of them dialled wrongly."},
            {"Потеряно", kCallsRu, "Абоненты, которые не дождались ответа. Повесившие трубку в первые секунды показаны и отдельно (short_abandoned): многие из них ошиблись номером."}},
    Formula{"caller_wait_s", "first person - first arrival at the PBX",
            {"Caller wait", kSeconds, "How long the caller really waited for a person, through every announcement, menu and queue."},
            {"Ожидание абонента", kSecondsRu, "Сколько абонент на самом деле ждал человека: со всеми объявлениями, меню и очередями."}},
    Formula{"queue_wait_s", "answer - join of the queue that answered",
            {"Queue wait", kSeconds, "The official wait: only the time in the queue that answered. What comes before the queue does not count in it, so a delay put there stays invisible."},
            {"Ожидание в очереди", kSecondsRu, "Официальное ожидание: только время в ответившей очереди. Всё, что было до очереди, в него не входит, поэтому задержка перед очередью в нём не видна."}},
    Formula{"asa_s", "sum of the waits of answered calls / answered",
            {"Average speed of answer", kSeconds, "The average wait of those who were answered. A few very long waits can hide in it."},
            {"Средняя скорость ответа", kSecondsRu, "Среднее ожидание тех, кому ответили. Несколько очень долгих ожиданий могут в нём потеряться."}},
    Formula{"wait_p50_s", "median wait of answered calls",
            {"Half waited no longer than", kSeconds, "Line up all answered callers by their wait: this is the wait of the one in the middle."},
            {"Половина ждала не дольше", kSecondsRu, "Если выстроить всех, кому ответили, по времени ожидания, это ожидание того, кто стоит в середине."}},
    Formula{"wait_p95_s", "95th percentile of the wait of answered calls",
            {"19 of 20 waited no longer than", kSeconds, "Of twenty answered callers, nineteen waited no longer than this."},
            {"19 из 20 ждали не дольше", kSecondsRu, "Из двадцати абонентов, которым ответили, девятнадцать ждали не дольше этого."}},
    Formula{"ignore_abandons", "A<X / (O - B<X)",
            {"Service level, quick hang-ups left out", kShare, "Of all calls but those that hung up within X seconds: the share answered within X seconds."},
            {"Уровень сервиса без быстрых отказов", kShareRu, "Доля звонков, отвеченных за X секунд, среди всех, кроме повесивших трубку за те же X секунд."}},
    Formula{"abandons_negative", "A<X / O",
            {"Service level, every hang-up counts against", kShare, "Of all calls: the share answered within X seconds. The strictest of the four."},
            {"Уровень сервиса, все отказы в минус", kShareRu, "Доля звонков, отвеченных за X секунд, среди всех поступивших. Самая строгая из четырёх формул."}},
    Formula{"abandons_positive", "(A<X + B<X) / O",
            {"Service level, quick hang-ups count as served", kShare, "Of all calls: the share that was answered or hung up within X seconds. The most flattering of the four."},
            {"Уровень сервиса, быстрые отказы в плюс", kShareRu, "Доля звонков, которые за X секунд получили ответ или были брошены. Самая лестная из четырёх формул."}},
    Formula{"only_handled", "A<X / A",
            {"Service level of answered calls", kShare, "Of the answered calls: the share answered within X seconds. Those who gave up are not in it at all."},
            {"Уровень сервиса отвеченных", kShareRu, "Доля отвеченных за X секунд среди отвеченных. Те, кто не дождался, в неё не входят вовсе."}},
    Formula{"abandon_rate", "(B - short B) / (O - short B)",
            {"Abandon rate", kShare, "The share of callers who gave up, wrong numbers (very short calls) left out."},
            {"Доля потерянных", kShareRu, "Доля абонентов, которые не дождались; очень короткие звонки (ошибки набора) не считаются."}},
    Formula{"occupancy", "busy / (busy + free)",
            {"Occupancy", kShare, "How much of their time at the phone agents spend with callers. Pauses are left out."},
            {"Занятость", kShareRu, "Какую часть времени у телефона операторы заняты абонентами. Перерывы не считаются."}},
    Formula{"free", "agents not paused, not ringing, not in wrap-up, of that queue and tier, and answering",
            {"Really free", "agents", "Agents who could take a call now. A phone that refuses or misses every call is not free, even if the PBX shows it so (shown_free)."},
            {"Действительно свободны", "операторы", "Операторы, которые могут принять звонок сейчас. Телефон, который отклоняет или пропускает все вызовы, не свободен, даже если станция показывает иначе (shown_free)."}},
    Formula{"avoidable_s", "integral of min(callers waiting, agents really free) after one ring time",
            {"Avoidable wait", kCallerSeconds, "The time callers waited although an agent was free to take them. Time before the queue counts beyond what is usual for the line."},
            {"Лишнее ожидание", kCallerSecondsRu, "Время, которое абоненты ждали, хотя был свободный оператор. Время до очереди считается сверх обычного для этой линии."}},
    Formula{"imposed_wait_s", "median(arrival to join) of the held calls - the same median before the onset",
            {"Imposed wait", "seconds per caller", "How much longer each held caller had to wait than callers of the same line before it began."},
            {"Навязанное ожидание", "секунды на абонента", "Насколько дольше пришлось ждать каждому задержанному абоненту, чем абонентам той же линии до начала."}},
    Formula{"imposed_caller_s", "sum over held callers of the imposed wait so far",
            {"Imposed wait in all", kCallerSeconds, "All the time taken from callers by the artificial hold so far, those still waiting included."},
            {"Навязанное ожидание всего", kCallerSecondsRu, "Всё время, отнятое у абонентов искусственным удержанием до сих пор, включая тех, кто ещё ждёт."}},
    Formula{"time_to_signal_s", "signalled - onset",
            {"Time to signal", kSeconds, "How long it went on before Holdfast said so."},
            {"Время до сигнала", kSecondsRu, "Сколько это продолжалось, прежде чем Holdfast сообщил."}},
    Formula{"completeness", "observed seconds / all seconds",
            {"Completeness", kShare, "In which part of the time the PBX was seen at all. Below 1 the other figures miss something."},
            {"Полнота наблюдения", kShareRu, "Какую часть времени станция была видна. Если меньше 1, в остальных цифрах чего-то не хватает."}},
};

}  // namespace

std::span<const Formula> all_formulas() { return kFormulas; }

}  // namespace hf::web
