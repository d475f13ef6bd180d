#include "hal/board/lamp.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>

#include <fstream>
#include <map>

#include "hal/platform/descriptor.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::board {
namespace {

using std::chrono::milliseconds;

constexpr LampState kAll[] = {LampState::off, LampState::calm, LampState::warning, LampState::incident, LampState::box_ill};

// On and off through two rounds, a sign for each 50 ms.
std::string seen(LampState state) {
  std::string signs;
  for (milliseconds at{0}; at < milliseconds(4'000); at += milliseconds(50)) signs += lit(state, at) ? '#' : '.';
  return signs;
}

TEST(Lamp, each_state_has_a_rhythm_of_its_own) {
  std::map<std::string, LampState> rhythms;
  for (const LampState state : kAll) EXPECT_TRUE(rhythms.emplace(seen(state), state).second) << seen(state);
  EXPECT_EQ(seen(LampState::calm).find('.'), std::string::npos);
  EXPECT_EQ(seen(LampState::off).find('#'), std::string::npos);
  EXPECT_EQ(seen(LampState::incident).substr(0, 12), "###...###...") << "two quick flashes";
}

TEST(Lamp, changes_when_it_says_so_and_not_between) {
  for (const LampState state : kAll) {
    Duration at{};
    for (int i = 0; i < 10; ++i) {
      const auto next = next_change(state, at);
      if (!next) break;
      ASSERT_GT(*next, at);
      EXPECT_EQ(lit(state, *next - milliseconds(1)), lit(state, at));
      EXPECT_NE(lit(state, *next), lit(state, at));
      at = *next;
    }
  }
}

TEST(Lamp, an_led_is_written_and_a_missing_one_named) {
  test::TempFolder folder;
  std::ofstream(folder / "brightness") << "0";
  const auto lamp = led_lamp(folder.path());
  ASSERT_TRUE(lamp->light(LampState::calm, true));
  std::string text;
  std::ifstream(folder / "brightness") >> text;
  EXPECT_EQ(text, "255");
  const auto missing = led_lamp(folder.path() / "none")->light(LampState::calm, true);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
}

TEST(Lamp, a_tower_is_told_each_state_once) {
  Descriptor master(::posix_openpt(O_RDWR | O_NOCTTY));
  ::grantpt(master.get()), ::unlockpt(master.get());
  char path[128];
  ASSERT_EQ(::ptsname_r(master.get(), path, sizeof(path)), 0);
  net::SerialLine line;
  line.device = path;
  const auto lamp = serial_lamp(line, {"OFF", "GREEN", "YELLOW", "RED", "BLUE"});
  ASSERT_TRUE(lamp->light(LampState::calm, true));
  ASSERT_TRUE(lamp->light(LampState::calm, false));
  ASSERT_TRUE(lamp->light(LampState::incident, true));
  const std::string_view words = "GREEN\r\nRED\r\n";
  std::string got;
  pollfd waiting{master.get(), POLLIN, 0};
  char part[64];
  while (got.size() < words.size() && ::poll(&waiting, 1, 10'000) == 1) {  // a terminal hands on line by line
    const ssize_t size = ::read(master.get(), part, sizeof(part));
    if (size <= 0) break;
    got.append(part, static_cast<size_t>(size));
  }
  EXPECT_EQ(got, words);
}

}  // namespace
}  // namespace hf::board
