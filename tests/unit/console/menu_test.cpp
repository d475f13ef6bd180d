#include "firmware/console/menu.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.hpp"

namespace hf::console {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Box {
  Facts facts{"", "AB:CD", "7ZK2M-04XQR-ABCDE-FGHJK", {"192.0.2.7", "2001:db8::7"}, {"eth0", "eth1"}, true, true, {}, "", ""};
  std::vector<std::string> asked;
  device::Fields board{{"button", "yes"}};
  bool forgotten = false;

  Menu menu() {
    return Menu({[this] { return facts; },
                 [this](const device::Request& request) -> Result<device::Fields> {
                   asked.emplace_back(device::name_of(request));
                   if (auto good = device::check(request); !good && !std::holds_alternative<device::ConfirmNetwork>(request)) return fail(good.error());
                   if (std::holds_alternative<device::BoardState>(request)) return board;
                   return device::Fields{{"token", "t"}};
                 },
                 [this] { return forgotten = true, Status{}; }, [] { return device::Moment(device::Seconds(1'800'000'000)); }});
  }
};

TEST(Screen, shows_how_to_reach_the_page_and_trust_it) {
  Box box;
  const std::string screen = box.menu().screen();
  EXPECT_THAT(screen, HasSubstr("https://192.0.2.7/"));
  EXPECT_THAT(screen, HasSubstr("https://[2001:db8::7]/"));
  EXPECT_THAT(screen, HasSubstr("SHA-256 AB:CD"));
  EXPECT_THAT(screen, HasSubstr("7ZK2M-04XQR-ABCDE-FGHJK"));
  EXPECT_THAT(screen, HasSubstr("good"));
}

TEST(Screen, names_what_is_not_good_and_drives_no_terminal) {
  Box box;
  box.facts.good = false, box.facts.problems = {"page: \x1b[2Jgone"}, box.facts.addresses.clear();
  const std::string screen = box.menu().screen();
  EXPECT_THAT(screen, HasSubstr("NOT GOOD"));
  EXPECT_THAT(screen, HasSubstr("is a cable plugged in"));
  EXPECT_THAT(screen, Not(HasSubstr("\x1b")));
}

TEST(Keys, that_change_the_box_ask_first) {
  Box box;
  Menu menu = box.menu();
  menu.key('o');
  EXPECT_THAT(menu.screen(), HasSubstr("Sure?"));
  menu.key('n');
  EXPECT_THAT(box.asked, IsEmpty()) << "any other key goes back";
  EXPECT_THAT(menu.screen(), Not(HasSubstr("Sure?")));
  menu.key('o'), menu.key('y');
  EXPECT_THAT(box.asked, ElementsAre("shutdown"));
  menu.key('x'), menu.key('y');
  EXPECT_THAT(box.asked, ElementsAre("shutdown"));
}

TEST(Keys, reset_the_network_of_each_port_and_confirm_it) {
  Box box;
  Menu menu = box.menu();
  menu.key('n'), menu.key('y');
  EXPECT_THAT(box.asked, ElementsAre("revert_network", "set_network", "confirm_network", "set_network", "confirm_network"));
  EXPECT_THAT(menu.screen(), HasSubstr("DHCP."));
}

TEST(Keys, forget_users_only_after_the_button_was_held) {
  Box box;
  Menu menu = box.menu();
  menu.key('u'), menu.key('y');
  EXPECT_FALSE(box.forgotten) << "never held";
  box.board.emplace_back("button_pressed_ago", "61");
  menu.key('u'), menu.key('y');
  EXPECT_FALSE(box.forgotten) << "too long ago";
  box.board.back().second = "20";
  menu.key('u'), menu.key('y');
  EXPECT_TRUE(box.forgotten);
  EXPECT_EQ(box.asked.back(), "shutdown") << "the agent forgets at its next start";
  Box bare;
  bare.board = {{"button", "none"}};
  Menu other = bare.menu();
  other.key('u'), other.key('y');
  EXPECT_FALSE(bare.forgotten);
  EXPECT_THAT(other.screen(), HasSubstr("no button"));
}

TEST(Facts, are_read_from_what_agent_and_health_left) {
  const test::TempFolder folder;
  const Places places{folder.path(), folder.path(), folder / "told", folder / "settings"};
  EXPECT_EQ(read_facts(places, {}, {}).fingerprint, "");
  ASSERT_TRUE(write_file(folder / "greeting", "address https://0.0.0.0:443/\nfingerprint AB:CD\ncode -\n"));
  ASSERT_TRUE(write_file(folder / "health.json", R"({"good":false,"checks":[{"name":"page","good":false,"what":"refused"},{"name":"disk","good":true,"what":"x"}]})"));
  ASSERT_TRUE(write_file(folder / "told", "The diagnostics are on the stick.\n"));
  ASSERT_TRUE(write_file(folder / "settings", "The settings are wrong: agent.toml:3\n"));
  const auto facts = read_facts(places, {}, {});
  EXPECT_EQ(facts.settings, "The settings are wrong: agent.toml:3");
  EXPECT_EQ(facts.diagnostics, "The diagnostics are on the stick.");
  EXPECT_EQ(facts.fingerprint, "AB:CD");
  EXPECT_EQ(facts.code, "") << "there is a user already";
  EXPECT_TRUE(facts.health_known);
  EXPECT_FALSE(facts.good);
  EXPECT_THAT(facts.problems, ElementsAre("page: refused"));
}

TEST(Keys, have_the_diagnostics_written_and_tell_what_came_of_it) {
  Box box;
  Menu menu = box.menu();
  EXPECT_THAT(menu.screen(), Not(HasSubstr("the stick;")));
  menu.key('d');
  EXPECT_THAT(box.asked, ElementsAre("write_diagnostics"));
  EXPECT_THAT(menu.screen(), HasSubstr("Looking at the box."));
  box.facts.diagnostics = "The diagnostics are on the stick; it may be pulled out.";
  EXPECT_THAT(menu.screen(), HasSubstr("the stick; it may be pulled out"));
}

TEST(Keys, take_the_settings_from_the_stick_before_the_first_user_or_with_the_button_held) {
  Box box;
  Menu menu = box.menu();
  menu.key('s');
  EXPECT_THAT(menu.screen(), HasSubstr("Sure?"));
  menu.key('y');
  EXPECT_THAT(box.asked, ElementsAre("take_settings"));
  box.facts.settings = "The settings of the stick are in use; it may be pulled out.";
  EXPECT_THAT(menu.screen(), HasSubstr("are in use"));
  box.facts.code.clear();
  menu.key('s'), menu.key('y');
  EXPECT_THAT(box.asked, ElementsAre("take_settings", "board_state")) << "there are users, and nobody held the button";
  EXPECT_THAT(menu.screen(), HasSubstr("Hold the button for five seconds, then press s"));
  box.board.emplace_back("button_pressed_ago", "20");
  menu.key('s'), menu.key('y');
  EXPECT_EQ(box.asked.back(), "take_settings");
  Box bare;
  bare.board = {{"button", "none"}}, bare.facts.code.clear();
  Menu other = bare.menu();
  other.key('s'), other.key('y');
  EXPECT_THAT(bare.asked, ElementsAre("board_state"));
  EXPECT_THAT(other.screen(), HasSubstr("reset the settings first"));
}

TEST(Keys, reset_the_box_only_by_a_level_and_the_word) {
  Box box;
  Menu menu = box.menu();
  const auto press = [&menu](std::string_view keys) {
    for (const char key : keys) menu.key(key);
  };
  press("f");
  EXPECT_THAT(menu.screen(), HasSubstr("Erase what?"));
  press("9");
  EXPECT_THAT(menu.screen(), Not(HasSubstr("Erase what?")));
  press("f3");
  EXPECT_THAT(menu.screen(), HasSubstr("Type ERASE"));
  press("ERy");
  EXPECT_THAT(menu.screen(), Not(HasSubstr("Type ERASE"))) << "another word goes back";
  EXPECT_THAT(box.asked, IsEmpty());
  press("f2ERASE");
  EXPECT_THAT(box.asked, ElementsAre("factory_reset"));
  EXPECT_THAT(menu.screen(), HasSubstr("It is erased"));
}

}  // namespace
}  // namespace hf::console
