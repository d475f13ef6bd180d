#include "agent/app/page_options.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace hf::app {
namespace {

TEST(PageAddress, is_what_a_browser_takes) {
  EXPECT_EQ(page_address("10.0.0.7", 443), "https://10.0.0.7:443/");
  EXPECT_EQ(page_address("fd00::7", 8443), "https://[fd00::7]:8443/");
}

// The serial console greeted with https://0.0.0.0:443/, which opens nowhere else.
TEST(PageAddress, of_every_address_is_the_machines_name) {
  std::array<char, 256> name{};
  ASSERT_EQ(::gethostname(name.data(), name.size() - 1), 0);
  const std::string expected = std::string("https://") + name.data() + ":443/";
  EXPECT_EQ(page_address("0.0.0.0", 443), expected);
  EXPECT_EQ(page_address("::", 443), expected);
}

}  // namespace
}  // namespace hf::app
