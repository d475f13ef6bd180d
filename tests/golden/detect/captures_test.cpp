// The recorded runs of real PBXs, plain and as a login with the event mask "call,agent,system,user" sees them, through
// the tracker, the signals and the book; judged by what the load driver wrote down. Prints a table.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core_loop.hpp"
#include "hal/pbx/recorded/open_capture.hpp"
#include "policy_truth.hpp"

namespace hf {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

const std::string kCaptures = std::string(HF_SOURCE_DIR) + "/tests/golden/captures/";

struct Run {
  std::string name;
  bool masked;
  double imposed;  // the wait that the policy imposes, 0 = none: 900 s of music, or 300 s in a holding queue after 14 s
                   // of announcement
};
void PrintTo(const Run& run, std::ostream* os) { *os << run.name << (run.masked ? " masked" : ""); }

// Without the class "dialplan" a client gets no steps of the dialplan and no variables.
bool passes(pbx::CallEvent& event, bool masked) {
  if (!masked) return true;
  if (auto* up = std::get_if<pbx::SourceUp>(&event.body)) up->dialplan_events = false;
  return !std::holds_alternative<pbx::ChannelStep>(event.body) && !std::holds_alternative<pbx::QueueExited>(event.body);
}

std::vector<pbx::CallEvent> events_of(const Run& run) {
  auto reader = pbx::open_capture(kCaptures + run.name, SipKey{});
  EXPECT_TRUE(reader) << reader.error().what;
  std::vector<pbx::CallEvent> events;
  for (pbx::Batch batch; reader && (*reader)->next(batch);)
    for (pbx::CallEvent& event : batch.events)
      if (passes(event, run.masked)) events.push_back(std::move(event));
  return events;
}

std::vector<incidents::Incident> of_kind(const CoreLoop& loop, incidents::Kind kind) {
  std::vector<incidents::Incident> some;
  for (const auto& [id, incident] : loop.incidents)
    if (incident.kind == kind) some.push_back(incident);
  return some;
}

class Captures : public testing::TestWithParam<Run> {
 protected:
  void SetUp() override {
    truth_ = golden::read_policy_truth(kCaptures + GetParam().name);
    for (const pbx::CallEvent& event : events_of(GetParam())) loop_.on(event);
  }
  CoreLoop loop_;
  golden::PolicyTruth truth_;
};

class HeldCaptures : public Captures {};
class HonestCaptures : public Captures {};

double after(Time a, Time b) { return seconds(a - b); }

TEST_P(HeldCaptures, are_told_in_time_with_the_right_lines_wait_onset_and_end) {
  const auto found = of_kind(loop_, incidents::Kind::artificial_hold);
  ASSERT_THAT(found, SizeIs(1));
  const incidents::Incident& i = found.front();
  std::vector<std::string> lines;
  for (const auto& [line, arrivals] : truth_.held) lines.push_back(line);
  EXPECT_THAT(i.lines, UnorderedElementsAreArray(lines));  // all that were held, and none that was not
  EXPECT_LE(after(i.signalled, truth_.first_held()), 180);
  std::string named;
  for (size_t k = 0; k < i.lines.size(); ++k) {
    const double late = after(i.line_named[k], truth_.held.at(i.lines[k]).at(2));
    EXPECT_LE(late, 180) << i.lines[k];
    named += fmt::format(" {}{:+.0f}", i.lines[k], late);
  }
  ASSERT_TRUE(i.imposed_wait);
  EXPECT_NEAR(seconds(*i.imposed_wait), GetParam().imposed, 3);
  EXPECT_LE(i.onset_low, *truth_.began);
  EXPECT_GE(i.onset_high + std::chrono::milliseconds(50), truth_.first_held());
  EXPECT_LE(after(i.onset_high, i.onset_low), 180);
  ASSERT_TRUE(i.closed);
  EXPECT_GT(*i.closed, *truth_.withdrawn);
  EXPECT_LE(after(*i.closed, *truth_.last_held_ended), 60);
  EXPECT_NEAR(i.affected_calls, static_cast<double>(truth_.held_long), 1);
  EXPECT_GT(*i.avoidable, Duration{});
  EXPECT_LE(*i.avoidable, i.imposed);
  EXPECT_THAT(i.first_checks, SizeIs(3));
  fmt::print(
      "{:32} first signal {:+4.0f} s | line named after its third held caller:{} | imposed wait {:+.2f} s | onset "
      "{:+.0f} s | affected {} of {} | closed {:+.0f} s\n",
      testing::PrintToString(GetParam()), after(i.signalled, truth_.first_held()), named,
      seconds(*i.imposed_wait) - GetParam().imposed, after(i.onset, *truth_.began), i.affected_calls, truth_.held_long,
      after(*i.closed, *truth_.last_held_ended));
}

TEST_P(HeldCaptures, end_the_same_after_a_save_and_load_anywhere_in_the_middle) {
  const auto events = events_of(GetParam());
  for (const size_t part : {3, 5, 6}) {
    auto cut = std::make_unique<CoreLoop>();
    for (size_t n = 0; n < events.size(); ++n) {
      if (n == events.size() * part / 8) {
        auto fresh = std::make_unique<CoreLoop>();
        ASSERT_TRUE(fresh->load(cut->bytes()));
        fresh->incidents = cut->incidents;
        cut = std::move(fresh);
      }
      cut->on(events[n]);
    }
    EXPECT_TRUE(cut->bytes() == loop_.bytes()) << part;
    EXPECT_EQ(cut->incidents, loop_.incidents) << part;
  }
}

TEST_P(HonestCaptures, have_no_artificial_hold) {
  EXPECT_THAT(of_kind(loop_, incidents::Kind::artificial_hold), IsEmpty());
  const auto phones = of_kind(loop_, incidents::Kind::phones_refuse);
  if (!truth_.phones_refused) {
    EXPECT_THAT(phones, IsEmpty());
    fmt::print("{:32} no artificial hold, no other incident\n", testing::PrintToString(GetParam()));
    EXPECT_THAT(loop_.incidents, IsEmpty());
    return;
  }
  ASSERT_THAT(phones, SizeIs(1));
  EXPECT_THAT(phones[0].members, UnorderedElementsAre("PJSIP/1001", "PJSIP/1002", "PJSIP/1003"));
  EXPECT_LE(after(phones[0].signalled, *truth_.phones_refused), 120);
  EXPECT_LE(std::abs(after(phones[0].onset, *truth_.phones_refused)), 30);
  EXPECT_LE(phones[0].onset_low, *truth_.phones_refused);
  EXPECT_TRUE(phones[0].closed);
  fmt::print("{:32} no artificial hold, phones_refuse {:+.0f} s\n", testing::PrintToString(GetParam()),
             after(phones[0].signalled, *truth_.phones_refused));
}

std::vector<Run> both_ways(std::vector<Run> runs) {
  std::vector<Run> both = runs;
  for (Run& run : runs) run.masked = true;
  both.insert(both.end(), runs.begin(), runs.end());
  return both;
}

INSTANTIATE_TEST_SUITE_P(Asterisk, HeldCaptures,
                         testing::ValuesIn(both_ways({{"asterisk-16.28/hp-prequeue", false, 900},
                                                      {"asterisk-22.10/hp-prequeue", false, 900},
                                                      {"asterisk-16.28/hp-holdqueue-300", false, 314}})));
INSTANTIATE_TEST_SUITE_P(Asterisk, HonestCaptures,
                         testing::ValuesIn(both_ways({{"asterisk-16.28/normal", false, 0},
                                                      {"asterisk-16.28/normal-plain", false, 0},
                                                      {"asterisk-16.28/staff-shortage", false, 0},
                                                      {"asterisk-16.28/restart", false, 0},
                                                      {"asterisk-16.28/dnd-phones", false, 0},
                                                      {"asterisk-16.28/survey", false, 0},
                                                      {"asterisk-22.10/normal-plain", false, 0},
                                                      {"asterisk-22.10/restart", false, 0}})));

TEST(QueueLog, shows_the_two_queue_form_from_finished_calls_alone) {
  CoreLoop loop;
  for (const pbx::CallEvent& event : events_of({"asterisk-16.28/hp-holdqueue-300/queue_log", false, 0})) loop.on(event);
  const auto found = of_kind(loop, incidents::Kind::artificial_hold);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].lines, IsEmpty());  // a queue_log knows no lines
  EXPECT_THAT(found[0].queues, UnorderedElementsAre("support", "printers"));
  EXPECT_NEAR(seconds(*found[0].imposed_wait), 300, 3);
  EXPECT_FALSE(found[0].avoidable);  // nor who is free
}

TEST(QueueLog, accuses_nobody_of_what_it_cannot_see) {
  for (const char* name : {"normal", "staff-shortage", "restart", "dnd-phones", "survey", "hp-prequeue"}) {
    CoreLoop loop;
    for (const pbx::CallEvent& event : events_of({std::string("asterisk-16.28/") + name + "/queue_log", false, 0}))
      loop.on(event);
    EXPECT_THAT(of_kind(loop, incidents::Kind::artificial_hold), IsEmpty()) << name;
  }
}

}  // namespace
}  // namespace hf
