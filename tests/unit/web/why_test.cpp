// Chain, shares and forecasts as the page gets them.
#include <gtest/gtest.h>

#include "agent/web/to_json.hpp"
#include "tests/support/fake_backend.hpp"

namespace hf::web {
namespace {

TEST(WhyJson, words_the_chain_and_the_shares_in_the_readers_language) {
  test::FakeBackend backend;
  const auto en = to_json(backend.incident_view, Language::en), ru = to_json(backend.incident_view, Language::ru);
  EXPECT_EQ(en.at("chain").at(0).at("text"), "Agents left or paused within minutes: 10 before, 4 after.");
  EXPECT_EQ(en.at("chain").at(1).at("template"), "chain_onset");
  EXPECT_EQ(en.at("shares").at("state"), "told");
  EXPECT_EQ(en.at("shares").at("parts").at(1).at("factor"), "avoidable");
  EXPECT_EQ(en.at("shares").at("parts").at(1).at("share").as_double(), 0.75);
  EXPECT_NE(en.at("shares").at("text").as_string().find("consistent with"), std::string::npos);
  EXPECT_NE(ru.at("shares").at("text"), en.at("shares").at("text"));
}

TEST(WhyJson, an_incident_without_a_queue_has_null_shares) {
  test::FakeBackend backend;
  backend.incident_view.incident.shares.reset();
  EXPECT_TRUE(to_json(backend.incident_view, Language::en).at("shares").is_null());
}

TEST(ForecastJson, tells_chance_scores_and_diagram_and_null_where_nothing_is_known) {
  test::FakeBackend backend;
  const auto picture = to_json(backend.picture);
  const auto& told = picture.at("queues").at(0).at("forecasts").at(0);
  EXPECT_EQ(told.at("horizon_s").as_double(), 1800);
  EXPECT_EQ(told.at("missed").as_double(), 0.75);
  EXPECT_EQ(told.at("score").at("brier").as_double(), 0.0625);
  EXPECT_EQ(told.at("score").at("brier_persistence").as_double(), 1);
  EXPECT_FALSE(told.at("score").at("enough").as_bool());
  EXPECT_EQ(told.at("score").at("bins").at(2).at("came").as_double(), 0);
  EXPECT_TRUE(told.at("score").at("bins").at(3).at("told").is_null());
  const auto& unknown = picture.at("queues").at(0).at("forecasts").at(1);
  EXPECT_TRUE(unknown.at("missed").is_null() && unknown.at("score").at("brier").is_null());
  EXPECT_TRUE(picture.at("lines").at(0).at("forecasts").as_array().empty());
}

}  // namespace
}  // namespace hf::web
