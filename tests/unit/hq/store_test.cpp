#include "hq/store.hpp"

#include <gtest/gtest.h>

#include "agent/wire/encode.hpp"
#include "hq/ingest.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::hq {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kStart = Time(seconds(1'795'687'200));  // a full hour
constexpr Time kNow = kStart + std::chrono::hours(3);
const std::string kKey(64, 'a');

wire::Summary minute(int64_t n, uint32_t offered, uint32_t revision = 0) {
  wire::Summary s;
  s.id = wire::Id{1}, s.start = kStart + minutes(n), s.offered = offered, s.revision = revision;
  s.answered_waits = {{3, offered}};
  return s;
}

wire::Summary rolled(int64_t n, wire::Span span, uint64_t cover, uint32_t offered) {
  wire::Summary s = minute(n, offered);
  s.span = span, s.cover = cover;
  return s;
}

std::string line(uint64_t sequence, const wire::Body& body, const std::vector<wire::Range>& replaces = {}) {
  return wire::message_line(sequence, replaces, *wire::encode(body));
}
std::string line(uint64_t sequence, wire::Summary s, const std::vector<wire::Range>& replaces = {}) {
  return line(sequence, wire::Minutes{{std::move(s)}}, replaces);
}

class HqStore : public ::testing::Test {
 protected:
  HqStore() : store_(std::move(*Store::open(folder_ / "hq.db"))) {
    EXPECT_TRUE(store_.enrol("berlin-1", "Berlin", kKey, kStart));
  }
  wire::Answer take(const std::vector<std::string>& lines, uint64_t newest = 0, uint64_t epoch = 7) {
    const std::vector<std::string_view> views(lines.begin(), lines.end());
    auto answer = store_.take("berlin-1", {wire::kVersion, "berlin-1", epoch, {0, 1, 0}, 1, newest}, views, kNow);
    EXPECT_TRUE(answer) << answer.error().what;
    return answer.value_or(wire::Answer{});
  }
  uint64_t offered() {
    uint64_t total = 0;
    const MinutesWanted all{
        "berlin-1", {wire::Scope::queue, wire::Id{1}}, kStart - std::chrono::hours(24), kNow, seconds(86400)};
    for (const auto found = store_.minutes(all); const auto& m : *found) total += m.offered;
    return total;
  }
  Site site() { return *store_.site("berlin-1"); }

  const test::TempFolder folder_;
  Store store_;
};

TEST_F(HqStore, takes_a_message_once_and_acknowledges_every_repeat) {
  const auto first = line(1, minute(0, 5));
  EXPECT_EQ(take({first}).acked, (std::vector<wire::Range>{{1, 1}}));
  EXPECT_EQ(take({first}).acked, (std::vector<wire::Range>{{1, 1}}));
  EXPECT_EQ(take({first, first, line(2, minute(1, 2))}).acked, (std::vector<wire::Range>{{1, 2}}));
  EXPECT_EQ(offered(), 7U);
}

TEST_F(HqStore, other_bytes_under_a_known_sequence_are_refused_and_told) {
  take({line(1, minute(0, 5))});
  const auto answer = take({line(1, minute(0, 6)), line(2, minute(1, 1))});
  EXPECT_EQ(answer.refused, (std::vector<wire::Refusal>{{1, wire::RefusedReason::other_bytes}}));
  EXPECT_EQ(answer.acked, (std::vector<wire::Range>{{2, 2}}));
  EXPECT_EQ(offered(), 6U);
  ASSERT_EQ(store_.refused("berlin-1")->size(), 1U);
  EXPECT_EQ(store_.refused("berlin-1")->at(0).sequence, 1U);
  EXPECT_EQ(site().refused_messages, 1U);
}

TEST_F(HqStore, another_epoch_is_another_stream) {
  take({line(1, minute(0, 5))}, 1, 7);
  EXPECT_EQ(take({line(1, minute(1, 6))}, 1, 8).acked, (std::vector<wire::Range>{{1, 1}}));
  EXPECT_EQ(offered(), 11U);
}

TEST_F(HqStore, a_message_it_cannot_read_does_not_stop_the_others) {
  const auto answer = take({R"({"seq":1,"m":{"v":[1,0],"kind":"minutes","sums":[]}})", line(2, minute(0, 3))});
  EXPECT_EQ(answer.refused, (std::vector<wire::Refusal>{{1, wire::RefusedReason::invalid}}));
  EXPECT_EQ(answer.acked, (std::vector<wire::Range>{{2, 2}}));
  EXPECT_EQ(offered(), 3U);
}

TEST_F(HqStore, the_higher_revision_counts_in_whatever_order_they_come) {
  take({line(1, minute(0, 9, 3)), line(2, minute(0, 5, 2)), line(3, minute(0, 7, 1))});
  EXPECT_EQ(offered(), 9U);
  take({line(4, minute(0, 2, 4))});
  EXPECT_EQ(offered(), 2U);
}

TEST_F(HqStore, a_coarser_summary_takes_the_place_of_what_it_covers_and_of_nothing_else) {
  take({line(1, minute(0, 1)), line(2, minute(1, 10)), line(3, minute(2, 100))});
  const auto answer = take({line(5, rolled(0, wire::Span::quarter, 0b1110, 1110), {{2, 4}})});
  EXPECT_EQ(answer.ignored, 0U);
  EXPECT_EQ(offered(), 1111U);
  take({line(4, minute(3, 1000)), line(6, minute(2, 555, 9))});
  EXPECT_EQ(offered(), 1111U) << "a replaced message that comes late, and a minute that is closed";
  take({line(7, rolled(0, wire::Span::hour, 0b11111, 11111))});
  EXPECT_EQ(offered(), 11111U);
}

TEST_F(HqStore, parts_of_one_block_stand_side_by_side) {
  take({line(1, rolled(0, wire::Span::quarter, 0b0011, 3)), line(2, rolled(0, wire::Span::quarter, 0b1100, 12))});
  EXPECT_EQ(offered(), 15U);
  const auto answer = take({line(3, rolled(0, wire::Span::quarter, 0b0110, 99))});
  EXPECT_EQ(answer.ignored, 1U) << "half of each cannot be taken out of a sum";
  EXPECT_EQ(offered(), 15U);
}

TEST_F(HqStore, knows_three_clocks_and_what_is_missing) {
  EXPECT_FALSE(site().last_contact);
  take({line(1, minute(0, 1)), line(3, minute(2, 1))}, 5);
  EXPECT_EQ(site().last_contact, kNow);
  EXPECT_EQ(site().newest_data, kStart + minutes(3));
  EXPECT_EQ(site().complete_until, kStart + minutes(1));
  EXPECT_EQ(site().waiting_sequences, 3U);
  take({line(2, minute(1, 1))}, 5);
  EXPECT_EQ(site().complete_until, kStart + minutes(3));
  take({line(6, rolled(0, wire::Span::quarter, 0b11000, 1), {{4, 5}})}, 6);
  EXPECT_EQ(site().waiting_sequences, 0U) << "replaced is not missing";
  EXPECT_EQ(site().agent, (std::array<uint16_t, 3>{0, 1, 0}));
}

TEST_F(HqStore, keeps_the_newest_incident_and_when_it_first_heard_of_it) {
  wire::Incident i;
  i.id = wire::Id{9}, i.kind = wire::IncidentKind::artificial_hold, i.onset = kStart, i.revision = 1;
  take({line(1, wire::Body(i))});
  i.revision = 3, i.affected_calls = 14, i.imposed_wait = seconds(900);
  take({line(3, wire::Body(i))});
  i.revision = 2, i.affected_calls = 7;
  take({line(2, wire::Body(i))});
  const auto all = store_.incidents(std::nullopt, true, 10);
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->at(0).incident.affected_calls, 14U);
  EXPECT_EQ(all->at(0).received, kNow);
  EXPECT_EQ(site().open_incidents, 1U);
  i.revision = 4, i.closed = kNow;
  take({line(4, wire::Body(i))});
  EXPECT_TRUE(store_.incidents(std::nullopt, true, 10)->empty());
  EXPECT_EQ(store_.incidents("berlin-1", false, 10)->size(), 1U);
  EXPECT_TRUE(store_.incidents("elsewhere", false, 10)->empty());
}

TEST_F(HqStore, the_newest_label_table_counts) {
  const NamedId line_seven{wire::Scope::line, wire::Id{7}};
  take({line(5, wire::Labels{2, {{wire::Scope::line, wire::Id{7}, "Sales"}}})});
  take({line(3, wire::Labels{1, {{wire::Scope::line, wire::Id{7}, "Old"}}})});
  EXPECT_EQ(store_.labels("berlin-1")->at(line_seven), "Sales");
  take({line(6, wire::Labels{3, {}})});
  EXPECT_TRUE(store_.labels("berlin-1")->empty());
}

TEST_F(HqStore, tells_what_was_lost_at_a_site) {
  take({line(9, wire::Gap{wire::GapReason::over_budget, kStart, kNow}, {{1, 4}, {6, 8}})});
  const auto gaps = store_.gaps("berlin-1");
  ASSERT_EQ(gaps->size(), 1U);
  EXPECT_EQ(gaps->at(0).messages, 7U);
  EXPECT_EQ(gaps->at(0).to, kNow);
}

TEST_F(HqStore, merges_minutes_into_steps) {
  for (uint64_t n = 0; n < 120; ++n) take({line(n + 1, minute(static_cast<int64_t>(n), 1))});
  const auto hours = store_.minutes({"berlin-1", {wire::Scope::queue, wire::Id{1}}, kStart, kNow, seconds(3600)});
  ASSERT_EQ(hours->size(), 2U);
  EXPECT_EQ(hours->at(0).offered, 60U);
  EXPECT_EQ(hours->at(1).start, kStart + minutes(60));
  EXPECT_EQ(hours->at(1).answered_waits.bins[3], 60U);
  EXPECT_EQ(store_.seen("berlin-1")->size(), 1U);
}

TEST_F(HqStore, one_key_belongs_to_one_site_and_revocation_takes_it_away) {
  EXPECT_EQ(store_.enrol("paris", "Paris", kKey, kNow).error().kind, ErrorKind::busy);
  EXPECT_EQ(store_.enrol("Paris 1", "Paris", std::string(64, 'b'), kNow).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(store_.enrol("paris", "+33 1 555 01 02", std::string(64, 'b'), kNow).error().kind,
            ErrorKind::invalid_input);
  ASSERT_TRUE(store_.enrol("berlin-1", "Berlin", std::string(64, 'c'), kNow));
  EXPECT_FALSE(*store_.site_of_key(kKey)) << "the old key went with the new enrolment";
  ASSERT_TRUE(store_.revoke("berlin-1"));
  EXPECT_FALSE(*store_.site_of_key(std::string(64, 'c')));
  EXPECT_TRUE(site().revoked);
  EXPECT_EQ(store_.revoke("berlin-1").error().kind, ErrorKind::not_found);
}

TEST_F(HqStore, keeps_everything_over_a_restart_and_forgets_by_age) {
  take({line(1, minute(0, 5))});
  store_ = std::move(*Store::open(folder_ / "hq.db"));
  EXPECT_EQ(offered(), 5U);
  EXPECT_EQ(take({line(1, minute(0, 5))}).acked.size(), 1U);
  EXPECT_EQ(offered(), 5U);
  ASSERT_TRUE(store_.forget_before(kStart + minutes(1), kStart));
  EXPECT_EQ(offered(), 0U);
}

// The HTTP door, without a network.
class Door : public HqStore {
 protected:
  unsigned post(const std::string& site, std::optional<std::string> key, std::string body = {}) {
    http::Request request;
    request.method = http::Method::post, request.path = "/wire/v1/batch", request.peer_key = std::move(key);
    request.body = body.empty()
                       ? *wire::pack({wire::head_line({wire::kVersion, site, 7, {}, 1, 1}), line(1, minute(0, 5))})
                       : body;
    last_ = take_batch(store_, request, kNow);
    return last_.status;
  }
  http::Response last_;
};

TEST_F(Door, lets_in_only_the_key_of_the_site_whose_data_it_brings) {
  ASSERT_TRUE(store_.enrol("paris", "Paris", std::string(64, 'b'), kNow));
  EXPECT_EQ(post("berlin-1", std::nullopt), 403U);
  EXPECT_EQ(post("berlin-1", std::string(64, 'f')), 403U);
  EXPECT_EQ(post("berlin-1", std::string(64, 'b')), 403U) << "paris brings data of berlin-1";
  EXPECT_EQ(post("berlin-1", kKey), 200U);
  EXPECT_EQ(wire::decode_answer(last_.body)->acked.size(), 1U);
  ASSERT_TRUE(store_.revoke("berlin-1"));
  EXPECT_EQ(post("berlin-1", kKey), 403U);
}

TEST_F(Door, tells_what_it_cannot_read) {
  EXPECT_EQ(post("berlin-1", kKey, "no zstd"), 400U);
  EXPECT_EQ(post("berlin-1", kKey,
                 *wire::compress(R"({"v":[2,0]})"
                                 "\n")),
            400U);
  EXPECT_NE(last_.body.find("version 2.0"), std::string::npos);
  EXPECT_EQ(post("berlin-1", kKey, *wire::pack({wire::head_line({wire::kVersion, "berlin-1", 7, {}, 1, 1}), "{}"})),
            400U);
  EXPECT_EQ(offered(), 0U);
}

TEST_F(Door, takes_large_bodies_for_batches_of_verified_peers_only) {
  http::Request head;
  head.method = http::Method::post, head.path = "/wire/v1/batch";
  EXPECT_EQ(ingest_body_limit(head), 0U);
  head.peer_key = kKey;
  EXPECT_EQ(ingest_body_limit(head), wire::kMaxRequestBytes);
  head.path = "/";
  EXPECT_EQ(ingest_body_limit(head), 0U);
}

}  // namespace
}  // namespace hf::hq
