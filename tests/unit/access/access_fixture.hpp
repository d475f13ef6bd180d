// An Access on a fresh database, with a clock to move and hashes as cheap as libsodium allows, run at once.
#pragma once

#include <gtest/gtest.h>

#include "agent/access/access.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::access {

constexpr const char* kPassword = "seven brown teapots";
constexpr const char* kOther = "nine green kettles!";

class AccessTest : public testing::Test {
 protected:
  void SetUp() override { reopen(); }

  void reopen() {
    access.reset();
    auto opened = Access::open(folder / "access.db", {clock, random, home, hashing, HashCost::least()});
    ASSERT_TRUE(opened) << opened.error().what;
    access = std::move(*opened);
  }

  // Runs a call with a `done` and gives what it was told; fails when it was not told exactly once.
  template <class T, class F>
  Outcome<T> wait(F&& call) {
    std::vector<Outcome<T>> told;
    call([&told](Outcome<T> outcome) { told.push_back(std::move(outcome)); });
    EXPECT_EQ(told.size(), 1U);
    return told.empty() ? std::unexpected(Refusal{}) : told.front();
  }

  Outcome<Opened> setup(const std::string& code, const std::string& user = "anna", const std::string& password = kPassword) {
    return wait<Opened>([&](auto done) { access->setup({address, ""}, code, user, password, done); });
  }
  Outcome<Opened> login(const std::string& user, const std::string& password = kPassword) {
    return wait<Opened>([&](auto done) { access->login({address, ""}, user, password, done); });
  }
  Outcome<User> add(const std::string& name, Role role) {
    return wait<User>([&](auto done) { access->add_user({address, "anna"}, name, role, kPassword, done); });
  }
  Outcome<User> change(const std::string& name, UserChange what) {
    return wait<User>([&](auto done) { access->change_user({address, "anna"}, name, what, done); });
  }
  Outcome<Opened> change_password(const std::string& user, const std::string& current, const std::string& next) {
    return wait<Opened>([&](auto done) { access->change_password({address, user}, current, next, done); });
  }
  // anna is admin, boris a viewer.
  void two_users() {
    const auto code = access->setup_code();
    ASSERT_TRUE(code && *code);
    ASSERT_TRUE(setup(**code));
    ASSERT_TRUE(add("boris", Role::viewer));
  }
  bool live(const Opened& opened) { return access->sessions().use(opened.token) != nullptr; }
  std::vector<AuditRow> audit() { return access->audit().after(0, 1000).value(); }

  test::TempFolder folder;
  test::ManualClock clock;
  SeededRandom random{1};
  test::InlineExecutor home, hashing;
  std::string address = "192.0.2.7";
  std::unique_ptr<Access> access;
};

}  // namespace hf::access
