// A PBX that prints its records: over a pseudo-terminal, and over TCP in both directions.
#include "hal/pbx/smdr/smdr_source.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <thread>

#include "hal/platform/descriptor.hpp"
#include "hal/platform/random.hpp"
#include "smdr_templates.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/kept_events.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::pbx {
namespace {

constexpr std::chrono::milliseconds kSoon{10'000};
constexpr std::string_view kCall = "2026/03/02 10:00:00,00:03:10,45,+491701234567,I,sales,0800123,,0,1000014,0,T9001,Line 1,E201,Anna,5,0";

using Kinds = std::vector<std::string>;

class Smdr : public testing::Test {
 protected:
  ~Smdr() override { stop(); }
  void start(SmdrOptions options) {
    options.how = test::avaya_like();
    options.first_retry = options.last_retry = std::chrono::milliseconds(5);
    source.emplace(std::move(options), *TimeZone::find("UTC"), system_clock(), system_random());
    runner = std::thread([this] { EXPECT_TRUE(source->run(sink, {})); });
  }
  void stop() {
    if (!runner.joinable()) return;
    source->stop();
    runner.join();
  }
  bool told(const std::string& word) {
    return test::eventually([&] { return source->health().what.find(word) != std::string::npos; });
  }
  std::unique_ptr<net::ByteStream> call_in() {
    EXPECT_TRUE(test::eventually([&] { return source->port() != 0; }));
    return *net::connect_tcp({"127.0.0.1", source->port()}, kSoon);
  }
  test::KeptEvents sink;
  std::optional<SmdrSource> source;
  std::thread runner;
};

SmdrOptions listening() {
  SmdrOptions options;
  options.way = SmdrWay::listen, options.address = {"127.0.0.1", 0};
  return options;
}

TEST_F(Smdr, reads_a_pbx_that_calls_and_calls_again) {
  start(listening());
  const auto first = call_in();
  EXPECT_TRUE(first->write(std::string(kCall) + "\r\n", kSoon));
  EXPECT_EQ(sink.kinds(2), (Kinds{"source_up", "call_recorded"}));
  first->close();
  EXPECT_TRUE(told("waiting at"));
  EXPECT_TRUE(call_in()->write(std::string(kCall.substr(0, 20)), kSoon));  // hangs up in the middle of a line
  const auto third = call_in();
  EXPECT_TRUE(third->write(std::string(kCall) + "\r\n", kSoon));
  EXPECT_EQ(sink.kinds(3), (Kinds{"source_up", "call_recorded", "call_recorded"})) << "no gap: the PBX keeps what it cannot deliver";
}

TEST_F(Smdr, reads_a_serial_line_as_a_printer_would) {
  Descriptor master(::posix_openpt(O_RDWR | O_NOCTTY));
  ::grantpt(master.get()), ::unlockpt(master.get());
  char path[128];
  ASSERT_EQ(::ptsname_r(master.get(), path, sizeof(path)), 0);
  SmdrOptions options;
  options.way = SmdrWay::serial, options.line.device = path;
  start(std::move(options));
  EXPECT_EQ(sink.kinds(1), Kinds{"source_up"});
  const std::string page = std::string(3, '\0') + "\fCall Start,Connected Time\r\n" + std::string(kCall) + "\r" + std::string(kCall) + "\n";
  ASSERT_EQ(::write(master.get(), page.data(), page.size()), static_cast<ssize_t>(page.size()));
  EXPECT_EQ(sink.kinds(3).size(), 3u);
  master.reset();
  EXPECT_EQ(sink.kinds(4).back(), "source_down");
  EXPECT_TRUE(told("next try in"));
  EXPECT_EQ(source->health().state, Health::failed);
}

TEST_F(Smdr, calls_a_pbx_that_waits) {
  auto pbx = net::Acceptor::tcp({"127.0.0.1", 0});
  SmdrOptions options;
  options.way = SmdrWay::dial, options.address = {"127.0.0.1", pbx->port()};
  start(std::move(options));
  auto agent = pbx->accept(kSoon, nullptr);
  ASSERT_TRUE(agent);
  EXPECT_TRUE((*agent)->write(std::string(kCall) + "\n", kSoon));
  EXPECT_EQ(sink.kinds(2).back(), "call_recorded");
  (*agent)->close();
  auto again = pbx->accept(kSoon, nullptr);
  ASSERT_TRUE(again);
  EXPECT_EQ(sink.kinds(4), (Kinds{"source_up", "call_recorded", "source_down", "source_up"}));
}

TEST_F(Smdr, reads_a_file_in_its_own_time_and_follows_it) {
  const test::TempFolder folder;
  std::ofstream(folder / "smdr.log") << "Call Start,Connected Time\n" << kCall << '\n';
  SmdrOptions options;
  options.way = SmdrWay::file, options.file = folder / "smdr.log";
  start(options);
  EXPECT_EQ(sink.kinds(2), (Kinds{"source_up", "call_recorded"}));
  EXPECT_TRUE(sink.events.at(1).at < system_clock().now() - std::chrono::hours(1)) << "of the second of March";
  std::ofstream(folder / "smdr.log", std::ios::app) << kCall << '\n' << kCall.substr(0, 30);
  EXPECT_EQ(sink.kinds(3).size(), 3u);
  std::ofstream(folder / "smdr.log", std::ios::app) << kCall.substr(30) << '\n';
  EXPECT_EQ(sink.kinds(4).size(), 4u) << "half a line waits for its other half";
  EXPECT_EQ(source->health().malformed_messages, 0u);
}

TEST_F(Smdr, tells_what_is_wrong_with_a_file_and_tries_again) {
  const test::TempFolder folder;
  SmdrOptions options;
  options.way = SmdrWay::file, options.file = folder / "smdr.log";
  start(options);
  EXPECT_TRUE(told("smdr.log"));
  std::ofstream(folder / "smdr.log") << kCall << '\n';
  EXPECT_TRUE(test::eventually([&] { return source->health().state == Health::healthy; }));
}

TEST_F(Smdr, names_the_line_that_does_not_fit_and_reads_the_others) {
  start(listening());
  const auto pbx = call_in();
  EXPECT_TRUE(pbx->write("\xff\xfe nonsense\r\n" + std::string(1 << 20, 'x') + "\r\n" + std::string(kCall) + "\r\n", kSoon));
  EXPECT_EQ(sink.kinds(2).back(), "call_recorded");
  EXPECT_TRUE(told("line 1 does not fit the template avaya: start"));
  EXPECT_EQ(source->health().malformed_messages, 2u);
}

TEST_F(Smdr, says_when_the_pbx_cuts_its_durations) {
  start(listening());
  const auto pbx = call_in();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pbx->write("2026/03/02 10:00:00,00:03:10,999,1,I,sales,0800123,,0,1,0\n", kSoon));
  EXPECT_TRUE(told("highest value that the PBX can print"));
}

TEST_F(Smdr, says_who_has_the_port) {
  auto other = net::Acceptor::tcp({"127.0.0.1", 0});
  SmdrOptions options = listening();
  options.address.port = other->port();
  start(std::move(options));
  EXPECT_TRUE(told("cannot listen there"));
}

}  // namespace
}  // namespace hf::pbx
