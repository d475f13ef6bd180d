#include "agent/tool/ndjson_incidents.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace hf::app {
namespace {

incidents::Incident hold() {
  incidents::Incident i;
  i.id = "00112233445566ff";
  i.kind = incidents::Kind::artificial_hold;
  i.lines = {"5550101", "55\"50\\103\n"};
  i.queues = {"support", "M\xfcller"};
  i.onset = from_unix_seconds(1795306942.25), i.onset_low = from_unix_seconds(1795306900),
  i.onset_high = from_unix_seconds(1795307000);
  i.signalled = from_unix_seconds(1795307100.5);
  i.affected_calls = 14;
  i.imposed = from_seconds(12600.5);
  i.evidence.push_back({"constant_wait", {{"callers", 14}, {"wait_s", 900}}, 14, {}});
  return i;
}

TEST(NdjsonIncidents, is_one_line_of_valid_json_with_unknown_as_null) {
  const std::string line = ndjson(hold());
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto o = boost::json::parse(line).as_object();
  EXPECT_EQ(o.at("kind"), "artificial_hold");
  EXPECT_EQ(o.at("lines").as_array().at(1), "55\"50\\103\n");
  EXPECT_TRUE(o.at("closed").is_null());
  EXPECT_TRUE(o.at("imposed_wait_s").is_null());
  EXPECT_TRUE(o.at("avoidable_caller_s").is_null());
  EXPECT_EQ(o.at("imposed_caller_s").to_number<double>(), 12600.5);
  EXPECT_EQ(o.at("onset").to_number<double>(), 1795306942.25);
  EXPECT_EQ(o.at("affected_calls"), 14);
}

TEST(NdjsonIncidents, words_the_evidence_in_the_language_asked_for) {
  EXPECT_NE(ndjson(hold()).find("14 callers waited 900"), std::string::npos);
  EXPECT_NE(ndjson(hold(), incidents::Language::ru).find("14 абонентов"), std::string::npos);
}

TEST(NdjsonIncidents, repairs_text_that_is_not_utf8) {
  const auto o = boost::json::parse(ndjson(hold())).as_object();
  EXPECT_EQ(o.at("queues").as_array().at(1), "M\xEF\xBF\xBDller");
}

TEST(NdjsonIncidents, tells_known_figures_as_seconds) {
  incidents::Incident i = hold();
  i.closed = from_unix_seconds(1795310000);
  i.imposed_wait = from_seconds(900.02);
  i.avoidable = from_seconds(8000);
  const auto o = boost::json::parse(ndjson(i)).as_object();
  EXPECT_EQ(o.at("closed").to_number<double>(), 1795310000);
  EXPECT_NEAR(o.at("imposed_wait_s").to_number<double>(), 900.02, 1e-9);
  EXPECT_EQ(o.at("avoidable_caller_s").to_number<double>(), 8000);
}

TEST(NdjsonIncidents, tells_the_chain_in_order_and_the_shares_by_factor) {
  incidents::Incident i = hold();
  EXPECT_TRUE(boost::json::parse(ndjson(i)).as_object().at("shares").is_null());
  i.chain = {{"chain_reload", {}, 0, from_unix_seconds(1795306900)}, {"chain_onset", {}, 0, i.onset}};
  i.shares = incidents::Shares{.state = incidents::SharesState::told, .calls = 40, .measured_s = 310, .replayed_s = 300, .usual_s = 10,
                               .parts = {{incidents::Factor::load, 0.25, 0.1, 0.4}, {incidents::Factor::avoidable, 0.75, 0.6, 0.9}}};
  const auto o = boost::json::parse(ndjson(i)).as_object();
  EXPECT_EQ(o.at("chain").as_array().at(0).at("text"), "The PBX reloaded its configuration.");
  EXPECT_EQ(o.at("chain").as_array().at(1).at("at").to_number<double>(), 1795306942.25);
  EXPECT_EQ(o.at("shares").at("avoidable").at("share").to_number<double>(), 0.75);
  EXPECT_EQ(o.at("shares").at("state"), "told");
  EXPECT_NE(std::string(o.at("shares").at("text").as_string()).find("consistent with"), std::string::npos);
}

}  // namespace
}  // namespace hf::app
