#include <gtest/gtest.h>

#include <set>

#include "agent/web/signal_words.hpp"
#include "agent/web/to_json.hpp"
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

TEST(Signals, every_signal_of_the_catalogue_has_help_in_both_languages_and_nothing_else_has) {
  std::set<std::string_view> known;
  for (const auto& signal : detect::catalogue()) known.insert(signal.id);
  std::set<std::string_view> told;
  for (const auto words : {queue_signal_words(), other_signal_words()})
    for (const SignalWords& w : words) {
      EXPECT_TRUE(told.insert(w.id).second) << w.id << " twice";
      for (const SignalHelp& help : {w.en, w.ru})
        for (const auto text : {help.name, help.text, help.check, help.alike}) EXPECT_FALSE(text.empty()) << w.id;
      EXPECT_NE(w.en.name, w.ru.name) << w.id;
    }
  EXPECT_EQ(told, known);
}

TEST(Signals, the_state_of_a_signal_is_the_gravest_of_its_readings) {
  test::Box box;
  const auto viewer = box.visitor(access::Role::viewer);
  const auto body = json_of(box.get(viewer, "/api/v1/signals", {{"lang", "ru"}}));
  bool seen = false;
  for (const auto& signal : body.at("signals").as_array()) {
    const auto& s = signal.as_object();
    EXPECT_FALSE(s.at("readings").as_array().empty()) << s.at("id");
    if (s.at("id") == "survey") { EXPECT_EQ(s.at("state").as_string(), "not_visible"); }
    if (s.at("id") != "held_beside_free") continue;
    seen = true;
    EXPECT_EQ(s.at("state").as_string(), "standing");
    EXPECT_EQ(s.at("readings").at(0).at("line_label").as_string(), "Support <b>");
    EXPECT_EQ(s.at("name").as_string(), "Держат при свободных операторах");
  }
  EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace hf::web
