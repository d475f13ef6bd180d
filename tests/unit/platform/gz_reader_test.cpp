#include "hal/platform/gz_reader.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

Path file_in(const test::TempFolder& folder, const char* name, std::string_view bytes) {
  std::ofstream(folder / name, std::ios::binary) << bytes;
  return folder / name;
}

std::string lines() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "Event: QueueCallerJoin " + std::to_string(i * 7919 % 10007) + "\r\n";
  return text;
}

Path gzipped(const Path& path, const std::string& text) {
  gzFile file = ::gzopen(path.c_str(), "wb");
  ::gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  ::gzclose(file);
  return path;
}

TEST(GzReader, reads_plain_and_gzipped_alike) {
  const test::TempFolder folder;
  const std::string text = lines();
  EXPECT_EQ(read_gz_file(gzipped(folder / "ami.gz", text), text.size()).value(), text);
  EXPECT_EQ(read_gz_file(file_in(folder, "ami", text), text.size()).value(), text);
  EXPECT_EQ(read_gz_file(file_in(folder, "empty", ""), 1).value(), "");
}

TEST(GzReader, a_cut_stream_gives_its_beginning_and_then_tells) {
  const test::TempFolder folder;
  const std::string text = lines();
  const std::string packed = read_file(gzipped(folder / "whole.gz", text), 1 << 20).value();
  auto reader = GzReader::open(file_in(folder, "cut.gz", packed.substr(0, packed.size() / 2)));
  ASSERT_TRUE(reader);
  std::string got;
  std::array<char, 4096> buffer;
  Result<size_t> n = size_t{1};
  while ((n = reader->read(buffer)) && *n > 0) got.append(buffer.data(), *n);
  ASSERT_FALSE(n) << "a cut file read as if it were whole";
  EXPECT_EQ(n.error().kind, ErrorKind::corrupt);
  EXPECT_NE(n.error().what.find("cut.gz"), std::string::npos);
  EXPECT_GT(got.size(), text.size() / 4);
  EXPECT_TRUE(text.starts_with(got));
}

TEST(GzReader, damaged_data_is_told) {
  const test::TempFolder folder;
  std::string packed = read_file(gzipped(folder / "whole.gz", lines()), 1 << 20).value();
  packed[packed.size() - 5] = static_cast<char>(packed[packed.size() - 5] ^ 1);  // in the trailer's checksum or length
  EXPECT_EQ(read_gz_file(file_in(folder, "bad.gz", packed), 1 << 24).error().kind, ErrorKind::corrupt);
}

TEST(GzReader, a_bomb_is_refused_at_the_limit) {
  const test::TempFolder folder;
  const Path path = gzipped(folder / "bomb.gz", std::string(10 << 20, '0'));
  EXPECT_EQ(read_gz_file(path, 1 << 20).error().kind, ErrorKind::invalid_input);
}

TEST(GzReader, refuses_what_is_not_there_or_no_file) {
  const test::TempFolder folder;
  EXPECT_EQ(GzReader::open(folder / "missing").error().kind, ErrorKind::not_found);
  EXPECT_EQ(GzReader::open(folder.path()).error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf
