#include "hal/pbx/log_tail.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "tests/support/temp_folder.hpp"

namespace hf::pbx {
namespace {

using Lines = std::vector<std::string>;

class Tail : public testing::Test {
 protected:
  void append(const std::string& text, const std::string& name = "queue_log") { std::ofstream(folder / name, std::ios::app) << text; }
  void rotate(const std::string& to) { std::filesystem::rename(path, folder / to); }
  void older(const std::string& name, int hours) {
    std::filesystem::last_write_time(folder / name, std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours));
  }
  static Lines all(LogTail& tail) {
    Lines lines;
    for (auto line = tail.next(); line && *line; line = tail.next()) lines.push_back(**line);
    return lines;
  }
  // A new reader that goes on behind the place.
  LogTail after(const Cursor& place) {
    LogTail tail(path);
    EXPECT_TRUE(tail.resume(place));
    return tail;
  }
  test::TempFolder folder;
  const Path path = folder / "queue_log";
};

TEST_F(Tail, gives_whole_lines_as_they_come) {
  append("one\ntw");
  LogTail tail(path);
  EXPECT_EQ(all(tail), Lines{"one"});
  append("o\r\nthree\n");
  EXPECT_EQ(all(tail), (Lines{"two", "three"}));
}

TEST_F(Tail, goes_on_at_the_exact_byte_after_a_restart) {
  append("one\ntwo\nthr");
  LogTail first(path);
  EXPECT_EQ(**first.next(), "one");
  const Cursor place = first.place();
  append("ee\n");
  LogTail second = after(place);
  EXPECT_EQ(all(second), (Lines{"two", "three"}));
  EXPECT_EQ(second.gaps(), 0u);
}

TEST_F(Tail, follows_a_rotation_and_loses_nothing) {
  append("one\n");
  LogTail tail(path);
  EXPECT_EQ(all(tail), Lines{"one"});
  append("two\n");
  rotate("queue_log.1");
  EXPECT_EQ(**tail.next(), "two");
  EXPECT_FALSE(tail.next());  // for a moment there is no file
  append("late, into the old one\n", "queue_log.1");
  append("three\n");
  EXPECT_EQ(all(tail), (Lines{"late, into the old one", "three"}));
  EXPECT_EQ(tail.gaps(), 0u);
}

TEST_F(Tail, reads_a_file_that_came_and_went_between_two_looks) {
  append("one\n");
  LogTail tail(path);
  EXPECT_EQ(all(tail), Lines{"one"});
  rotate("queue_log.2");
  append("two\n", "queue_log.1");
  append("three\n");
  EXPECT_EQ(all(tail), (Lines{"two", "three"}));
}

TEST_F(Tail, gives_the_last_line_of_a_rotated_file_that_lacks_its_end) {
  append("one\ntwo");
  LogTail tail(path);
  EXPECT_EQ(all(tail), Lines{"one"});
  rotate("queue_log.1");
  append("three\n");
  EXPECT_EQ(all(tail), (Lines{"two", "three"}));
}

TEST_F(Tail, begins_again_when_the_file_was_cut) {
  append("one\ntwo\n");
  LogTail tail(path);
  EXPECT_EQ(all(tail).size(), 2u);
  std::filesystem::resize_file(path, 0);
  append("three\n");
  EXPECT_EQ(all(tail), Lines{"three"});
}

TEST_F(Tail, finds_in_the_copy_what_was_written_before_the_cut) {
  append("one\n");
  LogTail tail(path);
  EXPECT_EQ(all(tail), Lines{"one"});
  append("two\n");
  std::filesystem::copy_file(path, folder / "queue_log.1");
  std::filesystem::resize_file(path, 0);
  EXPECT_EQ(all(tail), Lines{"two"});
  append("three\n");
  EXPECT_EQ(all(tail), Lines{"three"});
}

TEST_F(Tail, finds_its_place_in_rotated_files_after_a_restart) {
  append("one\ntwo\n");
  LogTail first(path);
  EXPECT_EQ(**first.next(), "one");
  const Cursor place = first.place();
  rotate("queue_log.2");
  older("queue_log.2", 2);
  append("three\n", "queue_log.1");
  older("queue_log.1", 1);
  append("four\n");
  append("other", "queue_log_notes");  // no rotated file
  LogTail second = after(place);
  EXPECT_EQ(all(second), (Lines{"two", "three", "four"}));
  EXPECT_EQ(second.gaps(), 0u);
}

TEST_F(Tail, finds_its_place_in_a_compressed_file) {
  append("one\ntwo\n");
  LogTail first(path);
  EXPECT_EQ(**first.next(), "one");
  const Cursor place = first.place();
  gzFile out = gzopen((folder / "queue_log.1.gz").c_str(), "wb");
  gzwrite(out, "one\ntwo\n", 8);
  gzclose(out);
  std::filesystem::remove(path);
  append("three\n");
  LogTail second = after(place);
  EXPECT_EQ(all(second), (Lines{"two", "three"}));
}

TEST_F(Tail, can_be_stopped_in_the_middle_of_a_rotated_file) {
  append("one\ntwo\nthree\n", "queue_log.1");
  older("queue_log.1", 1);
  append("four\n");
  std::ifstream bytes(folder / "queue_log.1");
  LogTail first(folder / "queue_log.1");
  EXPECT_EQ(**first.next(), "one");
  LogTail second = after(first.place());
  EXPECT_EQ(**second.next(), "two");
  LogTail third = after(second.place());
  EXPECT_EQ(all(third), (Lines{"three", "four"}));
}

TEST_F(Tail, counts_a_gap_when_its_place_is_gone) {
  append("one\n");
  LogTail first(path);
  EXPECT_EQ(all(first), Lines{"one"});
  std::filesystem::remove(path);
  append("another file\n");
  LogTail second = after(first.place());
  EXPECT_EQ(all(second), Lines{"another file"});
  EXPECT_EQ(second.gaps(), 1u);
}

TEST_F(Tail, passes_over_a_line_without_end) {
  append("one\n" + std::string(10 << 20, 'x') + "\ntwo\n");
  LogTail tail(path);
  EXPECT_EQ(all(tail), (Lines{"one", "two"}));
  EXPECT_EQ(tail.overlong(), 1u);
}

TEST_F(Tail, names_what_stands_in_its_place) {
  LogTail tail(path);
  EXPECT_EQ(tail.next().error().kind, ErrorKind::not_found);
  append("one\n");
  EXPECT_EQ(all(tail), Lines{"one"});
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  const auto folder_there = tail.next();
  ASSERT_FALSE(folder_there);
  EXPECT_EQ(folder_there.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(folder_there.error().what.find(path.string()), std::string::npos);
  std::filesystem::remove(path);
  append("two\n");
  EXPECT_EQ(all(tail), Lines{"two"});
}

TEST_F(Tail, refuses_a_cursor_that_is_none) {
  for (const char* text : {"x", "1", "1 2 3 4", "5 9 1", "-1 0 0", "1 1"}) {
    LogTail tail(path);
    EXPECT_FALSE(tail.resume(text)) << text;
  }
}

}  // namespace
}  // namespace hf::pbx
