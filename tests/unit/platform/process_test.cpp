#include "hal/platform/process.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <future>

#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

using namespace std::chrono_literals;

TEST(Signals, turns_sigterm_into_a_call) {
  std::promise<int> got;
  Signals signals([&got](int number) { got.set_value(number); });
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  auto number = got.get_future();
  ASSERT_EQ(number.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(number.get(), SIGTERM);
}

TEST(NotifySystemd, sends_one_datagram_to_the_socket_it_was_given) {
  const test::TempFolder folder;
  const Descriptor fd(::socket(AF_UNIX, SOCK_DGRAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = (folder / "notify").string();
  std::memcpy(address.sun_path, path.data(), path.size());
  ASSERT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  EXPECT_TRUE(notify_systemd("READY=1"));
  std::array<char, 32> buffer;
  EXPECT_EQ(::recv(fd.get(), buffer.data(), buffer.size(), 0), 7);
  EXPECT_EQ(std::string(buffer.data(), 7), "READY=1");
  ::setenv("NOTIFY_SOCKET", (folder / "gone").c_str(), 1);
  EXPECT_FALSE(notify_systemd("READY=1"));
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_TRUE(notify_systemd("READY=1"));
}

}  // namespace
}  // namespace hf
