// Will this queue miss its service level? In: its minutes, with their revisions. Out: the chance of it for the next 30
// and 60 minutes, and how good such chances turned out to be. Pure; about 11 KB a queue, all of it fixed size.
#pragma once

#include <array>
#include <deque>
#include <optional>

#include "agent/forecast/hour_of_week.hpp"
#include "agent/forecast/online_logistic.hpp"
#include "agent/forecast/score_card.hpp"
#include "agent/metrics/minute.hpp"

namespace hf::forecast {

// Missed: fewer than this share of the calls that arrived in the window were answered within X ("negative" formula,
// answered within X / offered). 80 % in 20 s is what centres commonly promise; X comes with the minutes.
inline constexpr double kTargetShare = 0.8;
inline constexpr std::chrono::minutes kStep{5};  // a forecast is made at each full five minutes
inline constexpr std::array<std::chrono::minutes, 2> kHorizons{std::chrono::minutes(30), std::chrono::minutes(60)};

struct Outlook {  // what is told for one horizon
  std::chrono::minutes horizon{};
  std::optional<double> missed;  // probability; unset: not observed long enough, or nobody ever called
  Time made{};                   // the window is (made, made + horizon]
  ScoreCard card;                // of windows that do not overlap: one in each full half hour or hour
};

class QueueForecast {
 public:
  QueueForecast();
  // A minute of this queue, or a later revision of one. Minutes come in order; revisions in any.
  void on(const metrics::Minute& minute);
  // To be called when all minutes and revisions that end up to `now` were given: settles forecasts that are due and
  // makes new ones at full five minutes. Calling it again for the same `now` does nothing.
  void step(Time now, const TimeZone& zone);
  std::array<Outlook, kHorizons.size()> outlooks() const;

  template <class A>
  void fields(A& a) {
    a("minutes", minutes_), a("newest", newest_), a("stepped", stepped_), a("within", within_), a("rate", rate_),
        a("horizons", horizons_), a("any_call", any_call_);
  }

 private:
  static constexpr size_t kKept = 192;  // minutes: one hour back, one hour ahead, one hour of X
  struct Kept {                         // what is needed of a minute
    uint16_t offered = 0, within = 0, ended = 0, answered = 0, observed = 0;
    float waiting_s = 0, talk_s = 0, staffed_s = -1;  // staffed below 0: unknown
    template <class A>
    void fields(A& a) {
      a("offered", offered), a("within", within), a("ended", ended), a("answered", answered), a("observed", observed),
          a("waiting_s", waiting_s), a("talk_s", talk_s), a("staffed_s", staffed_s);
    }
  };
  struct Sum {
    double minutes = 0, offered = 0, within = 0, late = 0, answered = 0, observed_s = 0;
    double waiting_s = 0, talk_s = 0, staffed_s = 0, staffed_minutes = 0;
  };
  struct Open {  // made, and its window is not known yet
    Time made{};
    Slot slot;
    Features x{};
    Chances told;
    template <class A>
    void fields(A& a) {
      a("made", made), a("week", slot.week), a("day", slot.day), a("x", x), a("told", told);
    }
  };
  struct Horizon {
    OnlineLogistic model;
    Frequency missed;
    std::deque<Open> open;  // at most (horizon + X) / kStep
    std::optional<double> chance;
    Time made{};
    ScoreCard card;
    template <class A>
    void fields(A& a) {
      a("model", model), a("missed", missed), a("open", open), a("chance", chance), a("made", made), a("card", card);
    }
  };

  // The minutes in (to - span, to]. Calls that still wait are late once they are older than X at `now`.
  Sum sum(Time to, std::chrono::minutes span, Time now) const;
  void settle(Horizon& horizon, std::chrono::minutes span, Time now);
  void tell(Horizon& horizon, std::chrono::minutes span, Time now, const TimeZone& zone,
            const std::optional<Features>& seen);
  // Of all horizons; what each adds itself is left out.
  std::optional<Features> features(Time now, const Slot& here) const;

  std::array<Kept, kKept> minutes_{};  // minute m at m % kKept
  Time newest_{};                      // start of the newest
  Time stepped_{};
  Duration within_ = std::chrono::seconds(20);  // X
  Rate rate_;
  std::array<Horizon, kHorizons.size()> horizons_;
  bool any_call_ = false;
};

}  // namespace hf::forecast
