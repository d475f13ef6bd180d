#include "hal/board/gpio.hpp"

#include <gtest/gtest.h>

#include "hal/board/lamp.hpp"
#include "tests/support/fake_gpio.hpp"

namespace hf::board {
namespace {

test::FakeGpio chip() { return test::FakeGpio({{"FAN"}, {"LAMP"}, {"LED", "gpio-leds"}, {}}); }

TEST(GpioLine, is_set_by_number_and_by_name_and_let_go_at_the_end) {
  auto kernel = chip();
  {
    GpioLine lamp({"/dev/gpiochip0", 0, "LAMP", false}, kernel), other({"/dev/gpiochip0", 3, {}, true}, kernel);
    ASSERT_TRUE(lamp.set(true)) << lamp.set(true).error().what;
    EXPECT_TRUE(kernel.lines[1].level);
    ASSERT_TRUE(lamp.set(false));
    EXPECT_FALSE(kernel.lines[1].level);
    ASSERT_TRUE(other.set(false));
    EXPECT_TRUE(kernel.lines[3].level) << "active low: dark is high";
    ASSERT_TRUE(other.set(true));
    EXPECT_FALSE(kernel.lines[3].level);
    EXPECT_FALSE(test::FakeGpio::free(kernel.lines[1]));
  }
  EXPECT_TRUE(test::FakeGpio::free(kernel.lines[1]));
}

struct Refusal {
  ErrorKind kind;
  std::string what;
};
Refusal refusal(GpioLine line) {
  const auto set = line.set(true);
  return set ? Refusal{ErrorKind::internal, "set"} : Refusal{set.error().kind, set.error().what};
}

TEST(GpioLine, says_which_line_is_wrong_and_why) {
  auto kernel = chip();
  const auto busy = refusal(GpioLine({"/dev/gpiochip0", 2}, kernel)), no_chip = refusal(GpioLine({"/dev/gpiochip7", 2}, kernel)),
             no_name = refusal(GpioLine({"/dev/gpiochip0", 0, "SIREN"}, kernel)), no_number = refusal(GpioLine({"/dev/gpiochip0", 17}, kernel)),
             no_gpio = refusal(GpioLine({"/dev/null", 4}));
  EXPECT_EQ(busy.kind, ErrorKind::busy);
  EXPECT_EQ(busy.what, "/dev/gpiochip0: line 2 is in use by \"gpio-leds\"");
  EXPECT_EQ(no_chip.kind, ErrorKind::not_found);
  EXPECT_EQ(no_chip.what, "/dev/gpiochip7: no such GPIO chip");
  EXPECT_EQ(no_name.kind, ErrorKind::not_found);
  EXPECT_EQ(no_name.what, "/dev/gpiochip0: none of its 4 lines is named \"SIREN\"");
  EXPECT_EQ(no_number.kind, ErrorKind::invalid_input);
  EXPECT_EQ(no_number.what, "/dev/gpiochip0: has 4 lines, and none of number 17");
  EXPECT_EQ(no_gpio.what, "/dev/null: is no GPIO chip");
}

TEST(GpioLine, is_had_again_once_its_holder_or_its_chip_is_back) {
  auto kernel = chip();
  GpioLine line({"/dev/gpiochip0", 2}, kernel), same({"/dev/gpiochip0", 2}, kernel);
  EXPECT_FALSE(line.set(true));
  kernel.lines[2].consumer.clear();
  ASSERT_TRUE(line.set(true));
  EXPECT_EQ(same.set(true).error().kind, ErrorKind::busy);
  kernel.lines[2].gone = true, kernel.there = false;
  EXPECT_EQ(line.set(false).error().what, "/dev/gpiochip0: No such device");
  EXPECT_EQ(line.set(false).error().kind, ErrorKind::not_found);
  kernel.lines[2].gone = false, kernel.there = true;
  EXPECT_TRUE(line.set(false));
  EXPECT_FALSE(kernel.lines[2].level);
}

TEST(GpioLamp, is_lit_in_the_rhythm_of_each_state) {
  auto kernel = chip();
  const auto lamp = gpio_lamp({"/dev/gpiochip0", 0, "LAMP", true}, kernel);
  for (const LampState state : {LampState::off, LampState::calm, LampState::warning, LampState::incident, LampState::box_ill}) {
    Duration at{};
    for (int i = 0; i < 8; ++i) {
      ASSERT_TRUE(lamp->light(state, lit(state, at)));
      EXPECT_EQ(kernel.lines[1].level, !lit(state, at));
      at = next_change(state, at).value_or(at + std::chrono::seconds(1));
    }
  }
}

}  // namespace
}  // namespace hf::board
