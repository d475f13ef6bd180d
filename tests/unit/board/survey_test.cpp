// A board made of files: what the kernel would show in /sys and /proc.
#include "hal/board/survey.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_folder.hpp"

namespace hf::board {
namespace {

class Board : public testing::Test {
 protected:
  void show(const std::string& file, const std::string& text) {
    const Path path = folder.path() / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text << "\n";
  }
  test::TempFolder folder;
};

TEST_F(Board, tells_temperatures_and_fans_with_the_names_of_their_chips) {
  show("class/hwmon/hwmon0/name", "lm75");
  show("class/hwmon/hwmon0/temp1_input", "48250");
  show("class/hwmon/hwmon0/temp1_crit", "80000");
  show("class/hwmon/hwmon1/name", "coretemp");
  show("class/hwmon/hwmon1/temp1_input", "-4000");
  show("class/hwmon/hwmon1/temp1_label", "Package id 0");
  show("class/hwmon/hwmon1/fan2_input", "1280");
  show("class/hwmon/hwmon1/temp2_input", "nonsense");
  const auto all = temperatures_in(folder.path());
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].sensor, "lm75 temp1");
  EXPECT_DOUBLE_EQ(all[0].celsius, 48.25);
  EXPECT_EQ(all[0].limit, 80.0);
  EXPECT_EQ(all[1].sensor, "coretemp Package id 0");
  EXPECT_DOUBLE_EQ(all[1].celsius, -4);
  EXPECT_FALSE(all[1].limit);
  ASSERT_EQ(fans_in(folder.path()).size(), 1u);
  EXPECT_EQ(fans_in(folder.path())[0].rpm, 1280u);
}

TEST_F(Board, tells_a_start_that_its_watchdog_caused) {
  EXPECT_FALSE(survey({.sys = folder.path()}).reset_by_watchdog) << "no watchdog";
  show("class/watchdog/watchdog0/bootstatus", "0");
  EXPECT_EQ(survey({.sys = folder.path()}).reset_by_watchdog, false);
  show("class/watchdog/watchdog0/bootstatus", "32");
  EXPECT_EQ(survey({.sys = folder.path()}).reset_by_watchdog, true);
  EXPECT_TRUE(survey({.sys = folder.path()}).up);
}

TEST_F(Board, tells_links_that_a_device_stands_behind_and_their_errors) {
  show("class/net/eth0/device/vendor", "x");
  show("class/net/eth0/operstate", "up");
  show("class/net/eth0/speed", "1000");
  show("class/net/eth0/statistics/rx_errors", "3");
  show("class/net/eth0/statistics/tx_errors", "4");
  show("class/net/eth1/device/vendor", "x");
  show("class/net/eth1/operstate", "down");
  show("class/net/eth1/speed", "-1");
  show("class/net/lo/operstate", "unknown");
  const auto links = links_in(folder.path());
  ASSERT_EQ(links.size(), 2u);
  EXPECT_TRUE(links[0].up);
  EXPECT_EQ(links[0].mbps, 1000u);
  EXPECT_EQ(links[0].errors, 7u);
  EXPECT_FALSE(links[1].up);
  EXPECT_FALSE(links[1].mbps) << "a link that is down has no speed, and not 0";
}

TEST_F(Board, tells_the_wear_of_an_emmc) {
  show("block/mmcblk0/device/life_time", "0x02 0x0a");
  show("block/mmcblk0/device/pre_eol_info", "0x01");
  show("block/sda/device/model", "x");
  show("block/loop0/size", "0");
  const auto disks = disks_in(folder.path());
  ASSERT_EQ(disks.size(), 2u);
  EXPECT_EQ(disks[0].kind, DiskKind::emmc);
  EXPECT_EQ(disks[0].worn_percent, 100) << "the more worn of its two parts";
  EXPECT_EQ(disks[0].failing, false);
  EXPECT_FALSE(disks[1].worn_percent) << "not told: unknown";
}

TEST_F(Board, reads_wear_and_health_from_smartctl) {
  Disk nvme{"nvme0n1", DiskKind::nvme, {}, {}};
  ASSERT_TRUE(add_smart(R"({"smartctl":{"version":[7,3]},"smart_status":{"passed":true},"nvme_smart_health_information_log":{"percentage_used":12}})", nvme));
  EXPECT_EQ(nvme.worn_percent, 12);
  EXPECT_EQ(nvme.failing, false);
  Disk sata{"sda", DiskKind::sata, {}, {}};
  ASSERT_TRUE(add_smart(R"({"smartctl":{},"smart_status":{"passed":false}})", sata));
  EXPECT_EQ(sata.failing, true);
  EXPECT_FALSE(sata.worn_percent);
  EXPECT_FALSE(add_smart("half an ans", sata));
  EXPECT_FALSE(add_smart(R"({"some":"thing"})", sata));
}

TEST_F(Board, a_board_that_tells_nothing_is_unknown_and_not_zero) {
  const Facts facts = survey({folder.path() / "sys", folder.path() / "proc", folder.path()});
  EXPECT_TRUE(facts.temperatures.empty() && facts.fans.empty() && facts.links.empty() && facts.disks.empty());
  EXPECT_FALSE(facts.memory_total || facts.clock_battery_low || facts.tpm);
  EXPECT_TRUE(facts.disk_free) << "the test's own folder lies on some file system";
}

TEST_F(Board, tells_memory_battery_and_tpm) {
  show("proc/meminfo", "MemTotal:        4028440 kB\nMemFree: 1 kB\nMemAvailable:    3000000 kB");
  show("sys/class/rtc/rtc0/device/battery_low", "1");
  show("sys/class/tpm/tpm0/tpm_version_major", "2");
  const Facts facts = survey({folder.path() / "sys", folder.path() / "proc", folder.path()});
  EXPECT_EQ(facts.memory_total, uint64_t{4028440} << 10);
  EXPECT_EQ(facts.memory_available, uint64_t{3000000} << 10);
  EXPECT_EQ(facts.clock_battery_low, true);
  EXPECT_EQ(facts.tpm, "2.0");
}

TEST(RealBoard, can_be_surveyed_as_anybody) {
  const Facts facts = survey({});
  EXPECT_GT(facts.memory_total.value_or(0), 0u);
  EXPECT_TRUE(facts.clock.synchronised.has_value());
}

TEST_F(Board, knows_of_its_disks_and_clock_what_other_programs_left_for_it) {
  show("sys/block/sda/device/vendor", "x");
  show("told/sda.json", R"({"smartctl":{"version":[7,4]},"smart_status":{"passed":false},"endurance_used":{"current_percent":91}})");
  show("told/chrony.csv", "C0000201,192.0.2.1,3,1795730000.1,-0.000412,0.0003,0.0004,12.1,0.01,0.2,0.01,0.001,64.2,Normal");
  const Places places{folder.path() / "sys", folder.path() / "proc", folder.path(), folder.path() / "told"};
  auto facts = survey(places);
  ASSERT_EQ(facts.disks.size(), 1u);
  EXPECT_EQ(facts.disks[0].worn_percent, 91);
  EXPECT_EQ(facts.disks[0].failing, true);
  EXPECT_EQ(facts.clock.reference, "192.0.2.1");
  EXPECT_EQ(facts.clock.offset, std::chrono::microseconds(412));
  EXPECT_EQ(facts.clock.synchronised, true);
  for (const char* file : {"sda.json", "chrony.csv"})
    std::filesystem::last_write_time(folder.path() / "told" / file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(4));
  facts = survey(places);
  EXPECT_FALSE(facts.disks[0].failing) << "nobody has looked for hours: unknown";
  EXPECT_FALSE(facts.clock.offset);
}

TEST_F(Board, a_clock_that_chrony_cannot_keep_right_is_told_so) {
  ClockState clock;
  ASSERT_TRUE(add_tracking("7F7F0101,,0,0.0,0.000000000,0.0,0.0,-9.3,0.0,0.0,1.0,1.0,0.0,Not synchronised\n", clock));
  EXPECT_EQ(clock.synchronised, false);
  EXPECT_FALSE(clock.offset) << "an offset from nobody";
  EXPECT_FALSE(add_tracking("506 Cannot talk to daemon", clock));
  EXPECT_FALSE(add_tracking("", clock));
}

}  // namespace
}  // namespace hf::board
