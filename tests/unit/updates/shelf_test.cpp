#include "agent/updates/shelf.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::updates {
namespace {

using namespace std::chrono_literals;

struct ShelfTest : ::testing::Test {
  Shelf shelf() {
    Shelf made(folder.path(), "upload", {1000, 0, 24h}, clock);
    EXPECT_TRUE(made.open());
    return made;
  }
  static std::string digest(std::string_view bytes) { return to_hex(net::sha256(bytes)); }
  size_t files() const {
    size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++count;
    return count;
  }
  const std::string bytes = std::string(300, 'a') + std::string(200, 'b');
  const test::TempFolder folder;
  test::ManualClock clock;
};

TEST_F(ShelfTest, a_transfer_goes_on_where_it_broke_off_even_after_a_restart) {
  {
    Shelf s = shelf();
    ASSERT_TRUE(s.begin("a.raucb", 500, digest(bytes), "anna"));
    ASSERT_TRUE(s.append(0, bytes.substr(0, 300)));
  }
  Shelf s = shelf();
  const auto again = s.begin("a.raucb", 500, digest(bytes), "anna");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->offset, 300U);
  ASSERT_TRUE(s.append(300, bytes.substr(300)));
  ASSERT_TRUE(s.complete());
  ASSERT_TRUE(s.accept(s.digest().value()));
  EXPECT_EQ(read_file(*s.bundle(), 1000).value(), bytes);
  EXPECT_EQ(shelf().bundle(), s.bundle()) << "and is still there after another restart";
}

TEST_F(ShelfTest, a_piece_elsewhere_too_long_or_empty_is_refused_and_changes_nothing) {
  Shelf s = shelf();
  EXPECT_EQ(s.append(0, "x").error().kind, ErrorKind::denied) << "nothing was begun";
  ASSERT_TRUE(s.begin("a.raucb", 500, digest(bytes), "anna"));
  EXPECT_EQ(s.append(1, "x").error().kind, ErrorKind::denied);
  EXPECT_EQ(s.append(0, "").error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(s.append(0, std::string(501, 'x')).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(s.transfer()->offset, 0U);
}

TEST_F(ShelfTest, an_upload_needs_size_digest_and_room) {
  Shelf s = shelf();
  EXPECT_EQ(s.begin("a", 0, digest(bytes), "anna").error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(s.begin("a", 1001, digest(bytes), "anna").error().kind, ErrorKind::invalid_input);
  for (const std::string& bad : {std::string(), std::string("abc"), std::string(64, 'g'), digest(bytes) + "00"})
    EXPECT_EQ(s.begin("a", 500, bad, "anna").error().kind, ErrorKind::invalid_input) << bad;
  Shelf full(folder.path(), "upload", {1000, uint64_t{1} << 60, 24h}, clock);
  EXPECT_EQ(full.begin("a", 500, digest(bytes), "anna").error().kind, ErrorKind::invalid_input) << "the disk has no exabyte";
  EXPECT_EQ(files(), 0U);
}

TEST_F(ShelfTest, a_second_upload_waits_for_the_first_and_takes_the_place_of_a_whole_one) {
  Shelf s = shelf();
  ASSERT_TRUE(s.begin("a.raucb", 500, digest(bytes), "anna"));
  EXPECT_EQ(s.begin("b.raucb", 3, digest("xyz"), "boris").error().kind, ErrorKind::denied);
  ASSERT_TRUE(s.append(0, bytes));
  ASSERT_TRUE(s.accept(digest(bytes)));
  ASSERT_TRUE(s.begin("b.raucb", 3, digest("xyz"), "boris"));
  EXPECT_FALSE(s.bundle());
  EXPECT_EQ(files(), 1U) << "only the note of the new one";
}

TEST_F(ShelfTest, another_digest_removes_what_came) {
  Shelf s = shelf();
  ASSERT_TRUE(s.begin("a.raucb", 500, digest(bytes), "anna"));
  ASSERT_TRUE(s.append(0, std::string(500, 'c')));
  EXPECT_EQ(s.accept(s.digest().value()).error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(s.bundle());
  EXPECT_EQ(files(), 0U);
}

TEST_F(ShelfTest, a_transfer_that_nobody_goes_on_with_is_given_up) {
  Shelf s = shelf();
  ASSERT_TRUE(s.begin("a.raucb", 500, digest(bytes), "anna"));
  ASSERT_TRUE(s.append(0, "x"));
  clock.advance(23h);
  s.forget_old();
  EXPECT_TRUE(s.transfer());
  clock.advance(2h);
  s.forget_old();
  EXPECT_FALSE(s.transfer());
  EXPECT_EQ(files(), 0U);
}

TEST_F(ShelfTest, left_overs_go_and_what_is_of_others_stays) {
  ASSERT_TRUE(write_file(folder / "upload.part", "x"));
  ASSERT_TRUE(write_file(folder / ("upload-" + digest("old") + ".raucb"), "x"));
  ASSERT_TRUE(write_file(folder / "hq.json", "x"));
  (void)shelf();
  EXPECT_EQ(files(), 1U);
}

TEST_F(ShelfTest, a_note_that_is_none_of_ours_is_nothing) {
  for (const char* note : {"", "[]", R"({"sha256":"../../x","size":5})", R"({"sha256":"0000000000000000000000000000000000000000000000000000000000000000","size":-5})"}) {
    ASSERT_TRUE(write_file(folder / "upload.json", note));
    EXPECT_FALSE(shelf().transfer()) << note;
  }
}

}  // namespace
}  // namespace hf::updates
