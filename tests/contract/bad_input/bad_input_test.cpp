// What a source must bear: bytes that are none of its messages, in every way a site has them. Of each source the same: what is valid behind is told
// once, health says that something was wrong, memory stays bounded, time never goes back. (FreeSWITCH's frames tell their own length:
// tests/unit/freeswitch/esl_frame_test.)
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <thread>

#include "hal/net/tcp_stream.hpp"
#include "hal/pbx/asterisk/queue_log_source.hpp"
#include "hal/pbx/asterisk/syslog_source.hpp"
#include "hal/pbx/sip/hep_source.hpp"
#include "hal/pbx/smdr/smdr_source.hpp"
#include "hal/platform/random.hpp"
#include "hal/platform/utf8.hpp"
#include "tests/contract/pbx_source/fake_ami.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/kept_events.hpp"
#include "tests/support/temp_folder.hpp"

// What was freed counts as kept while AddressSanitizer holds it back, and here memory is measured.
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=1:malloc_context_size=1"; }

namespace hf::pbx {
namespace {

constexpr std::chrono::seconds kSoon{10};
constexpr size_t kHuge = size_t{10} << 20;

// The system's clock, which somebody may set while others read it.
class SetClock final : public Clock {
 public:
  Time now() const override { return system_clock().now() + Duration(off_); }
  SteadyTime steady() const override { return system_clock().steady(); }
  void set_back(Duration by) { off_ -= by.count(); }

 private:
  std::atomic<int64_t> off_ = 0;
};

struct Rig {  // a source, and whoever speaks to it
  virtual ~Rig() = default;
  virtual PbxSource& source() = 0;
  virtual void begin(const std::string&) {}       // before it runs: all that will be said
  virtual void say(std::string_view bytes) = 0;   // while it runs
  virtual void hang_up() {}
  virtual std::string good(int n, std::string_view name = "sales") const = 0;
  virtual std::string kind() const = 0;           // of the event that each of those becomes
  virtual std::string end() const { return "\n"; }  // behind what is no message
  bool talks = true;                              // it can be spoken to while it runs
  bool gives_up = false;                          // what is no message ends the connection
};

struct TcpRig : Rig {
  virtual uint16_t port() = 0;
  void say(std::string_view bytes) override {
    if (!line_) {
      EXPECT_TRUE(test::eventually([this] { return port() != 0; }));
      line_ = std::move(*net::connect_tcp({"127.0.0.1", port()}, kSoon));
    }
    if (!line_->write(bytes, kSoon)) line_.reset();  // it was given up at the other end
  }
  void hang_up() override { line_.reset(); }
  std::unique_ptr<net::ByteStream> line_;
};

std::string logged(int n, std::string_view queue) { return fmt::format("1795306400|call{}|{}|NONE|ENTERQUEUE||1001|{}\n", n, queue, n); }

struct QueueLogRig final : Rig {
  explicit QueueLogRig(SetClock& clock) : followed({folder / "queue_log", std::chrono::milliseconds(5), std::chrono::milliseconds(50)}, clock) { say(""); }
  PbxSource& source() override { return followed; }
  void say(std::string_view bytes) override { std::ofstream(folder / "queue_log", std::ios::app | std::ios::binary) << bytes; }
  std::string good(int n, std::string_view name) const override { return logged(n, name); }
  std::string kind() const override { return "queue_joined"; }
  test::TempFolder folder;
  QueueLogSource followed;
};

SenderAddresses anywhere() {
  SenderAddresses at;
  at.address = net::HostPort{"127.0.0.1", 0};
  return at;
}

struct SyslogRig final : TcpRig {
  explicit SyslogRig(SetClock& clock) : heard(anywhere(), clock) {}
  PbxSource& source() override { return heard; }
  uint16_t port() override { return heard.ports().tcp; }
  std::string good(int n, std::string_view name) const override { return "<133>1 2026-03-02T10:00:00Z pbx queue_log - - - " + logged(n, name); }
  std::string kind() const override { return "queue_joined"; }
  SyslogSource heard;
};

struct SmdrRig final : TcpRig {
  explicit SmdrRig(SetClock& clock) : printed(options(), *TimeZone::find("UTC"), clock, system_random()) {}
  static SmdrOptions options() {
    SmdrOptions o;
    o.way = SmdrWay::listen, o.address = {"127.0.0.1", 0};
    o.how.id = "test", o.how.label = "Test", o.how.separator = ",";
    using F = SmdrField;
    for (const auto& [field, at] : {std::pair(F::start, 1u), {F::ring, 2u}, {F::talk, 3u}, {F::call, 4u}, {F::queue, 5u}}) o.how.columns[static_cast<size_t>(field)] = {at, 0};
    return o;
  }
  PbxSource& source() override { return printed; }
  uint16_t port() override { return printed.port(); }
  std::string good(int n, std::string_view name) const override { return fmt::format("2026-03-02 10:00:00,12,34,call{},{}\r\n", n, name); }
  std::string kind() const override { return "call_recorded"; }
  SmdrSource printed;
};

struct HepRig final : TcpRig {
  explicit HepRig(SetClock& clock) : heard(options(), clock) { gives_up = true; }
  static HepOptions options() {
    HepOptions o;
    o.senders = anywhere();
    return o;
  }
  PbxSource& source() override { return heard; }
  uint16_t port() override { return heard.ports().tcp; }
  std::string good(int n, std::string_view name) const override {
    const uint8_t pbx[] = {192, 0, 2, 1}, trunk[] = {192, 0, 2, 9};
    const std::string message = fmt::format("INVITE sip:{}@b SIP/2.0\r\nFrom: <sip:+4930{}@a>;tag=f\r\nTo: <sip:5550101@b>\r\nCall-ID: call{}\r\nCSeq: 1 INVITE\r\n\r\n", name, n, n);
    HepFrame f;
    f.from = {ip_v4(trunk), 5060}, f.to = {ip_v4(pbx), 5060}, f.kind = HepPayload::sip, f.payload = message;
    return render_hep(f);
  }
  std::string kind() const override { return "channel_started"; }
  HepSource heard;
};

struct AmiRig final : Rig {
  explicit AmiRig(SetClock& c) : clock(c) { talks = false; }
  void begin(const std::string& all) override {
    std::ofstream(folder / "secret") << "s3cret\n";
    chmod((folder / "secret").c_str(), 0600);
    AmiOptions options;
    options.address = {"pbx", 5038}, options.user = "watcher", options.secret_file = folder / "secret";
    ami.emplace(all);
    live.emplace(options, clock, system_random(), ami->connect());
  }
  PbxSource& source() override { return *live; }
  void say(std::string_view) override {}
  std::string good(int n, std::string_view name) const override {
    return fmt::format("Event: QueueCallerJoin\r\nPrivilege: agent,all\r\nUniqueid: call{}\r\nQueue: {}\r\nPosition: 1\r\nCount: 1\r\n\r\n", n, name);
  }
  std::string kind() const override { return "queue_joined"; }
  std::string end() const override { return "\r\n\r\n"; }
  SetClock& clock;
  test::TempFolder folder;
  std::optional<FakeAmi> ami;
  std::optional<AmiSource> live;
};

struct Kind {
  std::string name;
  std::function<std::unique_ptr<Rig>(SetClock&)> make;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

size_t resident() {
  std::ifstream in("/proc/self/statm");
  size_t all = 0, here = 0;
  in >> all >> here;
  return here * 4096;
}

class BadInput : public testing::TestWithParam<Kind> {
 protected:
  BadInput() : rig(GetParam().make(clock)) {}
  ~BadInput() override {
    if (!runner.joinable()) return;
    rig->source().stop();
    runner.join();
  }
  // The pieces one behind the other; after one that is no message a sender whose connection was given up begins a new one.
  void tell(const std::vector<std::string>& pieces) {
    std::string all;
    for (const std::string& piece : pieces) all += piece;
    rig->begin(all);
    runner = std::thread([this] { EXPECT_TRUE(rig->source().run(sink, {})); });
    if (rig->talks)
      for (const std::string& piece : pieces) {
        rig->say(piece);
        if (rig->gives_up) rig->hang_up();
      }
  }
  bool told(size_t n) {
    return test::eventually([&] { return sink.count(rig->kind()) >= n; });
  }
  bool complains() {
    return test::eventually([&] {
      const SourceHealth h = rig->source().health();
      return h.malformed_messages + h.unknown_messages > 0 || h.state == Health::degraded;
    });
  }
  SetClock clock;
  std::unique_ptr<Rig> rig;
  test::KeptEvents sink;
  std::thread runner;
};

TEST_P(BadInput, noise_between_messages_costs_none_of_them) {
  std::string noise(5'000, '\0');
  for (size_t i = 0; i < noise.size(); i += 3) noise[i] = static_cast<char>(i * 7);
  tell({rig->good(1), std::string(4'000, '\0') + rig->end(), rig->good(2), noise + rig->end(), "this is no message" + rig->end(), rig->good(3)});
  EXPECT_TRUE(told(3)) << sink.count(rig->kind());
  EXPECT_EQ(sink.count(rig->kind()), 3u);
  EXPECT_TRUE(complains()) << rig->source().health().what;
}

TEST_P(BadInput, ten_megabytes_without_an_end_are_not_kept) {
  const size_t before = resident();
  tell({rig->good(1), std::string(kHuge, 'x') + rig->end(), rig->good(2)});
  EXPECT_TRUE(told(2)) << sink.count(rig->kind());
  EXPECT_TRUE(complains()) << rig->source().health().what;
  // Thrice is said here: the piece, all of them, and what the fake manager holds.
  EXPECT_LT(resident(), before + 5 * kHuge) << "bounded";
}

TEST_P(BadInput, another_character_set_is_read_and_told_as_utf8) {
  tell({rig->good(1, "B\xfcro"), rig->good(2)});
  EXPECT_TRUE(told(2));
  const std::lock_guard lock(sink.mutex);
  for (const CallEvent& event : sink.events) {
    const std::string text = to_text(event);
    EXPECT_TRUE(is_utf8(text)) << text;
    EXPECT_TRUE(from_text(text)) << text;
  }
}

// What is said while the source runs. The fake manager has said all before: tests/unit/asterisk/ami_frame_test (cut anywhere) and
// ami_source_test (half a message, a clock set back) have these for it.
class BadInputMeanwhile : public BadInput {};

TEST_P(BadInputMeanwhile, a_peer_that_sends_byte_by_byte_is_heard_as_any_other) {
  tell({});
  const std::string both = rig->good(1) + rig->good(2);
  for (const char c : both) rig->say({&c, 1});
  EXPECT_TRUE(told(2));
  EXPECT_EQ(sink.count(rig->kind()), 2u);
}

TEST_P(BadInputMeanwhile, half_a_message_and_a_lost_connection_make_no_message) {
  const std::string half = rig->good(2).substr(0, rig->good(2).size() / 2);
  tell({});
  rig->say(rig->good(1));
  EXPECT_TRUE(told(1));
  rig->say(half);
  rig->hang_up();
  rig->say(GetParam().name == "queue_log" ? "\n" + rig->good(3) : rig->good(3));
  EXPECT_TRUE(told(2));
  EXPECT_EQ(sink.count(rig->kind()), 2u) << "the half and the next are not one";
}

TEST_P(BadInputMeanwhile, a_clock_that_is_set_back_moves_no_event_back) {
  tell({});
  rig->say(rig->good(1));
  EXPECT_TRUE(told(1));
  clock.set_back(std::chrono::hours(24));
  rig->say(rig->good(2));
  EXPECT_TRUE(told(2));
  const std::lock_guard lock(sink.mutex);
  for (size_t i = 1; i < sink.events.size(); ++i) EXPECT_GE(sink.events[i].at, sink.events[i - 1].at) << to_text(sink.events[i]);
}

const Kind kAmi{"ami", [](SetClock& c) { return std::make_unique<AmiRig>(c); }};
const Kind kQueueLog{"queue_log", [](SetClock& c) { return std::make_unique<QueueLogRig>(c); }};
const Kind kSyslog{"syslog", [](SetClock& c) { return std::make_unique<SyslogRig>(c); }};
const Kind kSmdr{"smdr", [](SetClock& c) { return std::make_unique<SmdrRig>(c); }};
const Kind kHep{"hep", [](SetClock& c) { return std::make_unique<HepRig>(c); }};

std::string name_of(const testing::TestParamInfo<Kind>& kind) { return kind.param.name; }

INSTANTIATE_TEST_SUITE_P(Sources, BadInput, testing::Values(kAmi, kQueueLog, kSyslog, kSmdr, kHep), name_of);
INSTANTIATE_TEST_SUITE_P(Sources, BadInputMeanwhile, testing::Values(kQueueLog, kSyslog, kSmdr, kHep), name_of);

// As a queue_log's (tests/unit/asterisk/queue_log_source_test): said, and mended by itself.
TEST(BadFile, a_folder_where_the_records_were_is_told_until_it_is_gone) {
  const test::TempFolder folder;
  const Path file = folder / "smdr.log";
  SmdrOptions options = SmdrRig::options();
  options.way = SmdrWay::file, options.file = file;
  options.first_retry = options.last_retry = std::chrono::milliseconds(5);
  std::filesystem::create_directory(file);
  SmdrSource source(options, *TimeZone::find("UTC"), system_clock(), system_random());
  test::KeptEvents sink;
  std::thread runner([&] { EXPECT_TRUE(source.run(sink, {})); });
  EXPECT_TRUE(test::eventually([&] { return source.health().state == Health::failed; }));
  EXPECT_NE(source.health().what.find("smdr.log"), std::string::npos) << source.health().what;
  std::filesystem::remove(file);
  std::ofstream(file) << "2026-03-02 10:00:00,12,34,call1,sales\r\n";
  EXPECT_TRUE(test::eventually([&] { return sink.count("call_recorded") == 1; })) << source.health().what;
  source.stop();
  runner.join();
}

}  // namespace
}  // namespace hf::pbx
