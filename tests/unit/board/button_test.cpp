#include "hal/board/button.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/input.h>
#include <sys/stat.h>

#include "hal/board/watchdog.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::board {
namespace {

using std::chrono::seconds;

constexpr Time kNow{seconds(1'772'445'600)};

TEST(Press, is_brief_when_the_key_comes_up_early) {
  PressMeter meter;
  EXPECT_FALSE(meter.key(1, kNow));
  EXPECT_FALSE(meter.tick(kNow + seconds(4)));
  EXPECT_EQ(meter.key(0, kNow + seconds(4)), Press::brief);
}

TEST(Press, is_lengthy_after_five_seconds_and_told_once) {
  PressMeter meter;
  (void)meter.key(1, kNow);
  (void)meter.key(2, kNow + seconds(1));  // the keyboard repeats it
  EXPECT_EQ(meter.tick(kNow + seconds(5)), Press::lengthy);
  EXPECT_FALSE(meter.tick(kNow + seconds(6)));
  EXPECT_FALSE(meter.key(0, kNow + seconds(9)));
}

TEST(Press, counts_no_key_that_was_down_before_anybody_looked) {
  PressMeter meter;
  EXPECT_FALSE(meter.key(0, kNow));
}

// A named pipe gives what an input device would.
TEST(Button, reads_the_kernels_events_of_its_own_key) {
  test::TempFolder folder;
  const Path device = folder / "event0";
  ASSERT_EQ(::mkfifo(device.c_str(), 0600), 0);
  auto button = Button::open(device, KEY_PROG1);
  ASSERT_TRUE(button) << button.error().what;
  Descriptor kernel(::open(device.c_str(), O_WRONLY));
  const auto key = [&](uint16_t code, int32_t value) {
    input_event event{};
    event.type = EV_KEY, event.code = code, event.value = value;
    ASSERT_EQ(::write(kernel.get(), &event, sizeof(event)), static_cast<ssize_t>(sizeof(event)));
  };
  EXPECT_FALSE(button->poll(kNow)->has_value());
  key(KEY_A, 1), key(KEY_PROG1, 1);
  EXPECT_FALSE(button->poll(kNow)->has_value());
  EXPECT_EQ(button->poll(kNow + seconds(5)).value(), Press::lengthy);
  key(KEY_PROG1, 0), key(KEY_PROG1, 1), key(KEY_PROG1, 0);
  EXPECT_EQ(button->poll(kNow + seconds(9)).value(), Press::brief);
}

TEST(Button, names_a_device_that_is_not_there) { EXPECT_EQ(Button::open("/no/such/button", 0).error().kind, ErrorKind::not_found); }

TEST(Watchdog, names_what_is_none) {
  EXPECT_EQ(Watchdog::open("/no/such/watchdog", seconds(30)).error().kind, ErrorKind::not_found);
  EXPECT_EQ(Watchdog::open("/dev/null", seconds(30)).error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf::board
