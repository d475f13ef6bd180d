#include "firmware/first_boot/steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/temp_folder.hpp"

namespace hf::first_boot {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FirstBoot : public ::testing::Test {
 protected:
  FirstBoot() {
    for (const char* name : {"device", "device/network", "device/settings", "agent", "agent/files", "agent/journal", "config", "live", "desk"}) fs::create_directories(folder_ / name);
    places_ = {folder_ / "device", folder_ / "agent", folder_ / "config", folder_ / "factory.toml", folder_ / "live", folder_ / "desk", folder_ / "label", folder_ / "updates"};
    for (const char* name : {"device/network/10-holdfast-eth0.network", "device/settings/hostname", "device/audit.log", "agent/access.db", "agent/access.db-wal", "agent/files/pbx.secret", "agent/web.key",
                             "agent/journal/day.db", "config/agent.toml", "factory.toml"})
      EXPECT_TRUE(write_file(folder_ / name, name));
  }
  bool there(const char* name) const { return fs::exists(folder_ / name); }
  void ask_for(const char* word) { EXPECT_TRUE(write_file(folder_ / "device/reset", word)); }

  const test::TempFolder folder_;
  Places places_;
};

TEST_F(FirstBoot, resets_nothing_when_nobody_asked) {
  EXPECT_THAT(carry_out_reset(places_).value(), IsEmpty());
  EXPECT_TRUE(there("agent/access.db"));
}

TEST_F(FirstBoot, resets_settings_and_users_and_keeps_the_calls) {
  ask_for("settings\n");
  EXPECT_THAT(carry_out_reset(places_).value(), SizeIs(1));
  EXPECT_FALSE(there("device/network/10-holdfast-eth0.network") || there("device/settings/hostname") || there("agent/access.db") || there("agent/access.db-wal"));
  EXPECT_FALSE(there("agent/files/pbx.secret")) << "the settings that named it are gone";
  EXPECT_EQ(read_file(folder_ / "config/agent.toml", 100), "factory.toml") << "the image's own settings";
  EXPECT_TRUE(there("agent/journal/day.db") && there("agent/web.key") && there("device/audit.log"));
  EXPECT_FALSE(there("device/reset")) << "the next start must not reset again";
}

TEST_F(FirstBoot, resets_all_data_but_the_log_of_who_asked) {
  ask_for("data\n");
  EXPECT_THAT(carry_out_reset(places_).value(), SizeIs(2));
  EXPECT_TRUE(fs::is_empty(folder_ / "agent"));
  EXPECT_TRUE(there("device/audit.log"));
}

TEST_F(FirstBoot, removes_links_and_never_what_they_lead_to) {
  fs::create_directories(folder_ / "elsewhere");
  ASSERT_TRUE(write_file(folder_ / "elsewhere/kept", "x"));
  fs::create_directory_symlink(folder_ / "elsewhere", folder_ / "agent/link");
  ask_for("data\n");
  ASSERT_TRUE(carry_out_reset(places_));
  EXPECT_FALSE(fs::is_symlink(folder_ / "agent/link"));
  EXPECT_TRUE(there("elsewhere/kept"));
}

TEST_F(FirstBoot, does_nothing_on_a_word_that_it_does_not_know) {
  ask_for("everythin");
  EXPECT_EQ(carry_out_reset(places_).error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(there("agent/access.db") && there("device/reset"));
}

TEST_F(FirstBoot, gives_networkd_what_was_confirmed) {
  ASSERT_TRUE(write_file(folder_ / "device/network/notes.txt", "x"));
  EXPECT_EQ(restore_network(places_), 1u);
  EXPECT_TRUE(there("live/10-holdfast-eth0.network"));
  EXPECT_FALSE(there("live/notes.txt"));
  fs::remove_all(folder_ / "device/network");
  EXPECT_EQ(restore_network(places_), 0u) << "a new box";
}

TEST_F(FirstBoot, lays_out_the_labels_code_for_the_agents_group_alone) {
  EXPECT_EQ(lay_out_label(places_).error().kind, ErrorKind::not_found);
  ASSERT_TRUE(write_file(folder_ / "label", "holdfast-device 1\nserial HF-0001\nclaim 7ZK2M-04XQR-ABCDE-FGHJK\n"));
  EXPECT_EQ(lay_out_label(places_), "HF-0001");
  EXPECT_EQ(read_file(folder_ / "desk/claim", 100), "7ZK2M-04XQR-ABCDE-FGHJK\n");
  struct stat facts{};
  ASSERT_EQ(::stat((folder_ / "desk/claim").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0007, 0u);
  ASSERT_TRUE(write_file(folder_ / "label", "serial HF-0001\n"));
  EXPECT_EQ(lay_out_label(places_).error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf::first_boot
