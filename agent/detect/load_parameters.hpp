// The figures that the load signals rest on, each with its reason in README.md, in one place so that a table can halve
// and double each of them.
#pragma once

#include <array>
#include <string_view>

namespace hf::detect {

struct LoadParameters {
  // One boundary for all causes: ln(suffering) + what the cause itself shows. e^3 = 20: callers waiting for each
  // member at work, times how many times more wait than today so far.
  double enough = 3;
  double suffering_minutes = 20;  // over which callers waiting are averaged
  double most_today = 8;          // times as many as today so far: more says no more
  // Times as many as at this half hour of the week, else nobody suffers; a cause that shows makes up for part of it, down
  // to the least.
  double beyond_usual = 4, least_beyond = 2;
  // What a cause shows, in that unit: worth * (shown - from), at most `most`.
  double surge_worth = 0.2, surge_most = 0.7;    // of nats
  double missing_worth = 2, missing_most = 1.2;  // of ln(expected / at work)
  double missing_from = 0.15;
  double talk_worth = 0.5, talk_from = 3.5;  // of nats
  // Of the causes the one is named whose own evidence exceeds these by the largest factor.
  double surge_nats = 4.5, talk_nats = 7, missing_ln = 0.55;
  double least_shown = 0.4;        // of them: callers who pile up for none of these reasons are not named
  double missing_slack = 0.25;     // ln: the half hour of the week tells the staff of a day within so much
  double rate_shape = 80;          // Gamma shape of an ordinary half hour's rate: 11 % standard deviation
  double level_weight = 20;        // arrivals that the usual level of a day is worth
  double talk_wander = 0.1;        // standard deviation of an hour's mean ln(talk) around what is usual for it
  double talk_level_weight = 330;  // talks that the usual level of talks is worth: days differ by 7 %, hours by 10 %
  // Waits that drift for days: the shift looked for (ln 1.3), nats, and working days after which half is forgotten.
  double drift_shift = 0.262, drift_nats = 5.4, drift_keep_days = 45;
  double level_lag_minutes = 45;  // younger talks do not move the level they are judged by
  double bad_minutes = 30;  // of a day whose waits then say something else
  double quiet_minutes = 30;  // without suffering: the incident is over
  double quiet_backlog = 0.5;  // callers for each member: fewer are no suffering
  double units_a_nat = 0.3;  // of a queue's share of the budget; the tail of an ordinary day's largest sum falls by e each 0.3
  double first_caller = 0.5;  // a morning without waits is no measure
  double quiet_prior_minutes = 90;  // a day begins with as many minutes without a wait
  double talk_cap = 1;  // nats of one talk at most, up and down (Huber)
  double talk_look_back_minutes = 120;  // no onset is sought before
  double busy_half_hour = 5;  // calls: quieter half hours do not count for the day
  double drift_clip = 2.5;  // standard deviations that one day may count
  double drift_pending = 3;  // working days held back: a drift may have begun in them
  double drift_fewest_days = 6;  // learnt before any is judged
  double drift_new_normal = 20;  // working days after which a shift is the usual state
};

struct LoadParameterName {
  std::string_view name;
  double LoadParameters::*value;
};
inline constexpr std::array kLoadParameters{
    LoadParameterName{"enough", &LoadParameters::enough},
    LoadParameterName{"suffering_minutes", &LoadParameters::suffering_minutes},
    LoadParameterName{"most_today", &LoadParameters::most_today},
    LoadParameterName{"beyond_usual", &LoadParameters::beyond_usual},
    LoadParameterName{"least_beyond", &LoadParameters::least_beyond},
    LoadParameterName{"surge_worth", &LoadParameters::surge_worth},
    LoadParameterName{"surge_most", &LoadParameters::surge_most},
    LoadParameterName{"missing_worth", &LoadParameters::missing_worth},
    LoadParameterName{"missing_most", &LoadParameters::missing_most},
    LoadParameterName{"missing_from", &LoadParameters::missing_from},
    LoadParameterName{"talk_worth", &LoadParameters::talk_worth},
    LoadParameterName{"talk_from", &LoadParameters::talk_from},
    LoadParameterName{"surge_nats", &LoadParameters::surge_nats},
    LoadParameterName{"talk_nats", &LoadParameters::talk_nats},
    LoadParameterName{"missing_ln", &LoadParameters::missing_ln},
    LoadParameterName{"least_shown", &LoadParameters::least_shown},
    LoadParameterName{"missing_slack", &LoadParameters::missing_slack},
    LoadParameterName{"rate_shape", &LoadParameters::rate_shape},
    LoadParameterName{"level_weight", &LoadParameters::level_weight},
    LoadParameterName{"talk_wander", &LoadParameters::talk_wander},
    LoadParameterName{"talk_level_weight", &LoadParameters::talk_level_weight},
    LoadParameterName{"drift_shift", &LoadParameters::drift_shift},
    LoadParameterName{"drift_nats", &LoadParameters::drift_nats},
    LoadParameterName{"drift_keep_days", &LoadParameters::drift_keep_days},
    LoadParameterName{"level_lag_minutes", &LoadParameters::level_lag_minutes},
    LoadParameterName{"bad_minutes", &LoadParameters::bad_minutes},
    LoadParameterName{"quiet_minutes", &LoadParameters::quiet_minutes},
    LoadParameterName{"quiet_backlog", &LoadParameters::quiet_backlog},
    LoadParameterName{"units_a_nat", &LoadParameters::units_a_nat},
    LoadParameterName{"first_caller", &LoadParameters::first_caller},
    LoadParameterName{"quiet_prior_minutes", &LoadParameters::quiet_prior_minutes},
    LoadParameterName{"talk_cap", &LoadParameters::talk_cap},
    LoadParameterName{"talk_look_back_minutes", &LoadParameters::talk_look_back_minutes},
    LoadParameterName{"busy_half_hour", &LoadParameters::busy_half_hour},
    LoadParameterName{"drift_clip", &LoadParameters::drift_clip},
    LoadParameterName{"drift_pending", &LoadParameters::drift_pending},
    LoadParameterName{"drift_fewest_days", &LoadParameters::drift_fewest_days},
    LoadParameterName{"drift_new_normal", &LoadParameters::drift_new_normal},
};

}  // namespace hf::detect
