// Values for the wire's tests: random ones from GoogleTest's seed, and one plain incident.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "agent/wire/messages.hpp"

namespace hf::wire::samples {

inline std::mt19937_64 seeded() {
  const auto seed = static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed());
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  return std::mt19937_64(seed);
}

class Maker {
 public:
  explicit Maker(std::mt19937_64 random) : random_(random) {}

  uint64_t below(uint64_t limit) { return std::uniform_int_distribution<uint64_t>(0, limit - 1)(random_); }
  uint32_t count() { return static_cast<uint32_t>(below(3) == 0 ? UINT32_MAX : below(1000)); }
  Duration span() { return std::chrono::milliseconds(below(5) == 0 ? 0 : below(10'000'000)); }
  Time time() { return Time(std::chrono::milliseconds(946684800000 + static_cast<int64_t>(below(3'000'000'000'000)))); }
  std::optional<Duration> maybe_span() { return below(3) == 0 ? std::nullopt : std::optional(span()); }
  std::optional<Time> maybe_time() { return below(2) == 0 ? std::nullopt : std::optional(time()); }
  Id id() { return Id{random_()}; }

  Bins bins() {
    Bins out;
    for (uint8_t bin = 0; bin < kBins; ++bin)
      if (below(20) == 0) out.emplace_back(bin, static_cast<uint32_t>(1 + below(50)));
    return out;
  }

  Summary summary() {
    Summary s;
    s.scope = below(2) == 0 ? Scope::queue : Scope::line;
    s.id = id();
    s.span = static_cast<Span>(below(3));
    const auto minutes = std::chrono::minutes(minutes_of(s.span));
    s.start = Time(std::chrono::floor<std::chrono::minutes>(time().time_since_epoch()) / minutes * minutes);
    s.cover = s.span == Span::minute ? 1 : 1 + below((uint64_t{1} << minutes.count()) - 1);
    s.revision = count(), s.observed_seconds = static_cast<uint32_t>(below(61));
    s.offered = count(), s.answered = count(), s.abandoned = count(), s.short_abandoned = count(), s.timeout = count();
    s.exit_key = count(), s.refused = count(), s.lost = count(), s.answered_within = count(),
    s.abandoned_within = count();
    s.service_level = span(), s.answered_wait = span(), s.abandoned_wait = span(), s.hold = span(), s.talk = span();
    s.longest_wait = span(), s.waiting = span();
    s.staffed = maybe_span(), s.busy = maybe_span(), s.free = maybe_span(), s.avoidable_wait = maybe_span();
    s.answered_waits = bins(), s.abandoned_waits = bins(), s.holds = bins();
    return s;
  }

  Evidence evidence() {
    Evidence e{templates()[below(templates().size())], count(), time(), {}};
    for (const auto name : value_names())
      if (e.values.size() < kMaxValues && below(2) == 0)
        e.values.push_back({name, static_cast<int64_t>(below(2 * kMaxMilli)) - kMaxMilli});
    return e;
  }

  Incident incident() {
    Incident i;
    i.id = id(), i.kind = static_cast<IncidentKind>(below(10)), i.revision = count();
    for (uint64_t n = below(5); n > 0; --n) i.lines.push_back(id()), i.line_named.push_back(time());
    for (uint64_t n = below(5); n > 0; --n) i.queues.push_back(id());
    i.onset = time(), i.onset_low = time(), i.onset_high = time(), i.signalled = time();
    i.closed = maybe_time(), i.acknowledged = maybe_time(), i.imposed_wait = maybe_span(), i.affected_calls = count();
    i.avoidable = maybe_span(), i.imposed = span();
    for (uint64_t n = below(4); n > 0; --n) i.evidence.push_back(evidence());
    return i;
  }

  SurveyDay survey_day() {
    SurveyDay d;
    if (below(3) != 0) d.queue = id();
    d.start = std::chrono::floor<std::chrono::days>(time());
    d.question = static_cast<SurveyQuestion>(below(3));
    d.low = static_cast<uint16_t>(below(2)), d.high = static_cast<uint16_t>(5 + below(6));
    d.answers = static_cast<uint32_t>(5 + below(1000)), d.sum = d.answers * static_cast<uint32_t>(d.low + below(3));
    d.top = static_cast<uint32_t>(below(d.answers + 1)), d.bottom = d.answers - d.top;
    return d;
  }

  Body body() {
    switch (below(5)) {
      case 4: {
        Surveys s;
        for (uint64_t n = 1 + below(5); n > 0; --n) s.sums.push_back(survey_day());
        return s;
      }
      case 0: {
        Minutes m;
        for (uint64_t n = 1 + below(9); n > 0; --n) m.sums.push_back(summary());
        return m;
      }
      case 1:
        return incident();
      case 2:
        return Labels{count(), {{Scope::line, id(), "Sales \"North\" \\ 24/7"}, {Scope::queue, id(), "Отдел продаж"}}};
      default:
        return Gap{below(2) == 0 ? GapReason::over_budget : GapReason::damaged, time(), time()};
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace hf::wire::samples
