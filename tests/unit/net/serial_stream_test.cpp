// Serial lines on pseudo-terminals: the other side is the test.
#include "hal/net/serial_stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <termios.h>

#include "hal/platform/descriptor.hpp"

namespace hf::net {
namespace {

constexpr std::chrono::milliseconds kSoon{5'000};

struct Terminal {
  Terminal() : master(::posix_openpt(O_RDWR | O_NOCTTY)) {
    ::grantpt(master.get()), ::unlockpt(master.get());
    char path[128];
    EXPECT_EQ(::ptsname_r(master.get(), path, sizeof(path)), 0);
    line.device = path;
  }
  Descriptor master;
  SerialLine line;
};

TEST(Serial, brings_bytes_as_they_are) {
  Terminal terminal;
  auto stream = open_serial(terminal.line);
  ASSERT_TRUE(stream) << stream.error().what;
  const std::string sent("a\r\n\0\x11\xff", 6);
  ASSERT_EQ(::write(terminal.master.get(), sent.data(), sent.size()), 6);
  std::string got(16, '\0');
  got.resize((*stream)->read(got, kSoon).value_or(0));
  EXPECT_EQ(got, sent);
}

TEST(Serial, sets_what_was_asked_for) {
  Terminal terminal;
  terminal.line.baud = 1200, terminal.line.data_bits = 7, terminal.line.parity = Parity::even, terminal.line.stop_bits = 2;
  terminal.line.flow = FlowControl::software;
  ASSERT_TRUE(open_serial(terminal.line));
  termios set{};
  ASSERT_EQ(::tcgetattr(terminal.master.get(), &set), 0);
  EXPECT_EQ(::cfgetospeed(&set), static_cast<speed_t>(B1200));
  EXPECT_TRUE(set.c_cflag & CSTOPB);
  EXPECT_TRUE(set.c_iflag & IXOFF);
  EXPECT_EQ(to_string(terminal.line), "1200 7E2");
}

TEST(Serial, tells_when_the_line_is_gone_and_when_nothing_comes) {
  Terminal terminal;
  auto stream = open_serial(terminal.line);
  std::string bytes(16, '\0');
  EXPECT_EQ((*stream)->read(bytes, std::chrono::milliseconds(1)).error().kind, ErrorKind::timed_out);
  terminal.master.reset();
  EXPECT_EQ((*stream)->read(bytes, kSoon).error().kind, ErrorKind::closed);
}

TEST(Serial, ends_a_wait_when_it_is_closed) {
  Terminal terminal;
  auto stream = open_serial(terminal.line);
  (*stream)->close();
  std::string bytes(16, '\0');
  EXPECT_EQ((*stream)->read(bytes, kSoon).error().kind, ErrorKind::closed);
}

TEST(Serial, names_what_cannot_be_opened) {
  SerialLine line;
  line.device = "/dev/null";
  EXPECT_EQ(open_serial(line).error().kind, ErrorKind::invalid_input);
  line.device = "/no/such/line";
  EXPECT_EQ(open_serial(line).error().kind, ErrorKind::not_found);
  line.baud = 12345;
  EXPECT_NE(open_serial(line).error().what.find("12345"), std::string::npos);
}

}  // namespace
}  // namespace hf::net
