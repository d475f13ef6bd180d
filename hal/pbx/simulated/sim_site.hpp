// What is simulated: a contact centre's lines, queues and agents, and what goes wrong there. Values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

// Where a scenario names support, sales or printers, it means the first, second or third queue of the site.
enum class SimScenario : uint8_t {
  normal,
  hp_prequeue,     // support and printers: callers are kept in the dialplan for `hold`, then put through; sales is left alone
  hp_holdqueue,    // the same by a queue without members
  hp_partial,      // as hp_prequeue for 30 % of the callers
  staff_shortage,  // seven of ten agents of support and printers go home
  surge,           // 2.5 times the calls
  dead_queue,      // support: half the members gone, the phones of the others unreachable
  phones_refuse,   // printers: three members left, whose phones answer 486 at once; the PBX shows them free
  restart,         // the PBX is shut down properly and is back after 5 s
  restart_crash,   // the PBX dies and is back after 5 s
};
// "hp-prequeue": as it is written in a configuration.
std::string_view name_of(SimScenario scenario);
Result<SimScenario> scenario_by_name(std::string_view name);  // invalid_input names those that exist

struct SimQueue {      // a line and the queue it leads to
  std::string queue;   // "support"
  std::string line;    // "5550101"
  double calls_per_minute = 1.0;  // at the day's peak
  Duration talk = std::chrono::seconds(120);  // median
  double talk_sigma = 0.6;                    // of its logarithm; 0 = exponential with mean `talk`
  Duration timeout = std::chrono::seconds(600);
  Duration retry = std::chrono::seconds(5);   // between two rounds of offers of one caller
  bool rings = false;                         // callers hear ringing instead of music
};

struct SimShift {      // minutes after local midnight; past midnight when to < from; always there when equal
  uint16_t from = 0, to = 0;
};

struct SimAgent {
  std::string extension;         // "1007"
  std::string name;
  std::vector<size_t> queues;    // indices into SimSite::queues
  SimShift shift;
};

struct SimSite {
  std::vector<SimQueue> queues;
  std::vector<SimAgent> agents;
  Duration wrapup = std::chrono::seconds(5);
  Duration welcome = std::chrono::seconds(4);  // announcement before the queue
  bool human = true;      // pauses, holds, transfers, missed offers, keys, private calls, ring time, impatient and endlessly patient callers
  bool day_curve = true;  // false: calls_per_minute all day
  Duration patience = std::chrono::seconds(450);  // Weibull scale (shape 1.3) when human, else the mean of an exponential
};

// Three queues, 45 agents in four shifts, about 3400 calls a day: most callers wait for a ring only, some evenings are busy.
SimSite sample_site();
// n agents and one queue with nothing human in it: M/M/n+M, whose mean wait and abandon rate have a formula (Erlang-A).
SimSite erlang_site(size_t agents, double calls_per_minute, Duration talk, Duration patience);

struct SimOptions {
  uint64_t seed = 1;
  SimScenario scenario = SimScenario::normal;
  Duration onset = std::chrono::seconds(120);  // of the scenario, after the live start
  std::optional<Duration> withdraw_after;      // after onset; unset = it lasts
  Duration hold = std::chrono::seconds(900);   // imposed by the hp scenarios
  std::chrono::minutes utc_offset{0};          // local time, for the day curve and shifts
  bool demo_hours = false;                     // the live start counts as 10:00 local time, whatever the clock says
  bool keep_truth = false;                     // for tests: truth() grows for ever
  SimSite site = sample_site();
};

}  // namespace hf::pbx
