// The figures that the load signals rest on, each with its reason in README.md, in one place so that a table can halve
// and double each of them.
#pragma once

namespace hf::detect {

struct LoadParameters {
  // Callers suffer: callers waiting for each member at work, mean over 20 minutes; 1 = whoever comes now waits for one
  // whole talk of everybody.
  double surge_backlog = 1.8, missing_backlog = 2, talk_backlog = 0.5;
  // ... and so much more than is usual at this half hour of the week, and than today so far.
  double beyond_usual = 1.5, surge_beyond_today = 3, missing_beyond_today = 2.5, talk_beyond_today = 1;
  // What the cause itself must show: nats for arrivals and talks, ln(expected / at work) for members.
  double surge_nats = 4.5, talk_nats = 5.25, missing_ln = 0.55;
  double missing_slack = 0.25;     // ln: the half hour of the week tells the staff of a day within so much
  double rate_shape = 80;          // Gamma shape of an ordinary half hour's rate: 11 % standard deviation
  double level_weight = 20;        // arrivals that the usual level of a day is worth
  double talk_wander = 0.1;        // standard deviation of an hour's mean ln(talk) around what is usual for it
  double talk_level_weight = 100;  // talks that the usual level of talks is worth: days differ by 10 %
};

}  // namespace hf::detect
