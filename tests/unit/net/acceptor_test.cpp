#include "hal/net/acceptor.hpp"

#include <gtest/gtest.h>

namespace hf::net {
namespace {

constexpr std::chrono::milliseconds kSoon{5'000};

TEST(Acceptor, takes_a_peer_and_speaks_with_it) {
  auto acceptor = Acceptor::tcp({"127.0.0.1", 0});
  ASSERT_TRUE(acceptor) << acceptor.error().what;
  auto caller = connect_tcp({"127.0.0.1", acceptor->port()}, kSoon);
  ASSERT_TRUE(caller);
  auto taken = acceptor->accept(kSoon, nullptr);
  ASSERT_TRUE(taken);
  EXPECT_TRUE((*caller)->write("hello", kSoon));
  std::string bytes(16, '\0');
  EXPECT_EQ((*taken)->read(bytes, kSoon).value_or(0), 5u);
  EXPECT_TRUE((*taken)->peer().starts_with("127.0.0.1"));
}

TEST(Acceptor, says_who_has_the_port) {
  auto first = Acceptor::tcp({"127.0.0.1", 0});
  auto second = Acceptor::tcp({"127.0.0.1", first->port()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::io);
  EXPECT_NE(second.error().what.find("127.0.0.1:" + std::to_string(first->port())), std::string::npos);
}

TEST(Acceptor, refuses_a_name) { EXPECT_EQ(Acceptor::tcp({"pbx.example", 0}).error().kind, ErrorKind::invalid_input); }

TEST(Acceptor, stops_waiting_when_it_is_told_to) {
  auto stop = std::make_shared<Interrupt>();
  auto acceptor = Acceptor::tcp({"127.0.0.1", 0});
  ASSERT_TRUE(acceptor) << acceptor.error().what;
  EXPECT_EQ(acceptor->accept(std::chrono::milliseconds(1), stop).error().kind, ErrorKind::timed_out);
  stop->trigger();
  EXPECT_EQ(acceptor->accept(kSoon, stop).error().kind, ErrorKind::closed);
}

}  // namespace
}  // namespace hf::net
