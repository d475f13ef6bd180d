#include "hal/net/tcp_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "listener.hpp"

namespace hf::net {
namespace {

using namespace std::chrono_literals;

class TcpStreamTest : public testing::Test {
 protected:
  void SetUp() override {
    auto stream = connect_tcp({"127.0.0.1", listener_.port()}, 5s, stop_);
    ASSERT_TRUE(stream) << stream.error().what;
    stream_ = std::move(*stream);
    server_ = listener_.accept();
  }
  void TearDown() override {
    if (server_ >= 0) ::close(server_);
  }
  ErrorKind failed_read(std::chrono::milliseconds within) {
    std::array<char, 16> buffer;
    const auto n = stream_->read(buffer, within);
    return n ? ErrorKind::internal : n.error().kind;
  }

  Listener listener_;
  std::shared_ptr<Interrupt> stop_ = std::make_shared<Interrupt>();
  std::unique_ptr<ByteStream> stream_;
  int server_ = -1;
};

TEST_F(TcpStreamTest, carries_bytes_both_ways) {
  ASSERT_TRUE(stream_->write("Action: Ping\r\n\r\n", 5s));
  std::array<char, 64> buffer;
  EXPECT_EQ(::recv(server_, buffer.data(), buffer.size(), 0), 16);
  ASSERT_EQ(::send(server_, "Pong", 4, 0), 4);
  const auto n = stream_->read(buffer, 5s);
  ASSERT_TRUE(n) << n.error().what;
  EXPECT_EQ(std::string(buffer.data(), *n), "Pong");
}

TEST_F(TcpStreamTest, read_times_out_and_the_stream_lives_on) {
  EXPECT_EQ(failed_read(10ms), ErrorKind::timed_out);
  ASSERT_EQ(::send(server_, "late", 4, 0), 4);
  std::array<char, 8> buffer;
  EXPECT_EQ(stream_->read(buffer, 5s).value_or(0), 4u);
}

TEST_F(TcpStreamTest, write_to_a_peer_that_does_not_read_times_out) {
  const auto written = stream_->write(std::string(64 << 20, 'x'), 50ms);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::timed_out);
}

TEST_F(TcpStreamTest, tells_that_the_peer_closed) {
  ::close(std::exchange(server_, -1));
  EXPECT_EQ(failed_read(5s), ErrorKind::closed);
}

TEST_F(TcpStreamTest, close_from_another_thread_wakes_a_blocked_read) {
  std::thread closer([this] { stream_->close(); });
  EXPECT_EQ(failed_read(60s), ErrorKind::closed);
  closer.join();
  EXPECT_EQ(failed_read(60s), ErrorKind::closed);
  EXPECT_EQ(stream_->write("x", 5s).error().kind, ErrorKind::closed);
}

TEST_F(TcpStreamTest, the_interrupt_wakes_a_blocked_read) {
  std::thread stopper([this] { stop_->trigger(); });
  EXPECT_EQ(failed_read(60s), ErrorKind::closed);
  stopper.join();
  EXPECT_EQ(connect_tcp({"127.0.0.1", listener_.port()}, 5s, stop_).error().kind, ErrorKind::closed);
  EXPECT_TRUE(stop_->wait_for(60s));
}

TEST(ConnectTcp, a_refused_connection_names_the_address) {
  Listener listener;
  const HostPort address{"127.0.0.1", listener.port()};
  listener.stop();
  const auto stream = connect_tcp(address, 5s);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::io);
  EXPECT_NE(stream.error().what.find(to_string(address)), std::string::npos) << stream.error().what;
}

TEST(HostPortText, is_read_and_written_alike) {
  for (const char* text : {"pbx:5038", "192.0.2.7:1", "[2001:db8::7]:65535"}) {
    const auto address = parse_host_port(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), text);
  }
}

TEST(HostPortText, refuses_what_is_not_an_address) {
  for (const char* text : {"", ":", "pbx", "pbx:", "pbx:0", "pbx:65536", "pbx:50a", "pbx:-1", ":5038",
                           "2001:db8::7:5038", "[]:1", "[2001:db8::7:1", "http://pbx:1", "a b:1", "pbx\n:1"}) {
    const auto address = parse_host_port(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().kind, ErrorKind::invalid_input);
  }
}

}  // namespace
}  // namespace hf::net
