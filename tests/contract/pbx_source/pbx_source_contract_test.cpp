// What every source promises, asked of each of them.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <functional>
#include <stop_token>
#include <thread>

#include "fake_ami.hpp"
#include "hal/pbx/asterisk/queue_log_source.hpp"
#include "hal/pbx/freeswitch/esl_source.hpp"
#include "hal/pbx/input_file.hpp"
#include "hal/pbx/recorded/capture_source.hpp"
#include "hal/pbx/simulated/sim_source.hpp"
#include "hal/pbx/sip/hep_source.hpp"
#include "hal/pbx/smdr/smdr_source.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/fake_freeswitch.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::pbx {
namespace {

constexpr std::chrono::seconds kGuard{10};
constexpr size_t kEnough = 300;
const std::filesystem::path kCapture =
    std::filesystem::path(HF_SOURCE_DIR) / "tests/golden/captures/asterisk-16.28/restart";

const std::string kFreeSwitch = HF_SOURCE_DIR "/tests/golden/freeswitch/1.10.12/restart";

struct Rig {  // a source and what it stands on
  virtual ~Rig() = default;
  virtual PbxSource& source() = 0;
};

struct AmiRig final : Rig {
  AmiRig() : ami(recording()) {
    std::ofstream(folder / "secret") << "s3cret\n";
    chmod((folder / "secret").c_str(), 0600);
    AmiOptions options;
    options.address = {"pbx", 5038}, options.user = "watcher", options.secret_file = folder / "secret";
    live.emplace(options, system_clock(), system_random(), ami.connect());
  }
  static std::string recording() {
    auto file = InputFile::open(kCapture / "ami.log.gz");
    std::string bytes(1 << 20, '\0');
    bytes.resize((*file)->read(bytes).value());
    return bytes.substr(bytes.find('\n') + 1);
  }
  PbxSource& source() override { return *live; }
  test::TempFolder folder;
  FakeAmi ami;
  std::optional<AmiSource> live;
};

struct EslRig final : Rig {
  EslRig() : pbx(hf::test::read_esl_steps(kFreeSwitch), "ClueCon") {
    std::ofstream(folder / "secret") << "ClueCon\n";
    chmod((folder / "secret").c_str(), 0600);
    EslOptions options;
    options.address = {"127.0.0.1", pbx.port()}, options.secret_file = folder / "secret";
    live.emplace(options, system_clock(), system_random());
  }
  PbxSource& source() override { return *live; }
  test::TempFolder folder;
  hf::test::FakeFreeSwitch pbx;
  std::optional<EslSource> live;
};

struct CaptureRig final : Rig {
  explicit CaptureRig(const std::filesystem::path& path)
      : played(std::move(*CaptureSource::open(path, SipKey{1}, 0, system_clock()))) {}
  PbxSource& source() override { return *played; }
  std::unique_ptr<CaptureSource> played;
};

struct QueueLogRig final : Rig {
  PbxSource& source() override { return followed; }
  QueueLogSource followed{{kCapture / "queue_log"}, system_clock()};
};

struct SmdrRig final : Rig {
  SmdrRig() {
    SmdrOptions options;
    options.way = SmdrWay::dial, options.address = {"127.0.0.1", pbx.port()};
    using F = SmdrField;
    options.how.id = "test", options.how.label = "Test", options.how.separator = ",";
    for (const auto& [field, at] : {std::pair(F::start, 1u), {F::ring, 2u}, {F::talk, 3u}, {F::call, 4u}})
      options.how.columns[static_cast<size_t>(field)] = {at, 0};
    printed.emplace(std::move(options), *TimeZone::find("UTC"), system_clock(), system_random());
    printer = std::thread([this] {
      auto agent = pbx.accept(kGuard, stop);
      for (size_t i = 0; agent && i < 2 * kEnough; ++i)
        if (!(*agent)->write("2026-03-02 10:00:00,12,34," + std::to_string(i) + "\r\n", kGuard)) return;
      (void)over.wait_for(kGuard);
    });
  }
  ~SmdrRig() override { over.trigger(), stop->trigger(), printer.join(); }
  PbxSource& source() override { return *printed; }
  std::shared_ptr<net::Interrupt> stop = std::make_shared<net::Interrupt>();
  net::Acceptor pbx = std::move(*net::Acceptor::tcp({"127.0.0.1", 0}));
  net::Interrupt over;
  std::optional<SmdrSource> printed;
  std::thread printer;
};

// A HEP sender on loopback that sends one call after the other for as long as it is heard.
struct HepRig final : Rig {
  HepRig() : heard(options(), system_clock()), sender([this](const std::stop_token& stop) { send(stop); }) {}
  ~HepRig() override { sender.request_stop(); }
  static HepOptions options() {
    HepOptions o;
    o.senders.address = net::HostPort{"127.0.0.1", 0};
    return o;
  }
  static std::string frame(int n, const char* start, const char* method, bool from_pbx) {
    const uint8_t pbx[] = {192, 0, 2, 1}, trunk[] = {192, 0, 2, 9};
    const std::string message =
        fmt::format("{}\r\nFrom: <sip:+4930{}@a>;tag=f\r\nTo: <sip:5550101@b>{}\r\nCall-ID: c{}\r\nCSeq: 1 {}\r\n\r\n",
                    start, n, std::string_view(start).starts_with("INVITE") ? "" : ";tag=t", n, method);
    HepFrame f;
    f.from = {ip_v4(from_pbx ? pbx : trunk), 5060}, f.to = {ip_v4(from_pbx ? trunk : pbx), 5060};
    f.kind = HepPayload::sip, f.payload = message, f.sent = system_clock().now();
    return render_hep(f);
  }
  void send(const std::stop_token& stop) {
    std::unique_ptr<net::ByteStream> stream;
    for (int n = 0; !stop.stop_requested(); ++n) {
      if (!stream && heard.ports().tcp != 0)
        stream = net::connect_tcp({"127.0.0.1", heard.ports().tcp}, std::chrono::seconds(5)).value_or(nullptr);
      if (!stream) {
        std::this_thread::yield();
        continue;
      }
      const std::string call = frame(n, "INVITE sip:5550101@b SIP/2.0", "INVITE", false) +
                               frame(n, "SIP/2.0 200 OK", "INVITE", true) +
                               frame(n, "BYE sip:a@b SIP/2.0", "BYE", false);
      if (!stream->write(call, std::chrono::seconds(1))) return;
    }
  }
  PbxSource& source() override { return heard; }
  HepSource heard;
  std::jthread sender;
};

struct SimulatorRig final : Rig {
  struct Pacer final : SimPacer {  // waiting costs nothing
    Time now() const override { return Time(Duration(time)); }
    void wait(Duration most) override { time += most.count(); }
    void wake() override {}
    std::atomic<int64_t> time =
        Duration(std::chrono::sys_days(std::chrono::year(2026) / 3 / 3).time_since_epoch() + std::chrono::hours(10))
            .count();
  };
  PbxSource& source() override { return simulated; }
  Pacer pacer;
  SimulatorSource simulated{{}, pacer};
};

struct Sink final : EventSink {
  void on(std::vector<CallEvent> batch, Cursor cursor) override {
    const std::lock_guard lock(mutex);
    EXPECT_FALSE(batch.empty());
    for (auto& event : batch) events.push_back(std::move(event));
    cursors.push_back(std::move(cursor));
    changed.notify_all();
  }
  bool wait(size_t n) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, kGuard, [&] { return events.size() >= n; });
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<CallEvent> events;
  std::vector<Cursor> cursors;
};

struct Kind {
  std::string name;
  std::function<std::unique_ptr<Rig>()> make;
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class PbxSourceContract : public testing::TestWithParam<Kind> {
 protected:
  // Runs a fresh source until it has given enough, and stops it.
  void run_some(Sink& sink) {
    rig = GetParam().make();
    std::thread runner([&] { EXPECT_TRUE(rig->source().run(sink, {})); });
    EXPECT_TRUE(sink.wait(kEnough));
    const auto began = std::chrono::steady_clock::now();
    rig->source().stop();
    runner.join();
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5)) << "stop() is not prompt";
  }
  std::unique_ptr<Rig> rig;
};

TEST_P(PbxSourceContract, says_first_that_it_is_up_and_what_it_is) {
  Sink sink;
  run_some(sink);
  const auto* up = std::get_if<SourceUp>(&sink.events.at(0).body);
  ASSERT_NE(up, nullptr) << to_text(sink.events[0]);
  EXPECT_FALSE(up->product.empty());
  const Description d = rig->source().describe();
  EXPECT_FALSE(d.kind.empty());
  EXPECT_FALSE(d.address.empty());
  EXPECT_EQ(up->agent_state, d.agent_state);
  EXPECT_EQ(up->channel_events, d.pre_queue);
}

TEST_P(PbxSourceContract, never_goes_back_in_time) {
  Sink sink;
  run_some(sink);
  for (size_t i = 1; i < sink.events.size(); ++i)
    ASSERT_GE(sink.events[i].at, sink.events[i - 1].at) << to_text(sink.events[i]);
}

TEST_P(PbxSourceContract, gives_events_that_can_be_written_down_and_read_back) {
  Sink sink;
  run_some(sink);
  for (const auto& event : sink.events) {
    const auto back = from_text(to_text(event));
    ASSERT_TRUE(back) << to_text(event) << ": " << back.error().what;
    ASSERT_EQ(to_text(*back), to_text(event));
  }
}

TEST_P(PbxSourceContract, counts_what_it_gave) {
  Sink sink;
  run_some(sink);
  const SourceHealth health = rig->source().health();
  EXPECT_EQ(health.events, sink.events.size());
  EXPECT_TRUE(health.last_event);
  EXPECT_EQ(health.malformed_messages, 0u);
  EXPECT_FALSE(health.what.empty());
}

TEST_P(PbxSourceContract, knows_a_place_to_go_on_from_if_it_says_so) {
  Sink sink;
  run_some(sink);
  if (!rig->source().describe().resumable) return;
  for (const Cursor& cursor : sink.cursors) ASSERT_FALSE(cursor.empty());
}

TEST_P(PbxSourceContract, does_not_run_once_it_was_stopped) {
  Sink sink;
  rig = GetParam().make();
  rig->source().stop();
  EXPECT_TRUE(rig->source().run(sink, {}));
  EXPECT_LT(sink.events.size(), kEnough);
}

const Kind kKinds[] = {
    {"ami", [] { return std::make_unique<AmiRig>(); }},
    {"capture", [] { return std::make_unique<CaptureRig>(kCapture); }},
    {"esl", [] { return std::make_unique<EslRig>(); }},
    {"esl_capture", [] { return std::make_unique<CaptureRig>(kFreeSwitch); }},
    {"queue_log_file", [] { return std::make_unique<CaptureRig>(kCapture / "queue_log"); }},
    {"history", [] { return std::make_unique<CaptureRig>(kCapture.parent_path() / "hp-prequeue/cel.csv.gz"); }},
    {"hep", [] { return std::make_unique<HepRig>(); }},
    {"sip_capture", [] { return std::make_unique<CaptureRig>(kCapture.parent_path() / "normal/sip.pcap.gz"); }},
    {"queue_log", [] { return std::make_unique<QueueLogRig>(); }},
    {"smdr", [] { return std::make_unique<SmdrRig>(); }},
    {"simulator", [] { return std::make_unique<SimulatorRig>(); }},
};
INSTANTIATE_TEST_SUITE_P(Sources, PbxSourceContract, testing::ValuesIn(kKinds),
                         [](const auto& kind) { return kind.param.name; });

// A replay can be asked exactly: what was taken before and after a cursor is the whole, without a gap or a repeat.
TEST(CaptureCursor, joins_two_halves_into_the_whole) {
  Sink whole, rest;
  EXPECT_TRUE(CaptureRig(kCapture).source().run(whole, {}));
  const size_t half = whole.cursors.size() / 2;
  EXPECT_TRUE(CaptureRig(kCapture).source().run(rest, whole.cursors[half]));
  ASSERT_LT(rest.events.size(), whole.events.size());
  const size_t offset = whole.events.size() - rest.events.size();
  for (size_t i = 0; i < rest.events.size(); ++i) ASSERT_EQ(to_text(rest.events[i]), to_text(whole.events[offset + i]));
  EXPECT_EQ(rest.cursors.size(), whole.cursors.size() - half - 1);
}

}  // namespace
}  // namespace hf::pbx
