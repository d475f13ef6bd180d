#include "agent/incidents/book.hpp"

#include <gmock/gmock.h>

namespace hf::incidents {
namespace {

using detect::Finding;
using detect::FindingKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Time at(double s) { return from_unix_seconds(1'790'000'000 + s); }

Finding news(const std::string& line, double when, const std::string& signal = "held_beside_free") {
  Finding f;
  f.signal = signal, f.kind = FindingKind::news, f.line = line, f.queue = line.empty() ? "" : "q" + line,
  f.at = at(when);
  f.since = f.since_high = at(100), f.since_low = at(60);
  return f;
}

Finding evidence(const std::string& template_id, double when, detect::Values values) {
  Finding f;
  f.signal = template_id, f.kind = FindingKind::evidence, f.template_id = template_id, f.at = at(when),
  f.values = std::move(values);
  f.sample_size = 3;
  return f;
}

Finding totals(double when, detect::Values values) {
  Finding f;
  f.signal = "hold_totals", f.kind = FindingKind::totals, f.at = at(when), f.values = std::move(values);
  return f;
}

Finding cleared(double when, const std::string& signal = "held_beside_free") {
  Finding f;
  f.signal = signal, f.kind = FindingKind::cleared, f.at = at(when);
  return f;
}

TEST(Book, opens_one_incident_and_adds_the_lines_to_it) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(news("5550101", 200), changed);
  book.on(news("5550103", 300), changed);
  ASSERT_THAT(changed, SizeIs(2));
  EXPECT_EQ(changed[0].id, changed[1].id);
  EXPECT_EQ(changed[0].id.size(), 16U);
  EXPECT_EQ(changed[1].kind, Kind::artificial_hold);
  EXPECT_THAT(changed[1].lines, ElementsAre("5550101", "5550103"));
  EXPECT_THAT(changed[1].line_named, ElementsAre(at(200), at(300)));
  EXPECT_THAT(changed[1].queues, ElementsAre("q5550101", "q5550103"));
  EXPECT_EQ(changed[1].signalled, at(200));
  EXPECT_THAT(changed[1].first_checks, SizeIs(3));
  EXPECT_EQ(changed[0].revision, 1U);
  EXPECT_EQ(changed[1].revision, 2U);
}

TEST(Book, findings_of_one_moment_are_one_revision) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on({news("5550101", 200), totals(200, {{"affected", 2}}), evidence("held_beside_free", 200, {{"callers", 2}})},
          changed);
  ASSERT_THAT(changed, SizeIs(1));
  EXPECT_EQ(changed[0].revision, 1U);
  EXPECT_EQ(changed[0].affected_calls, 2U);
  EXPECT_THAT(changed[0].evidence, SizeIs(1));
}

TEST(Book, evidence_alone_opens_nothing) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on({evidence("new_announcements", 200, {}), totals(200, {}), cleared(200)}, changed);
  EXPECT_THAT(changed, IsEmpty());
}

TEST(Book, newer_evidence_replaces_older_and_the_strongest_stands_first) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on({news("5550101", 200), evidence("left_while_held", 200, {{"left", 1}}),
           evidence("constant_wait", 210, {{"wait_s", 900}})},
          changed);
  book.on(evidence("left_while_held", 260, {{"left", 4}}), changed);
  const Incident& i = changed.back();
  ASSERT_THAT(i.evidence, SizeIs(2));
  EXPECT_EQ(i.evidence[0].template_id, "constant_wait");
  EXPECT_EQ(i.evidence[1].values.at("left"), 4);
}

TEST(Book, what_says_nothing_new_is_no_revision) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on({news("5550101", 200), totals(200, {{"affected", 2}, {"imposed_s", 60}})}, changed);
  book.on({totals(260, {{"affected", 2}, {"imposed_s", 60}})}, changed);
  EXPECT_THAT(changed, SizeIs(1));
}

TEST(Book, unknown_figures_stay_unknown_until_told) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(news("5550101", 200), changed);
  EXPECT_FALSE(changed.back().imposed_wait);
  EXPECT_FALSE(changed.back().avoidable);
  book.on(totals(1000, {{"imposed_wait_s", 900.02}, {"avoidable_s", 1200}, {"imposed_s", 4000}, {"affected", 5}}),
          changed);
  EXPECT_EQ(changed.back().imposed_wait, from_seconds(900.02));
  EXPECT_EQ(changed.back().avoidable, from_seconds(1200));
  EXPECT_EQ(changed.back().imposed, from_seconds(4000));
}

TEST(Book, closes_and_takes_the_next_one_for_another) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(news("5550101", 200), changed);
  book.on(cleared(900), changed);
  EXPECT_EQ(changed.back().closed, at(900));
  EXPECT_THAT(book.open(), IsEmpty());
  Finding again = news("5550101", 2000);
  again.since = again.since_high = at(1900);
  book.on(again, changed);
  EXPECT_NE(changed.back().id, changed.front().id);
  EXPECT_THAT(book.open(), SizeIs(1));
}

TEST(Book, the_id_rests_on_epoch_kind_and_onset_only) {
  Book one("epoch"), same("epoch"), other("another");
  std::vector<Incident> a, b, c;
  one.on(news("5550101", 200), a), same.on(news("5550103", 205), b), other.on(news("5550101", 200), c);
  EXPECT_EQ(a[0].id, b[0].id);
  EXPECT_NE(a[0].id, c[0].id);
}

TEST(Book, refusing_phones_stay_one_incident_until_the_last_member_is_let_go) {
  Book book("epoch");
  std::vector<Incident> changed;
  Finding first = news("", 200, "phones_refuse"), second = news("", 210, "phones_refuse"),
          gone = cleared(300, "phones_refuse");
  first.members = {"PJSIP/1001"}, second.members = {"PJSIP/1002"}, gone.members = {"PJSIP/1001"};
  book.on({first}, changed), book.on({second}, changed), book.on({gone}, changed);
  EXPECT_THAT(book.open(), SizeIs(1));
  EXPECT_EQ(changed.back().kind, Kind::phones_refuse);
  EXPECT_THAT(changed.back().members, ElementsAre("PJSIP/1001", "PJSIP/1002"));
  book.on(cleared(400, "phones_refuse"), changed);
  EXPECT_EQ(changed.back().closed, at(400));
}

TEST(Book, one_cause_of_overload_stands_on_a_queue_and_further_signals_join_it) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(news("5550101", 200, "missing_agents"), changed);
  book.on(news("5550101", 260, "arrival_surge"), changed);
  book.on(news("5550103", 300, "arrival_surge"), changed);
  EXPECT_THAT(book.open(), SizeIs(2));
  EXPECT_EQ(changed[0].kind, Kind::missing_agents);
  EXPECT_THAT(changed[0].first_checks, SizeIs(3));
  EXPECT_NE(changed.back().id, changed.front().id);
}

TEST(Book, an_artificial_hold_takes_over_the_overload_of_its_queue) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(news("5550101", 200, "missing_agents"), changed);
  book.on(news("5550101", 400), changed);
  ASSERT_THAT(changed, SizeIs(2));
  EXPECT_EQ(changed[0].id, changed[1].id);
  EXPECT_EQ(changed[1].kind, Kind::artificial_hold);
  EXPECT_EQ(changed[1].first_checks, first_checks(Kind::artificial_hold));
  Finding over = cleared(500, "missing_agents");
  over.queue = "q5550101";
  book.on(over, changed);
  EXPECT_THAT(book.open(), SizeIs(1));  // the overload is part of the hold now
  book.on(cleared(600), changed);
  EXPECT_THAT(book.open(), IsEmpty());
}

TEST(Book, a_hold_that_began_long_after_an_overload_was_told_is_news) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(news("5550101", 200, "arrival_surge"), changed);
  Finding hold = news("5550101", 200 + 3 * 3600);
  hold.since = hold.since_low = hold.since_high = at(100 + 3 * 3600);
  book.on(hold, changed);
  ASSERT_THAT(changed, SizeIs(2));
  EXPECT_NE(changed[0].id, changed[1].id) << "somebody is paged again";
  EXPECT_EQ(changed[1].kind, Kind::artificial_hold);
}

TEST(Book, a_hold_that_lets_nobody_through_becomes_a_dead_queue_and_stays_one_incident) {
  Book book("epoch");
  std::vector<Incident> changed;
  Finding hold = news("", 200, "held_in_queue"), dead = news("", 1300, "dead_queue");
  Finding over = cleared(1300, "held_in_queue"), end = cleared(5000, "dead_queue");
  hold.queue = dead.queue = over.queue = end.queue = "support";
  book.on({hold}, changed);
  book.on({dead, over}, changed);
  ASSERT_THAT(changed, SizeIs(2));
  EXPECT_EQ(changed[0].id, changed[1].id);
  EXPECT_EQ(changed[1].kind, Kind::dead_queue);
  EXPECT_FALSE(changed[1].closed);
  EXPECT_EQ(changed[1].first_checks, first_checks(Kind::dead_queue));
  book.on({end}, changed);
  EXPECT_THAT(book.open(), IsEmpty());
}

TEST(Book, a_dead_queue_beside_a_hold_of_several_queues_is_its_own_incident) {
  Book book("epoch");
  std::vector<Incident> changed;
  Finding one = news("", 200, "held_in_queue"), two = one, dead = news("", 1300, "dead_queue");
  one.queue = dead.queue = "support", two.queue = "sales";
  book.on({one, two}, changed);
  book.on({dead}, changed);
  EXPECT_THAT(book.open(), SizeIs(2));
}

TEST(Book, two_dead_queues_are_two_incidents) {
  Book book("epoch");
  std::vector<Incident> changed;
  Finding a = news("", 200, "dead_queue"), b = news("", 200, "dead_queue"), over = cleared(300, "dead_queue");
  a.queue = over.queue = "support", b.queue = "sales";
  book.on({a, b}, changed);
  EXPECT_THAT(book.open(), SizeIs(2));
  book.on(over, changed);
  EXPECT_THAT(book.open(), SizeIs(1));
  EXPECT_THAT(book.open().begin()->second.queues, ElementsAre("sales"));
}

TEST(Book, acknowledging_twice_keeps_the_first_and_unknown_ids_are_refused) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(news("5550101", 200), changed);
  const std::string id = changed[0].id;
  EXPECT_TRUE(book.acknowledge(id, "anna", at(250), changed));
  EXPECT_TRUE(book.acknowledge(id, "bert", at(260), changed));
  EXPECT_EQ(book.open().at(id).acknowledged_by, "anna");
  EXPECT_EQ(changed.back().revision, 2U);
  EXPECT_FALSE(book.acknowledge("0000000000000000", "anna", at(250), changed));
}

TEST(Book, is_the_same_after_save_and_load) {
  Book book("epoch"), loaded("other");
  std::vector<Incident> changed;
  book.on({news("5550101", 200), evidence("constant_wait", 210, {{"wait_s", 900}})}, changed);
  StateSaver saver;
  book.save(saver);
  StateLoader loader(saver.bytes);
  ASSERT_TRUE(loaded.load(loader));
  EXPECT_EQ(loaded.open(), book.open());
  StateLoader cut(std::string_view(saver.bytes).substr(0, saver.bytes.size() - 3));
  EXPECT_FALSE(loaded.load(cut));
}

TEST(Kind, names_go_both_ways_and_an_unknown_one_is_unknown) {
  for (const Kind k : {Kind::artificial_hold, Kind::dead_queue, Kind::phones_refuse, Kind::source_gap})
    EXPECT_EQ(kind_from(to_string(k)), k);
  EXPECT_EQ(kind_from("weather"), Kind::unknown);
}

}  // namespace
}  // namespace hf::incidents
