#include "agent/app/settings_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "agent/app/settings_trial.hpp"
#include "agent/app/simulated_past.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class Keeper : public testing::Test {
 protected:
  Keeper() {
    put("[web]\nport = 9000\n");
    running_ = settings::load_agent(file_).value();
    running_.state_dir = folder_ / "state";
    EXPECT_TRUE(make_folder(running_.state_dir, 0700));
    text_ = "state_dir = \"" + running_.state_dir.string() + "\"\n[web]\nport = 9000\n";
    put(text_);
  }
  void put(const std::string& text) { ASSERT_TRUE(write_file(file_, text, 0644)); }
  std::string now() { return read_file(file_, 1 << 20).value(); }
  SettingsKeeper keeper() {
    return SettingsKeeper({file_, running_, {}, [this] { ++saved_; }});
  }
  Status save(const std::string& text) {
    auto k = keeper();
    return k.save(text, k.view()->mark);
  }
  const test::TempFolder folder_;
  const Path file_ = folder_ / "agent.toml";
  settings::AgentSettings running_;
  std::string text_;
  int saved_ = 0;
};

TEST_F(Keeper, saves_what_a_start_would_take_and_keeps_what_was_before_until_an_agent_has_started) {
  const std::string other = text_ + "[pbx]\nkind = \"queue_log\"\npath = \"" + file_.string() + "\"\n";
  ASSERT_TRUE(save(other));
  EXPECT_EQ(saved_, 1);
  EXPECT_EQ(now(), other);
  EXPECT_EQ(take_back(file_), true) << "an agent could not start with it";
  EXPECT_EQ(now(), text_);
  EXPECT_EQ(take_back(file_), false) << "once";
  ASSERT_TRUE(save(other));
  end_trial(file_);
  EXPECT_EQ(take_back(file_), false) << "an agent started with it";
  EXPECT_EQ(now(), other);
}

TEST_F(Keeper, tells_every_problem_with_its_place_and_saves_nothing) {
  const std::string wrong = text_ + "[pbx]\nkind = \"ami\"\nhosst = \"a\"\nport = 70000\n";
  const auto verdict = keeper().check(wrong);
  EXPECT_THAT(verdict.problems, Contains(HasSubstr("agent.toml:6:1")));
  EXPECT_THAT(verdict.problems, Contains(HasSubstr("hosst")));
  EXPECT_THAT(verdict.problems, Contains(HasSubstr("port")));
  const auto refused = save(wrong);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
  EXPECT_THAT(refused.error().what, HasSubstr("hosst"));
  EXPECT_EQ(now(), text_);
  EXPECT_EQ(saved_, 0);
}

TEST_F(Keeper, does_not_let_the_page_saw_off_the_branch_it_stands_on) {
  EXPECT_THAT(keeper().check("[web]\nport = 9001\n").problems, Contains(HasSubstr("[web]")));
  std::string elsewhere = text_;
  elsewhere.replace(0, elsewhere.find('\n'), "state_dir = \"/var/lib/other\"");
  EXPECT_THAT(keeper().check(elsewhere).problems, Contains(HasSubstr("state_dir")));
  EXPECT_THAT(keeper().check(text_ + "[lamp]\nkind = \"none\"\n").problems, IsEmpty());
}

TEST_F(Keeper, refuses_to_write_over_what_somebody_else_changed_meanwhile) {
  auto k = keeper();
  const std::string mark = k.view()->mark;
  put(text_ + "# by hand\n");
  EXPECT_EQ(k.save(text_, mark).error().kind, ErrorKind::denied);
  EXPECT_THAT(now(), HasSubstr("by hand"));
}

TEST_F(Keeper, keeps_secrets_for_the_agent_alone_and_does_not_remove_what_the_settings_name) {
  auto k = keeper();
  ASSERT_TRUE(k.keep_file("pbx.secret", "open sesame\n"));
  const Path secret = running_.state_dir / "files" / "pbx.secret";
  struct stat facts{};
  ASSERT_EQ(::stat(secret.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  ASSERT_TRUE(save(text_ + "[pbx]\nkind = \"ami\"\nhost = \"192.0.2.1\"\nuser = \"holdfast\"\nsecret_file = \"" + secret.string() + "\"\n"));
  const auto view = k.view();
  ASSERT_EQ(view->files.size(), 1u);
  EXPECT_EQ(view->files[0].size, 12u);
  EXPECT_TRUE(view->files[0].used);
  EXPECT_EQ(k.remove_file("pbx.secret").error().kind, ErrorKind::denied);
  ASSERT_TRUE(save(text_));
  EXPECT_TRUE(k.remove_file("pbx.secret"));
  EXPECT_EQ(k.remove_file("pbx.secret").error().kind, ErrorKind::not_found);
}

TEST_F(Keeper, takes_no_name_that_leads_elsewhere_and_no_more_files_than_it_can_show) {
  auto k = keeper();
  for (const char* name : {"", ".", "..", "../agent.toml", "a/b", "-rf", ".hidden", "Big", "a b"}) EXPECT_EQ(k.keep_file(name, "x").error().kind, ErrorKind::invalid_input) << name;
  for (size_t i = 0; i < web::SettingsDesk::kMaxFiles; ++i) ASSERT_TRUE(k.keep_file("f" + std::to_string(i), "x"));
  EXPECT_EQ(k.keep_file("one-more", "x").error().kind, ErrorKind::invalid_input);
  EXPECT_TRUE(k.keep_file("f0", "another")) << "in the place of its own";
}

TEST_F(Keeper, asks_for_enrolment_with_a_key_that_is_made_once_and_stays) {
  auto k = keeper();
  const auto request = k.enrolment_request();
  ASSERT_TRUE(request) << request.error().what;
  EXPECT_THAT(request->pem, HasSubstr("BEGIN CERTIFICATE REQUEST"));
  EXPECT_THAT(read_file(request->key_file, 4096).value(), HasSubstr("PRIVATE KEY"));
  EXPECT_EQ(k.enrolment_request()->fingerprint, request->fingerprint);
  ASSERT_EQ(k.view()->files.size(), 1u);
  EXPECT_EQ(k.view()->files[0].name, "site.key");
}

TEST_F(Keeper, without_a_file_shows_what_holds_and_changes_nothing) {
  SettingsKeeper k({{}, running_, {}, [this] { ++saved_; }});
  const auto view = k.view();
  ASSERT_TRUE(view && view->locked);
  EXPECT_THAT(view->text, HasSubstr("port = 9000"));
  EXPECT_EQ(k.save(view->text, view->mark).error().kind, ErrorKind::denied);
}

TEST(SimulatedPast, goes_when_a_real_pbx_takes_its_place_and_users_stay) {
  const test::TempFolder state;
  EXPECT_EQ(settle_simulation(state.path(), true), false);
  ASSERT_TRUE(make_folder(state / "journal", 0700));
  for (const char* made : {"journal/0001.db", "derived.db", "access.db"}) ASSERT_TRUE(write_file(state / made, "x"));
  EXPECT_EQ(settle_simulation(state.path(), true), false) << "and again";
  EXPECT_EQ(settle_simulation(state.path(), false), true);
  EXPECT_FALSE(std::filesystem::exists(state / "journal"));
  EXPECT_FALSE(std::filesystem::exists(state / "derived.db"));
  EXPECT_TRUE(std::filesystem::exists(state / "access.db"));
  ASSERT_TRUE(make_folder(state / "journal", 0700));
  EXPECT_EQ(settle_simulation(state.path(), false), false) << "what is there now is real";
  EXPECT_EQ(settle_simulation(state.path(), true), false);
  EXPECT_EQ(settle_simulation(state.path(), false), false) << "a simulation that was tried on top of real calls takes none with it";
  EXPECT_TRUE(std::filesystem::exists(state / "journal"));
}

}  // namespace
}  // namespace hf::app
