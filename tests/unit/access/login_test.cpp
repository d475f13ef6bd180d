#include "tests/unit/access/access_fixture.hpp"

namespace hf::access {
namespace {

using std::chrono::seconds;
using Login = AccessTest;

TEST_F(Login, refuses_every_cause_with_the_same_words) {
  two_users();
  ASSERT_TRUE(change("boris", {.disabled = true}));
  const auto wrong_password = login("anna", "wrong password here");
  clock.advance(seconds(70));
  const auto disabled = login("boris");
  clock.advance(seconds(70));
  const auto unknown = login("nobody");
  clock.advance(seconds(70));
  const auto absurd = login("no such\nname");
  for (const auto& refused : {wrong_password, disabled, unknown, absurd}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().why, Why::login);
    EXPECT_EQ(refused.error().what, wrong_password.error().what);
    EXPECT_EQ(refused.error().field, wrong_password.error().field);
  }
}

TEST_F(Login, costs_one_hash_whether_the_user_exists_or_not) {
  two_users();
  hashing.holding = true;
  for (const char* user : {"anna", "nobody", "UPPER"}) {
    access->login({address, ""}, user, "wrong password here", [](auto) {});
    EXPECT_EQ(hashing.waiting.size(), 1U) << user;
    hashing.release();
    clock.advance(seconds(70));
  }
}

TEST_F(Login, takes_the_whole_of_a_long_password) {
  const auto code = **access->setup_code();
  const std::string longest = std::string(200, 'x') + "tail of it" + std::string(46, 'y');
  ASSERT_EQ(longest.size(), kMaxPassword);
  ASSERT_TRUE(setup(code, "anna", longest));
  EXPECT_FALSE(login("anna", longest.substr(0, 255)));
  clock.advance(seconds(2));
  EXPECT_TRUE(login("anna", longest));
}

TEST_F(Login, makes_a_new_token_each_time) {
  two_users();
  const auto first = login("anna"), second = login("anna");
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->token, second->token);
  EXPECT_NE(first->session.csrf_token, second->session.csrf_token);
  EXPECT_EQ(first->token.size(), 64U);
}

TEST_F(Login, is_refused_when_the_user_was_disabled_while_the_hash_ran) {
  two_users();
  hashing.holding = true;
  std::optional<Outcome<Opened>> told;
  access->login({address, ""}, "boris", kPassword, [&told](auto o) { told = o; });
  ASSERT_TRUE(change("boris", {.disabled = true}));
  hashing.holding = false;
  hashing.release();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->error().why, Why::login);
}

TEST_F(Login, says_busy_when_too_many_hashes_wait) {
  two_users();
  hashing.full = true;
  EXPECT_EQ(login("anna").error().why, Why::busy);
}

TEST_F(Login, many_attempts_at_once_are_not_all_judged) {
  two_users();
  hashing.holding = true;
  size_t throttled = 0;
  for (int i = 0; i < 20; ++i)
    access->login({address, ""}, "anna", "wrong password here", [&throttled](const auto& o) { throttled += o.error().why == Why::throttled; });
  EXPECT_EQ(hashing.waiting.size(), 1U);
  EXPECT_EQ(throttled, 19U);
}

TEST_F(Login, a_role_that_the_database_does_not_know_may_do_nothing) {
  two_users();
  access.reset();
  auto database = sqlite::Database::open(folder / "access.db");
  ASSERT_TRUE(database && database->execute("UPDATE users SET role = 'root' WHERE name = 'boris'"));
  reopen();
  EXPECT_EQ(login("boris").error().why, Why::login);
}

TEST_F(Login, a_thousand_guesses_take_hours) {
  two_users();
  address = "198.51.100.9";
  Duration waited{};
  for (int judged = 0; judged < 1000;) {
    const auto outcome = login("anna", "wrong password here");
    if (outcome.error().why == Why::login) ++judged;
    else clock.advance(outcome.error().retry_after), waited += outcome.error().retry_after;
  }
  EXPECT_GT(waited, std::chrono::hours(16));
}

TEST_F(Login, a_stranger_who_keeps_guessing_does_not_keep_the_owner_out) {
  two_users();
  ASSERT_TRUE(login("anna"));
  address = "198.51.100.9";
  for (int i = 0; i < 10; ++i) (void)login("anna", "wrong password here"), clock.advance(seconds(61));
  (void)login("anna", "wrong password here");
  address = "192.0.2.7";
  EXPECT_TRUE(login("anna")) << "from an address known for this account";
}

TEST_F(Login, opening_a_database_of_a_newer_program_names_the_file) {
  access.reset();
  {
    auto database = sqlite::Database::open(folder / "access.db");
    ASSERT_TRUE(database && database->execute("PRAGMA user_version = 99"));
  }
  auto opened = Access::open(folder / "access.db", {clock, random, home, hashing, HashCost::least()});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::unsupported);
  EXPECT_NE(opened.error().what.find("access.db"), std::string::npos);
}

}  // namespace
}  // namespace hf::access
