#include "hal/platform/supervisor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "hal/platform/descriptor.hpp"

namespace hf {
namespace {

using namespace std::chrono_literals;

class Supervised : public ::testing::Test {
 protected:
  void TearDown() override {
    for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  static void say(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }
  static std::string own_pid() { return std::to_string(::getpid()); }
};

TEST_F(Supervised, has_no_sockets_when_started_by_hand) { EXPECT_TRUE(handed_sockets()->empty()); }

TEST_F(Supervised, takes_the_sockets_that_were_opened_for_it_by_name) {
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  say("LISTEN_PID", own_pid()), say("LISTEN_FDS", "1"), say("LISTEN_FDNAMES", "https");
  const auto sockets = handed_sockets(socket.get());
  ASSERT_TRUE(sockets);
  ASSERT_EQ(sockets->size(), 1u);
  EXPECT_EQ(sockets->front().name, "https");
  const Descriptor copy(sockets->front().fd);
  EXPECT_NE(::fcntl(socket.get(), F_GETFD) & FD_CLOEXEC, 0) << "a program that we start must not get it";
  EXPECT_NE(::fcntl(copy.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(Supervised, finds_the_sockets_again_when_the_page_starts_anew) {
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  say("LISTEN_PID", own_pid()), say("LISTEN_FDS", "1"), say("LISTEN_FDNAMES", "https");
  { const Descriptor closed(handed_sockets(socket.get())->front().fd); }
  const Descriptor again(handed_sockets(socket.get())->front().fd);
  EXPECT_NE(::fcntl(again.get(), F_GETFD), -1);
}

TEST_F(Supervised, leaves_alone_what_was_meant_for_its_parent) {
  say("LISTEN_PID", "1"), say("LISTEN_FDS", "1");
  EXPECT_TRUE(handed_sockets()->empty());
  say("WATCHDOG_PID", "1"), say("WATCHDOG_USEC", "30000000");
  EXPECT_FALSE(watchdog_limit());
}

TEST_F(Supervised, refuses_numbers_that_cannot_be) {
  say("LISTEN_PID", own_pid());
  for (const char* wrong : {"", "-1", "17", "1x", "99999999999999999999"}) {
    say("LISTEN_FDS", wrong);
    EXPECT_EQ(handed_sockets().error().kind, ErrorKind::invalid_input) << wrong;
  }
  say("LISTEN_FDS", "1");
  EXPECT_EQ(handed_sockets(1000).error().kind, ErrorKind::invalid_input) << "no such descriptor";
}

TEST_F(Supervised, knows_how_long_it_may_be_silent) {
  EXPECT_FALSE(watchdog_limit());
  say("WATCHDOG_USEC", "30000000"), say("WATCHDOG_PID", own_pid());
  EXPECT_EQ(watchdog_limit(), 30s);
  say("WATCHDOG_USEC", "0");
  EXPECT_FALSE(watchdog_limit());
}

}  // namespace
}  // namespace hf
