#include "hal/platform/release.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

TEST(Release, is_the_version_of_our_image_and_of_no_other_system) {
  const test::TempFolder folder;
  const auto version = [&](const char* text) {
    EXPECT_TRUE(write_file(folder / "os-release", text));
    return image_version(folder / "os-release");
  };
  EXPECT_EQ(version("ID=debian\nIMAGE_ID=holdfast\nIMAGE_VERSION=1.2.0\n"), "1.2.0");
  EXPECT_EQ(version("IMAGE_VERSION=\"1.2.0\"\nIMAGE_ID=\"holdfast\""), "1.2.0");
  EXPECT_EQ(version("IMAGE_ID=other\nIMAGE_VERSION=7\n"), "");
  EXPECT_EQ(version("ID=debian\n"), "");
  EXPECT_EQ(image_version(folder / "none"), "");
}

}  // namespace
}  // namespace hf
