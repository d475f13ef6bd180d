// hal/board on a machine that has what it reads: runs as the only program of a guest (board_test.py), not on the machine of whoever builds.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <linux/input-event-codes.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "hal/board/button.hpp"
#include "hal/board/lamp.hpp"
#include "hal/board/survey.hpp"
#include "hal/board/watchdog.hpp"

namespace hf::board {
namespace {

std::string line_of(const Path& file) {
  std::string line;
  std::ifstream in(file);
  std::getline(in, line);
  return line;
}

// The first entry of a folder whose `inside` begins with `text`.
Path with(const Path& folder, const Path& inside, std::string_view text) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (line_of(entry.path() / inside).starts_with(text)) return entry.path();
  return {};
}

// A register of a chip that the kernel's i2c-stub plays.
void set_register(const Path& bus, uint16_t chip, uint8_t at, uint16_t value) {
  const Descriptor fd(::open(bus.c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_GE(fd.get(), 0) << bus;
  ASSERT_EQ(::ioctl(fd.get(), I2C_SLAVE_FORCE, chip), 0);
  i2c_smbus_data data{};
  data.word = value;
  i2c_smbus_ioctl_data call{I2C_SMBUS_WRITE, at, I2C_SMBUS_WORD_DATA, &data};
  ASSERT_EQ(::ioctl(fd.get(), I2C_SMBUS, &call), 0);
}

TEST(BoardInGuest, a_chip_on_the_i2c_bus_is_a_temperature) {
  const Path bus = with("/sys/class/i2c-adapter", "name", "SMBus stub");
  ASSERT_FALSE(bus.empty());
  set_register("/dev" / bus.filename(), 0x48, 0, 0x8030);  // 48.5 degrees: the chip sends the high byte first
  const auto facts = survey({});
  const auto lm75 = std::ranges::find(facts.temperatures, "lm75 temp1", &Temperature::sensor);
  ASSERT_NE(lm75, facts.temperatures.end());
  EXPECT_DOUBLE_EQ(lm75->celsius, 48.5);
}

TEST(BoardInGuest, an_nvme_disk_tells_its_wear_by_smartctl) {
  const auto facts = survey({});
  const auto disk = std::ranges::find(facts.disks, "nvme0n1", &Disk::name);
  ASSERT_NE(disk, facts.disks.end());
  EXPECT_EQ(disk->kind, DiskKind::nvme);
  EXPECT_EQ(disk->failing, false);
  EXPECT_EQ(disk->worn_percent, 0);
}

TEST(BoardInGuest, knows_its_memory_and_what_counts_its_time) {
  const auto facts = survey({});
  EXPECT_GT(facts.memory_total.value_or(0), uint64_t{500} << 20);
  EXPECT_FALSE(facts.clock.source.empty());
  EXPECT_EQ(facts.clock.synchronised, false) << "nobody keeps this clock right";
  EXPECT_FALSE(facts.clock_battery_low) << "this clock does not tell: unknown, not well";
  EXPECT_FALSE(facts.tpm);
}

TEST(BoardInGuest, a_keyboards_led_is_a_lamp) {
  Path led;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/class/leds"))
    if (entry.path().filename().string().ends_with("::capslock")) led = entry.path();
  ASSERT_FALSE(led.empty());
  const auto lamp = led_lamp(led);
  ASSERT_TRUE(lamp->light(LampState::incident, true));
  EXPECT_EQ(line_of(led / "brightness"), line_of(led / "max_brightness"));
  ASSERT_TRUE(lamp->light(LampState::incident, false));
  EXPECT_EQ(line_of(led / "brightness"), "0");
}

TEST(BoardInGuest, a_tower_on_a_usb_serial_line_is_told_the_state) {
  const Descriptor tower(::open("/dev/ttyGS0", O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_GE(tower.get(), 0);
  termios raw{};
  ::tcgetattr(tower.get(), &raw), ::cfmakeraw(&raw), ::tcsetattr(tower.get(), TCSANOW, &raw);
  net::SerialLine line;
  line.device = "/dev/ttyACM0";
  const auto lamp = serial_lamp(line, {"OFF", "GREEN", "YELLOW", "RED", "BLUE"});
  const auto told = lamp->light(LampState::incident, true);
  ASSERT_TRUE(told) << told.error().what;
  std::string got;
  pollfd waiting{tower.get(), POLLIN, 0};
  for (char part[16]; !got.ends_with('\n') && ::poll(&waiting, 1, 10'000) == 1;) {
    const ssize_t size = ::read(tower.get(), part, sizeof(part));
    if (size <= 0) break;
    got.append(part, static_cast<size_t>(size));
  }
  EXPECT_EQ(got, "RED\r\n");
}

// The host holds the key down for six seconds when it reads the word.
TEST(BoardInGuest, a_key_that_is_held_says_that_somebody_stands_there) {
  const Path input = with("/sys/class/input", "device/name", "AT Translated");
  ASSERT_FALSE(input.empty());
  auto button = Button::open("/dev/input" / input.filename(), KEY_F12);
  ASSERT_TRUE(button) << button.error().what;
  std::cout << "guest: hold the key" << std::endl;
  std::optional<Press> press;
  const auto now = [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); };
  pollfd waiting{button->fd(), POLLIN, 0};
  for (const Time end = now() + std::chrono::seconds(60); !press && now() < end; (void)::poll(&waiting, 1, 200)) {
    auto polled = button->poll(now());
    ASSERT_TRUE(polled) << polled.error().what;
    press = *polled;
  }
  EXPECT_EQ(press, Press::lengthy);
}

TEST(BoardInGuest, the_watchdog_is_armed_fed_and_disarmed) {
  auto watchdog = Watchdog::open("/dev/watchdog", std::chrono::seconds(10));
  ASSERT_TRUE(watchdog) << watchdog.error().what;
  EXPECT_GE(watchdog->timeout(), std::chrono::seconds(5));
  EXPECT_TRUE(watchdog->feed());
  EXPECT_EQ(Watchdog::open("/dev/watchdog", std::chrono::seconds(10)).error().kind, ErrorKind::busy);
  EXPECT_TRUE(watchdog->disarm());
}

}  // namespace
}  // namespace hf::board
