#include "agent/machine/desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_device.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::machine {
namespace {

using ::testing::ElementsAre;

const Network kTwo{{{"eth0", "up", {"192.0.2.10/24", "fe80::1/64"}}, {"eth1", "up", {"198.51.100.10/24", "2001:db8::7/64"}}}, {"127.0.0.1/8", "::1/128"}, "", {}};

TEST(ReachedBy, the_new_address_another_interface_and_the_machine_itself_but_not_the_old_address) {
  const Setting fixed{"eth0", "192.0.2.20/24", "", {}, false};
  EXPECT_TRUE(reached_by("192.0.2.20", fixed, kTwo)) << "also before the kernel lists it";
  EXPECT_FALSE(reached_by("192.0.2.10", fixed, kTwo)) << "it goes within seconds";
  EXPECT_FALSE(reached_by("fe80::1", fixed, kTwo));
  EXPECT_TRUE(reached_by("198.51.100.10", fixed, kTwo)) << "the admin's way is not the one that changes";
  EXPECT_TRUE(reached_by("127.0.0.1", fixed, kTwo));
  EXPECT_FALSE(reached_by("203.0.113.1", fixed, kTwo)) << "an address that the box does not have any more";
  EXPECT_FALSE(reached_by("", fixed, kTwo));
  EXPECT_TRUE(reached_by("2001:db8::7", Setting{"eth0", "2001:DB8:0::7/64", "", {}, false}, Network{})) << "the same address, written otherwise";
}

TEST(ReachedBy, with_dhcp_whatever_the_interface_got) {
  const Setting dhcp{"eth0", "", "", {}, true};
  EXPECT_TRUE(reached_by("192.0.2.10", dhcp, kTwo));
  EXPECT_FALSE(reached_by("192.0.2.99", dhcp, kTwo));
}

class DeskTest : public ::testing::Test {
 protected:
  View look(const std::string& own) {
    View seen;
    desk_.look({"anna", own}, [&](Result<View> view) { seen = std::move(*view); });
    return seen;
  }
  void set_on_trial() {
    device_.answers["set_network"] = {{"token", "the-token"}};
    desk_.ask({"anna", "192.0.2.10"}, device::SetNetwork{"eth0", false, "192.0.2.20/24", "", {}, device::Seconds(60)}, [](const auto&) {});
    device_.status({{"trial.interface", "eth0"}, {"trial.dhcp", "no"}, {"trial.address", "192.0.2.20/24"}, {"trial.seconds_left", "60"}});
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  test::InlineExecutor home_, worker_;
  test::FakeDevice device_;
  Desk desk_{{device_, clock_, home_, worker_, TimeZone::find("UTC").value(), "02:00-04:00", folder_ / "diagnostics", [] { return kTwo; }}};
};

TEST_F(DeskTest, keeps_the_token_for_who_comes_by_the_new_address) {
  set_on_trial();
  EXPECT_EQ(look("192.0.2.10").trial->token, std::nullopt);
  EXPECT_EQ(look("192.0.2.20").trial->token, "the-token");
}

TEST_F(DeskTest, forgets_the_token_with_the_trial) {
  set_on_trial();
  device_.status({});
  EXPECT_FALSE(look("192.0.2.20").trial);
  device_.status({{"trial.interface", "eth0"}, {"trial.dhcp", "no"}, {"trial.address", "192.0.2.20/24"}});
  EXPECT_EQ(look("192.0.2.20").trial->token, std::nullopt) << "that is another one, which somebody else set";
}

TEST_F(DeskTest, nothing_is_asked_on_the_thread_that_answers_pages) {
  worker_.holding = true;
  int answers = 0;
  desk_.ask({"anna", ""}, device::SetZone{"Europe/Berlin"}, [&](const auto&) { ++answers; });
  desk_.look({"anna", ""}, [&](const auto&) { ++answers; });
  EXPECT_TRUE(device_.asked.empty());
  EXPECT_EQ(answers, 0);
  worker_.release();
  EXPECT_EQ(answers, 2);
}

TEST_F(DeskTest, says_when_the_service_cannot_be_asked_and_shows_what_it_sees_itself) {
  device_.answers.clear();
  device_.away = true;
  const View view = look("192.0.2.10");
  EXPECT_TRUE(view.present);
  EXPECT_EQ(view.problem, "the device service did not answer");
  EXPECT_EQ(view.network.interfaces.size(), 2u);
}

}  // namespace
}  // namespace hf::machine
