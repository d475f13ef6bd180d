#include "hal/net/listener.hpp"

#include <gtest/gtest.h>

namespace hf::net {
namespace {

constexpr std::chrono::milliseconds kSoon{5'000};

TEST(Listener, takes_a_peer_and_speaks_with_it) {
  auto listener = Listener::open({"127.0.0.1", 0});
  ASSERT_TRUE(listener) << listener.error().what;
  auto caller = connect_tcp({"127.0.0.1", listener->port()}, kSoon);
  ASSERT_TRUE(caller);
  auto taken = listener->accept(kSoon);
  ASSERT_TRUE(taken);
  EXPECT_TRUE((*caller)->write("hello", kSoon));
  std::string bytes(16, '\0');
  EXPECT_EQ((*taken)->read(bytes, kSoon).value_or(0), 5u);
  EXPECT_TRUE((*taken)->peer().starts_with("127.0.0.1:"));
}

TEST(Listener, says_who_has_the_port) {
  auto first = Listener::open({"127.0.0.1", 0});
  auto second = Listener::open({"127.0.0.1", first->port()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
  EXPECT_NE(second.error().what.find("127.0.0.1:" + std::to_string(first->port())), std::string::npos);
}

TEST(Listener, refuses_a_name) { EXPECT_EQ(Listener::open({"pbx.example", 0}).error().kind, ErrorKind::invalid_input); }

TEST(Listener, stops_waiting_when_it_is_told_to) {
  auto stop = std::make_shared<Interrupt>();
  auto listener = Listener::open({"127.0.0.1", 0}, stop);
  ASSERT_TRUE(listener) << listener.error().what;
  EXPECT_EQ(listener->accept(std::chrono::milliseconds(1)).error().kind, ErrorKind::timed_out);
  stop->trigger();
  EXPECT_EQ(listener->accept(kSoon).error().kind, ErrorKind::closed);
}

}  // namespace
}  // namespace hf::net
