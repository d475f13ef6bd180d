#include "tests/unit/access/access_fixture.hpp"

namespace hf::access {
namespace {

using namespace std::chrono_literals;
using SessionLife = AccessTest;

TEST_F(SessionLife, ends_after_fifteen_idle_minutes) {
  two_users();
  const auto opened = login("boris");
  clock.advance(14min + 59s);
  EXPECT_TRUE(live(*opened));
  clock.advance(14min + 59s);
  EXPECT_TRUE(live(*opened)) << "use prolongs it";
  clock.advance(15min);
  EXPECT_FALSE(live(*opened));
}

TEST_F(SessionLife, ends_eight_hours_after_login_however_busy) {
  two_users();
  const auto opened = login("boris");
  EXPECT_EQ(opened->session.ends, clock.now() + 8h);
  for (int i = 0; i < 47; ++i) {
    clock.advance(10min);
    ASSERT_TRUE(live(*opened)) << i;
  }
  clock.advance(10min);
  EXPECT_FALSE(live(*opened));
}

TEST_F(SessionLife, is_not_prolonged_by_setting_the_clock_back) {
  two_users();
  const auto opened = login("boris");
  clock.jump_wall(-24h);
  clock.advance(15min);
  EXPECT_FALSE(live(*opened));
}

TEST_F(SessionLife, ends_when_the_user_is_disabled) {
  two_users();
  const auto opened = login("boris");
  ASSERT_TRUE(change("boris", {.disabled = true}));
  EXPECT_FALSE(live(*opened));
  EXPECT_FALSE(access->sessions().alive(opened->session.id)) << "an open stream must end too";
}

TEST_F(SessionLife, ends_when_the_user_is_deleted) {
  two_users();
  const auto opened = login("boris");
  ASSERT_TRUE(access->remove_user({address, "anna"}, "boris"));
  EXPECT_FALSE(live(*opened));
}

TEST_F(SessionLife, ends_when_the_role_changes_up_or_down) {
  two_users();
  const auto viewer = login("boris");
  ASSERT_TRUE(change("boris", {.role = Role::admin}));
  EXPECT_FALSE(live(*viewer));
  const auto admin = login("boris");
  EXPECT_EQ(admin->session.role, Role::admin);
  ASSERT_TRUE(change("boris", {.role = Role::viewer}));
  EXPECT_FALSE(live(*admin)) << "a session must never outlive the right it was given";
}

TEST_F(SessionLife, ends_when_an_admin_sets_a_new_password) {
  two_users();
  const auto opened = login("boris");
  ASSERT_TRUE(change("boris", {.password = kOther}));
  EXPECT_FALSE(live(*opened));
  EXPECT_FALSE(login("boris"));
  clock.advance(2s);
  EXPECT_TRUE(login("boris", kOther));
}

TEST_F(SessionLife, all_are_replaced_by_a_new_one_when_the_user_changes_the_password) {
  two_users();
  const auto here = login("boris"), elsewhere = login("boris");
  const auto fresh = change_password("boris", kPassword, kOther);
  ASSERT_TRUE(fresh) << fresh.error().what;
  EXPECT_FALSE(live(*here));
  EXPECT_FALSE(live(*elsewhere));
  EXPECT_TRUE(live(*fresh));
}

TEST_F(SessionLife, survives_a_password_change_that_is_refused) {
  two_users();
  const auto opened = login("boris");
  EXPECT_EQ(change_password("boris", "wrong password here", kOther).error().field, "current");
  EXPECT_EQ(change_password("boris", kPassword, "short").error().field, "new");
  EXPECT_TRUE(live(*opened));
}

TEST_F(SessionLife, the_password_is_asked_again_before_what_cannot_be_undone) {
  two_users();
  const auto opened = login("anna");
  const auto confirm = [&](const std::string& password) { return wait<void>([&](auto done) { access->confirm_password({address, "anna"}, password, "machine.reset", done); }); };
  EXPECT_EQ(confirm("wrong password here").error().field, "password");
  EXPECT_EQ(audit().back().action + " " + audit().back().result, "machine.reset refused");
  EXPECT_EQ(confirm(kPassword).error().why, Why::throttled) << "as at login: a forgotten browser is no place to guess";
  clock.advance(5s);
  EXPECT_TRUE(confirm(kPassword));
  EXPECT_TRUE(live(*opened));
}

TEST_F(SessionLife, ends_at_logout_alone) {
  two_users();
  const auto here = login("boris"), elsewhere = login("boris");
  access->logout({address, "boris"}, here->session.id);
  EXPECT_FALSE(live(*here));
  EXPECT_TRUE(live(*elsewhere));
}

TEST_F(SessionLife, dies_with_the_process) {
  two_users();
  const auto opened = login("boris");
  reopen();
  EXPECT_FALSE(live(*opened));
}

TEST_F(SessionLife, there_are_at_most_five_a_user_and_the_least_used_goes) {
  two_users();
  std::vector<Opened> all;
  for (int i = 0; i < 5; ++i) all.push_back(*login("boris")), clock.advance(1s);
  ASSERT_TRUE(live(all[0]));
  clock.advance(1s);
  all.push_back(*login("boris"));
  EXPECT_TRUE(live(all[0]));
  EXPECT_FALSE(live(all[1]));
  EXPECT_EQ(access->sessions().count("boris"), 5U);
}

TEST_F(SessionLife, a_forged_or_empty_token_is_none) {
  two_users();
  ASSERT_TRUE(login("boris"));
  for (const std::string& token : {std::string(), std::string(64, '0'), std::string(100'000, 'x')}) EXPECT_EQ(access->sessions().use(token), nullptr);
}

TEST_F(SessionLife, an_open_stream_can_be_asked_for_without_prolonging) {
  two_users();
  const auto opened = login("boris");
  for (int i = 0; i < 14; ++i) {
    clock.advance(1min);
    EXPECT_TRUE(access->sessions().alive(opened->session.id));
  }
  clock.advance(1min);
  EXPECT_FALSE(access->sessions().alive(opened->session.id));
  access->sessions().touch(opened->session.id);
  EXPECT_FALSE(access->sessions().alive(opened->session.id)) << "a dead session cannot be revived";
}

}  // namespace
}  // namespace hf::access
