// Times that are partly known only as "longer than so far". In: ends in order of time. Out: what share lasts longer.
// Pure. Of patience, a hang-up is the event and an answer censors it; of the wait it is the other way round.
#pragma once

#include <span>
#include <vector>

namespace hf::metrics {

// What ended at one time, or in one bin.
struct Ends {
  double t = 0;
  double events = 0;    // by what is asked for
  double censored = 0;  // by something else, or still going on: it lasts longer than t
};

struct SurvivalStep {  // P(longer than t) falls to `left` at t
  double t = 0, left = 1;
};

// The product-limit estimate of Kaplan and Meier (Journal of the American Statistical Association 53:457-481, 1958):
// left = product over t of 1 - events / at risk; those censored at t are at risk there. `ends` by time, each time once
// or several times in a row; steps where nothing happened are left out. Empty in, empty out.
std::vector<SurvivalStep> product_limit(std::span<const Ends> ends);

}  // namespace hf::metrics
