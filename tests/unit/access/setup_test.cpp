#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/access/access_fixture.hpp"

namespace hf::access {
namespace {

using SetupCode = AccessTest;

TEST_F(SetupCode, makes_the_first_admin_and_dies_with_it) {
  const auto code = access->setup_code();
  ASSERT_TRUE(code && *code);
  EXPECT_EQ((*code)->size(), 23U);  // 20 signs in four groups
  const auto opened = setup(**code);
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_EQ(opened->session.role, Role::admin);
  EXPECT_TRUE(live(*opened));
  EXPECT_EQ(setup(**code, "eve").error().why, Why::conflict);
  EXPECT_FALSE(*access->setup_code()) << "no code once there is a user";
  EXPECT_FALSE(*access->setup_needed());
}

TEST_F(SetupCode, is_taken_from_the_label_where_the_box_has_one) {
  const std::string label = "7ZK2M-04XQR-ABCDE-FGHJK";
  EXPECT_EQ(**access->setup_code(label), label);
  EXPECT_TRUE(setup(label));
}

TEST_F(SetupCode, is_never_a_label_that_anybody_could_guess) {
  for (const char* label : {"", "123", "00000-00000-00000-00000", "7ZK2M-04XQR-ABCDE-FGHJU", "7ZK2M-04XQR-ABCDE-FGHJKX"}) EXPECT_NE(**access->setup_code(label), label) << label;
}

TEST_F(SetupCode, begins_anew_when_the_users_are_forgotten) {
  ASSERT_TRUE(setup(**access->setup_code()));
  ASSERT_TRUE(access->forget_users());
  EXPECT_TRUE(access->users()->empty());
  const auto code = access->setup_code();
  ASSERT_TRUE(code && *code);
  EXPECT_TRUE(setup(**code, "berta"));
  EXPECT_TRUE(access->audit().verify()->intact);
}

TEST_F(SetupCode, may_be_typed_small_with_blanks_and_lookalikes) {
  auto code = **access->setup_code();
  std::string typed = " ";
  for (const char c : code) {
    if (c == '-') typed += ' ';
    else if (c == '0') typed += 'o';
    else if (c == '1') typed += 'l';
    else typed += static_cast<char>(std::tolower(c));
  }
  EXPECT_TRUE(setup(typed)) << typed << " for " << code;
}

TEST_F(SetupCode, dies_after_a_day) {
  const auto code = **access->setup_code();
  clock.advance(std::chrono::hours(24));
  EXPECT_EQ(setup(code).error().why, Why::login);
  EXPECT_TRUE(*access->setup_needed());
}

TEST_F(SetupCode, dies_when_a_new_one_is_made_after_a_restart) {
  const auto old = **access->setup_code();
  reopen();
  const auto fresh = **access->setup_code();
  EXPECT_NE(old, fresh);
  EXPECT_EQ(setup(old).error().why, Why::login);
  clock.advance(std::chrono::seconds(2));
  EXPECT_TRUE(setup(fresh));
}

TEST_F(SetupCode, is_not_kept_in_the_clear) {
  const auto code = **access->setup_code();
  access.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find(code), bytes.npos) << entry.path();
    EXPECT_EQ(bytes.find(normal_setup_code(code)), bytes.npos) << entry.path();
  }
}

TEST_F(SetupCode, guesses_are_slowed_down) {
  ASSERT_TRUE(access->setup_code());
  EXPECT_EQ(setup("AAAAA-AAAAA-AAAAA-AAAAA").error().why, Why::login);
  const auto next = setup("AAAAA-AAAAA-AAAAA-AAAAB");
  EXPECT_EQ(next.error().why, Why::throttled);
  EXPECT_EQ(next.error().retry_after, std::chrono::seconds(1));
}

TEST_F(SetupCode, is_not_spent_on_a_password_that_is_refused) {
  const auto code = **access->setup_code();
  const auto refused = setup(code, "anna", "short");
  EXPECT_EQ(refused.error().why, Why::invalid);
  EXPECT_EQ(refused.error().field, "password");
  EXPECT_EQ(setup(code, "Anna!").error().field, "user");
  EXPECT_TRUE(setup(code));
}

TEST_F(SetupCode, of_two_who_use_it_at_once_one_wins) {
  const auto code = **access->setup_code();
  hashing.holding = true;
  std::vector<Outcome<Opened>> told;
  for (const char* user : {"anna", "eve"}) {
    access->setup({user == std::string("anna") ? "192.0.2.7" : "192.0.2.8", ""}, code, user, kPassword, [&told](auto o) { told.push_back(o); });
    clock.advance(std::chrono::seconds(2));
  }
  hashing.holding = false;
  hashing.release();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_TRUE(told[0]);
  EXPECT_EQ(told[1].error().why, Why::conflict);
  EXPECT_EQ(access->users()->size(), 1U);
}

}  // namespace
}  // namespace hf::access
