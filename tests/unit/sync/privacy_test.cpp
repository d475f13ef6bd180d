// No personal data leaves: whatever a PBX can send, in whatever field, none of it is in a body that goes out, raw or
// decompressed.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "agent/incidents/evidence_words.hpp"
#include "agent/sync/outgoing.hpp"
#include "agent/wire/decode.hpp"

namespace hf::sync {
namespace {

const wire::SiteKey kKey{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

// What a PBX, a caller or a dialplan author can put somewhere, and the shapes it may take on the way.
class Canaries {
 public:
  explicit Canaries(uint64_t seed) : random_(seed) {}

  std::string any() {
    const auto pick = random_() % 8;
    std::string word;
    switch (pick) {
      case 0:
        word = "+4930" + digits(8);
        break;  // dialled or calling number
      case 1:
        word = "PJSIP/" + digits(4) + "-0000" + digits(4);
        break;  // channel, device
      case 2:
        word = "Zoë D\\'Arcy " + digits(5);
        break;  // name
      case 3:
        word = "queue-sales-" + digits(5);
        break;  // queue
      case 4:
        word = "Toilet, back at " + digits(4);
        break;  // pause reason
      case 5:
        word = "custom/hp-online-" + digits(4);
        break;  // sound
      case 6:
        word = "from-trunk-" + digits(5);
        break;  // context
      default:
        word = "M\xfcller \"\\\n\x01" + digits(5);
        break;  // no UTF-8, JSON signs, control characters
    }
    planted_.push_back(word);
    return word;
  }
  double number() {  // a number that a faulty detector might take for a value
    const std::string text = "49301" + digits(8);
    planted_.push_back(text);
    return std::stod(text);
  }
  std::vector<std::string> some() { return {any(), any(), any()}; }
  void forget_none_in(std::string_view bytes, std::string_view where) const {
    for (const auto& word : planted_) {
      EXPECT_EQ(bytes.find(word), std::string_view::npos) << where << " holds " << word;
      if (word.size() <= 9) continue;
      EXPECT_EQ(bytes.find(word.substr(word.size() - 9)), std::string_view::npos)
          << where << " holds the end of " << word;
    }
  }

 private:
  std::string digits(int n) {
    std::string out;
    while (n-- > 0) out += static_cast<char>('0' + random_() % 10);
    return out;
  }
  std::mt19937_64 random_;
  std::vector<std::string> planted_;
};

metrics::Minute minute(Canaries& canary, metrics::Scope scope) {
  metrics::Minute m;
  m.scope = scope, m.id = canary.any();
  m.start = Time(std::chrono::seconds(1'795'687'200));
  m.offered = 3, m.observed_seconds = 60;
  m.answered_waits.bins[7] = 2;
  return m;
}

incidents::Incident incident(Canaries& canary) {
  incidents::Incident i;
  i.id = canary.any(), i.kind = incidents::Kind::phones_refuse;
  i.lines = canary.some(), i.queues = canary.some(), i.members = canary.some(), i.acknowledged_by = canary.any();
  i.line_named.resize(3), i.first_checks = canary.some();
  incidents::Evidence known{
      "held_beside_free", {{"callers", canary.number()}, {"wait_s", 900.2}, {canary.any(), 4}, {"free", 4.2}}, 3, {}};
  incidents::Evidence unknown{canary.any(), {{"callers", 3}}, 3, {}};
  i.evidence = {known, unknown};
  return i;
}

TEST(Privacy, nothing_that_a_pbx_can_send_is_in_a_body_that_leaves) {
  const auto seed = static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed());
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  for (uint64_t round = 0; round < 60; ++round) {
    Canaries canary(seed * 1000 + round);
    Outputs out;
    out.at = Time(std::chrono::seconds(1'795'687'260));
    out.minutes = {minute(canary, metrics::Scope::line), minute(canary, metrics::Scope::queue)};
    out.incidents = {incident(canary), incident(canary)};
    out.labels = {{metrics::Scope::line, canary.any(), "Sales"}, {metrics::Scope::queue, canary.any(), "Support 24/7"}};
    const auto messages = messages_of(kKey, out);
    ASSERT_TRUE(messages) << messages.error().what;
    ASSERT_EQ(messages->size(), 4U);
    for (const auto& m : *messages) {
      const auto json = wire::unpack(m.body);
      ASSERT_TRUE(json);
      EXPECT_EQ(m.plain_bytes, json->size());
      canary.forget_none_in(m.body, "a compressed body");
      canary.forget_none_in(*json, *json);
      EXPECT_TRUE(wire::decode_body(*json)) << *json;
    }
  }
}

TEST(Privacy, a_label_that_could_be_a_number_is_left_out_and_the_others_go) {
  Outputs out;
  out.at = Time(std::chrono::seconds(1'795'687'260));
  out.labels = {{metrics::Scope::line, "a", "Sales"},
                {metrics::Scope::line, "b", "030 5551234"},
                {metrics::Scope::queue, "c", "VIP"}};
  const auto messages = messages_of(kKey, out);
  ASSERT_TRUE(messages) << messages.error().what;
  const auto json = wire::unpack(messages->at(0).body);
  EXPECT_EQ(json->find("5551234"), std::string::npos) << *json;
  const auto body = wire::decode_body(*json);
  EXPECT_EQ(std::get<wire::Labels>(*body).labels.size(), 2U);
}

TEST(Privacy, a_table_of_many_long_labels_is_cut_and_still_one_readable_line) {
  std::string long_label;
  for (int i = 0; i < 60; ++i) long_label += "\U0001F4DE";
  Outputs out;
  out.at = Time(std::chrono::seconds(1'795'687'260));
  out.labels.emplace(3000, ApprovedLabel{metrics::Scope::line, "a", long_label});
  const auto messages = messages_of(kKey, out);
  ASSERT_TRUE(messages) << messages.error().what;
  EXPECT_LT(messages->at(0).plain_bytes, wire::kMaxLineBytes - 1000);
  EXPECT_TRUE(wire::decode_body(*wire::unpack(messages->at(0).body)));
}

TEST(CoreToWire, a_box_without_a_clock_goes_on) {
  Outputs out;
  out.minutes.resize(2);
  out.minutes[0].start = Time(std::chrono::seconds(60)),
  out.minutes[1].start = Time(std::chrono::seconds(1'795'687'200));
  const auto messages = messages_of(kKey, out);
  ASSERT_TRUE(messages) << messages.error().what;
  ASSERT_EQ(messages->size(), 1U);
  const auto body = wire::decode_body(*wire::unpack(messages->at(0).body));
  EXPECT_EQ(std::get<wire::Minutes>(*body).sums.size(), 1U);
}

TEST(Privacy, numbers_that_are_none_or_out_of_range_are_left_out) {
  incidents::Incident i;
  i.evidence = {{"held_beside_free",
                 {{"callers", std::numeric_limits<double>::quiet_NaN()},
                  {"free", std::numeric_limits<double>::infinity()},
                  {"wait_s", 900.2004},
                  {"usual_s", -1e300}},
                 1,
                 {}}};
  const auto out = to_wire(kKey, i);
  ASSERT_EQ(out.evidence.size(), 1U);
  EXPECT_EQ(out.evidence[0].values, (std::vector<wire::Value>{{"wait_s", 900200}}));
}

TEST(Privacy, the_wire_knows_every_sentence_and_value_of_the_core_and_no_other) {
  EXPECT_TRUE(std::ranges::equal(wire::templates(), incidents::evidence_templates()));
  EXPECT_TRUE(std::ranges::equal(wire::value_names(), incidents::evidence_values()));
}

TEST(CoreToWire, equal_outputs_give_equal_bytes) {
  Canaries one(5), two(5);
  Outputs a, b;
  a.minutes = {minute(one, metrics::Scope::line)}, b.minutes = {minute(two, metrics::Scope::line)};
  a.incidents = {incident(one)}, b.incidents = {incident(two)};
  const auto first = messages_of(kKey, a), second = messages_of(kKey, b);
  ASSERT_EQ(first->size(), second->size());
  for (size_t i = 0; i < first->size(); ++i) EXPECT_EQ((*first)[i].body, (*second)[i].body);
}

TEST(CoreToWire, many_summaries_are_spread_over_messages_that_can_be_read) {
  Canaries canary(1);
  Outputs out;
  for (int i = 0; i < 150; ++i) out.minutes.push_back(minute(canary, metrics::Scope::line));
  for (auto& m : out.minutes)
    m.answered_waits.bins.fill(4'000'000'000), m.holds.bins.fill(4'000'000'000),
        m.abandoned_waits.bins.fill(4'000'000'000);
  const auto messages = messages_of(kKey, out);
  ASSERT_TRUE(messages) << messages.error().what;
  ASSERT_EQ(messages->size(), 4U);
  for (const auto& m : *messages) EXPECT_LT(m.plain_bytes, wire::kMaxLineBytes);
}

metrics::SurveySum answers(uint32_t n) {
  metrics::SurveySum s;
  s.queue = "sales", s.start = wire::kFirstTime, s.question = pbx::SurveyQuestion::csat, s.low = 1, s.high = 5;
  s.answers = n, s.sum = 4 * n, s.top = n, s.bottom = 0;
  return s;
}

TEST(CoreToWire, answers_to_surveys_go_as_sums_of_five_and_more) {
  const auto day = to_wire(kKey, answers(5));
  ASSERT_TRUE(day);
  EXPECT_EQ(day->queue, wire::opaque_id(kKey, wire::Scope::queue, "sales"));
  EXPECT_EQ(day->answers, 5U);
  EXPECT_EQ(day->sum, 20U);
  EXPECT_FALSE(to_wire(kKey, answers(4))) << "too few to hide a caller";
  auto untold = answers(50);
  untold.question = pbx::SurveyQuestion::untold;
  EXPECT_FALSE(to_wire(kKey, untold));
  auto queueless = answers(50);
  queueless.queue.clear();
  EXPECT_FALSE(to_wire(kKey, queueless)->queue);
  Outputs out;
  out.surveys.assign(300, answers(10));
  const auto messages = messages_of(kKey, out);
  ASSERT_TRUE(messages) << messages.error().what;
  ASSERT_EQ(messages->size(), 2U);
  EXPECT_EQ(messages->front().kind, store::OutboxKind::surveys);
  EXPECT_LT(messages->front().plain_bytes, wire::kMaxLineBytes);
}

TEST(CoreToWire, a_minute_keeps_its_numbers) {
  Canaries canary(1);
  auto m = minute(canary, metrics::Scope::queue);
  m.free = std::chrono::seconds(85), m.talk = std::chrono::milliseconds(41001), m.revision = 3;
  const auto s = to_wire(kKey, m);
  EXPECT_EQ(s.offered, 3U);
  EXPECT_EQ(s.free, std::chrono::seconds(85));
  EXPECT_FALSE(s.staffed) << "unknown stays unknown";
  EXPECT_EQ(s.talk, std::chrono::milliseconds(41001));
  EXPECT_EQ(s.revision, 3U);
  EXPECT_EQ(s.answered_waits, (wire::Bins{{7, 2}}));
  EXPECT_EQ(s.scope, wire::Scope::queue);
}

TEST(CoreToWire, an_incident_keeps_its_figures) {
  Canaries canary(1);
  auto i = incident(canary);
  i.id = "00000000000000ff", i.imposed_wait = std::chrono::seconds(900), i.affected_calls = 14,
  i.kind = incidents::Kind::artificial_hold;
  const auto w = to_wire(kKey, i);
  EXPECT_EQ(w.id.value, 0xffU);
  EXPECT_EQ(w.kind, wire::IncidentKind::artificial_hold);
  EXPECT_EQ(w.imposed_wait, std::chrono::seconds(900));
  EXPECT_EQ(w.affected_calls, 14U);
  EXPECT_EQ(w.lines.size(), 3U);
  EXPECT_EQ(w.lines[0], wire::opaque_id(kKey, wire::Scope::line, i.lines[0]));
  EXPECT_FALSE(w.avoidable);
}

}  // namespace
}  // namespace hf::sync
