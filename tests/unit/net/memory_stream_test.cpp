#include "hal/net/memory_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace hf::net {
namespace {

using namespace std::chrono_literals;

TEST(MemoryStream, gives_what_was_fed_then_ends) {
  MemoryStream stream;
  stream.feed("abcd");
  stream.end();
  std::array<char, 3> buffer;
  EXPECT_EQ(stream.read(buffer, 1s).value_or(0), 3u);
  EXPECT_EQ(stream.read(buffer, 1s).value_or(0), 1u);
  EXPECT_EQ(stream.read(buffer, 1s).error().kind, ErrorKind::closed);
}

TEST(MemoryStream, read_waits_no_longer_than_told) {
  MemoryStream stream;
  std::array<char, 3> buffer;
  EXPECT_EQ(stream.read(buffer, 1ms).error().kind, ErrorKind::timed_out);
}

TEST(MemoryStream, close_wakes_a_blocked_read) {
  MemoryStream stream;
  std::thread closer([&stream] { stream.close(); });
  std::array<char, 3> buffer;
  EXPECT_EQ(stream.read(buffer, 60s).error().kind, ErrorKind::closed);
  closer.join();
}

TEST(MemoryStream, shows_what_was_written_in_order) {
  MemoryStream stream;
  std::thread writer(
      [&stream] { (void)stream.write("Action: Login\r\n", 1s), (void)stream.write("Action: Ping\r\n", 1s); });
  const size_t after = stream.wait_written("Login", 0, 60s);
  ASSERT_NE(after, std::string::npos);
  EXPECT_NE(stream.wait_written("Ping", after, 60s), std::string::npos);
  EXPECT_EQ(stream.wait_written("Logoff", 0, 1ms), std::string::npos);
  writer.join();
  stream.refuse_writes();
  EXPECT_EQ(stream.write("x", 1s).error().kind, ErrorKind::io);
}

}  // namespace
}  // namespace hf::net
