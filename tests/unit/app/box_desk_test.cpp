#include "agent/app/box_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "hal/platform/random.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

class BoxDesk : public ::testing::Test {
 protected:
  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{5};
  test::InlineExecutor executor_;
  std::unique_ptr<access::Access> access_ = access::Access::open(folder_ / "access.db", {clock_, random_, executor_, executor_, access::HashCost::interactive()}).value();
};

TEST_F(BoxDesk, forgets_users_once_and_only_when_asked_at_the_box) {
  access_->setup({"192.0.2.9", ""}, **access_->setup_code(), "anna", "seven brown teapots", [](const auto& opened) { EXPECT_TRUE(opened); });
  ASSERT_TRUE(begin_at_the_box(folder_.path(), *access_));
  EXPECT_EQ(access_->users()->size(), 1u);
  ASSERT_TRUE(write_file(folder_ / "forget-users", ""));
  ASSERT_TRUE(begin_at_the_box(folder_.path(), *access_));
  EXPECT_TRUE(access_->users()->empty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "forget-users")) << "the next start must not forget again";
}

TEST_F(BoxDesk, knows_an_agent_that_broke_off_from_one_that_was_told_to_end) {
  EXPECT_FALSE(RunsWord(folder_.path()).was_there());
  EXPECT_FALSE(RunsWord(folder_.path()).was_there()) << "the first one ended as it was told to";
  ASSERT_TRUE(write_file(folder_ / "agent-runs", "")) << "as one leaves it that its watchdog ends";
  EXPECT_TRUE(RunsWord(folder_.path()).was_there());
  EXPECT_FALSE(RunsWord(folder_ / "none").was_there()) << "a machine that is no box";
  const Time started = clock_.now();
  EXPECT_TRUE(restart_problems(false, started, started).empty());
  EXPECT_EQ(restart_problems(true, started, started + std::chrono::hours(1)).at(0).id, "agent_restarted");
  EXPECT_TRUE(restart_problems(true, started, started + std::chrono::hours(25)).empty());
}

TEST_F(BoxDesk, shows_the_code_to_nobody_but_its_own_user) {
  show_at_the_box({"https://192.0.2.7:443/", "AB:CD", "7ZK2M-04XQR-ABCDE-FGHJK", ""}, folder_.path());
  EXPECT_EQ(read_file(folder_ / "greeting", 1000), "address https://192.0.2.7:443/\nfingerprint AB:CD\ncode 7ZK2M-04XQR-ABCDE-FGHJK\n");
  struct stat facts{};
  ASSERT_EQ(::stat((folder_ / "greeting").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  show_at_the_box({}, folder_ / "none");  // a machine that is no box
}

TEST_F(BoxDesk, reads_the_labels_code) {
  EXPECT_EQ(label_code(folder_.path()), "");
  ASSERT_TRUE(write_file(folder_ / "claim", "7ZK2M-04XQR-ABCDE-FGHJK\n"));
  EXPECT_EQ(label_code(folder_.path()), "7ZK2M-04XQR-ABCDE-FGHJK");
}

}  // namespace
}  // namespace hf::app
