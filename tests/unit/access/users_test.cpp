#include "tests/unit/access/access_fixture.hpp"

namespace hf::access {
namespace {

using UsersTest = AccessTest;

TEST_F(UsersTest, the_last_enabled_admin_stays_one) {
  two_users();
  EXPECT_EQ(change("anna", {.role = Role::viewer}).error().why, Why::conflict);
  EXPECT_EQ(change("anna", {.disabled = true}).error().why, Why::conflict);
  EXPECT_EQ(access->remove_user({address, "anna"}, "anna").error().why, Why::conflict);
  EXPECT_TRUE(login("anna")) << "nothing of it happened";
  ASSERT_TRUE(add("olga", Role::admin));
  EXPECT_TRUE(change("anna", {.disabled = true}));
  EXPECT_EQ(access->remove_user({address, "olga"}, "olga").error().why, Why::conflict) << "a disabled admin does not count";
}

TEST_F(UsersTest, are_refused_with_the_field_named) {
  two_users();
  EXPECT_EQ(add("Boris", Role::viewer).error().field, "name");
  EXPECT_EQ(add("../boris", Role::viewer).error().field, "name");
  EXPECT_EQ(add(std::string(33, 'b'), Role::viewer).error().field, "name");
  EXPECT_EQ(add("boris", Role::viewer).error().why, Why::conflict);
  EXPECT_EQ(add("olga", Role::none).error().field, "role");
  EXPECT_EQ(change("nobody", {.disabled = true}).error().why, Why::not_found);
  EXPECT_EQ(change("boris", {.role = Role::none}).error().field, "role");
  EXPECT_EQ(change("boris", {.password = "short"}).error().field, "password");
}

TEST_F(UsersTest, survive_a_restart_with_their_last_login) {
  two_users();
  clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(login("boris"));
  reopen();
  const auto users = access->users();
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 2U);
  EXPECT_EQ((*users)[1].name, "boris");
  EXPECT_EQ((*users)[1].last_login, clock.now());
  EXPECT_TRUE((*users)[1].password_hash.starts_with("$argon2id$"));
}

TEST_F(UsersTest, no_more_than_two_hundred) {
  two_users();
  for (size_t i = 2; i < kMaxUsers; ++i) ASSERT_TRUE(add("user" + std::to_string(i), Role::viewer)) << i;
  EXPECT_EQ(add("onemore", Role::viewer).error().why, Why::conflict);
}

TEST(Roles, grant_upwards_only_and_nobody_gets_nothing) {
  EXPECT_FALSE(allows(Role::none, Role::viewer));
  EXPECT_FALSE(allows(Role::viewer, Role::admin));
  EXPECT_TRUE(allows(Role::admin, Role::viewer));
  EXPECT_EQ(Role{}, Role::none);
  EXPECT_FALSE(role_from("none"));
  EXPECT_FALSE(role_from("Admin"));
}

TEST(Passwords, twelve_signs_of_any_kind_do) {
  for (const char* good : {"seven brown teapots", "correct horse battery", "зелёный чайник 7", "             .", "aB3$aB3$aB3%xyz"}) EXPECT_TRUE(check_password(good, "anna")) << good;
  EXPECT_TRUE(check_password(std::string(250, 'x') + "abcdef", "anna"));
  EXPECT_TRUE(check_password("чайникзелен7", "anna")) << "twelve characters, not bytes";
}

TEST(Passwords, short_common_and_obvious_ones_are_refused) {
  for (const char* bad : {"", "elevensigns", "чайникзелен",             // too short, in characters
                          "1qaz2wsx3edc", "QWERTY123456", "administrator",  // common
                          "Dragon!20261", "123456dragon",                    // common with six signs around
                          "aaaaaaaaaaaa", "abcabcabcabc", "123456789012", "zyxwvutsrqpo", "qwertyuiopas",
                          "anna.petrova1", "anna.petrova!anna.petrova", "holdfast2026", "passwordpassword1"})
    EXPECT_FALSE(check_password(bad, "anna.petrova")) << bad;
  EXPECT_FALSE(check_password(std::string(257, 'x'), "anna")) << "never cut";
  EXPECT_FALSE(check_password("seven\xff brown teapots", "anna")) << "not UTF-8";
  EXPECT_FALSE(check_password(std::string("seven\0brown teapots", 19), "anna"));
}

TEST(Passwords, hashes_are_salted_and_tell_their_cost) {
  const auto one = hash_password(kPassword, HashCost::least()), two = hash_password(kPassword, HashCost::least());
  ASSERT_TRUE(one && two);
  EXPECT_NE(*one, *two);
  EXPECT_TRUE(verify_password(*one, kPassword));
  EXPECT_FALSE(verify_password(*one, std::string(kPassword) + " "));
  EXPECT_FALSE(verify_password("", ""));
  EXPECT_FALSE(verify_password(std::string(300, '$'), kPassword));
  const auto real = hash_password(kPassword, HashCost::interactive());
  ASSERT_TRUE(real);
  EXPECT_TRUE(real->starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << *real;
}

TEST(SetupCodes, use_no_sign_that_can_be_misread) {
  SeededRandom random(7);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random_setup_code(random).find_first_of("ILOU"), std::string::npos);
}

}  // namespace
}  // namespace hf::access
