// A PBX's log daemon: datagrams, and connections with counted and uncounted messages.
#include "hal/pbx/asterisk/syslog_source.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>

#include "tests/support/eventually.hpp"
#include "tests/support/kept_events.hpp"

namespace hf::pbx {
namespace {

constexpr std::chrono::milliseconds kSoon{10'000};

using Kinds = std::vector<std::string>;

std::string message(const std::string& call, const std::string& tag = "queue_log") {
  return "<133>1 2026-03-02T10:00:00Z pbx " + tag + " - - - 1772445600|" + call + "|sales|NONE|ENTERQUEUE||1001|1";
}

class Syslog : public testing::Test {
 protected:
  Syslog() {
    SenderAddresses at;
    at.address = net::HostPort{"127.0.0.1", 0};
    source = std::make_unique<SyslogSource>(at, system_clock());
    runner = std::thread([this] { EXPECT_TRUE(source->run(sink, {})); });
    EXPECT_TRUE(test::eventually([&] { return source->ports().tcp != 0; }));
  }
  ~Syslog() override {
    source->stop();
    runner.join();
  }
  bool told(const std::string& word) {
    return test::eventually([&] { return source->health().what.find(word) != std::string::npos; });
  }
  test::KeptEvents sink;
  std::unique_ptr<SyslogSource> source;
  std::thread runner;
};

TEST_F(Syslog, takes_lines_from_a_connection_counted_or_not) {
  auto daemon = net::connect_tcp({"127.0.0.1", source->ports().tcp}, kSoon);
  const std::string counted = message("c1");
  ASSERT_TRUE((*daemon)->write(std::to_string(counted.size()) + " " + counted + message("c2") + "\n", kSoon));
  EXPECT_EQ(sink.kinds(3), (Kinds{"source_up", "queue_joined", "queue_joined"}));
  EXPECT_TRUE(told("queue_log lines come"));
  EXPECT_EQ(source->health().state, Health::healthy);
}

TEST_F(Syslog, takes_lines_from_datagrams) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET, to.sin_port = htons(source->ports().udp), to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string sent = message("c1");
  EXPECT_EQ(::sendto(fd, sent.data(), sent.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof(to)), static_cast<ssize_t>(sent.size()));
  ::close(fd);
  EXPECT_EQ(sink.kinds(2).back(), "queue_joined");
}

TEST_F(Syslog, counts_a_line_once_that_a_daemon_sends_again_after_a_break) {
  for (int i = 0; i < 2; ++i) {
    auto daemon = net::connect_tcp({"127.0.0.1", source->ports().tcp}, kSoon);
    ASSERT_TRUE((*daemon)->write(message("c1") + "\n" + message("d" + std::to_string(i)) + "\n", kSoon));
    EXPECT_EQ(sink.kinds(3 + static_cast<size_t>(i)).size(), 3u + static_cast<size_t>(i));
  }
  EXPECT_TRUE(told("1 lines came twice and were counted once"));
  EXPECT_EQ(sink.kinds(4), (Kinds{"source_up", "queue_joined", "queue_joined", "queue_joined"})) << "no gap: the daemon kept what it could not send";
}

TEST_F(Syslog, passes_over_what_other_programs_log) {
  auto daemon = net::connect_tcp({"127.0.0.1", source->ports().tcp}, kSoon);
  ASSERT_TRUE((*daemon)->write("<13>Mar  2 10:00:00 pbx cron[7]: (root) CMD (x)\nGET / HTTP/1.1\n" + message("c1") + "\n", kSoon));
  EXPECT_EQ(sink.kinds(2).size(), 2u);
  EXPECT_TRUE(told("queue_log lines come"));
  EXPECT_TRUE(test::eventually([&] { return source->health().unknown_messages == 2; }));
}

}  // namespace
}  // namespace hf::pbx
