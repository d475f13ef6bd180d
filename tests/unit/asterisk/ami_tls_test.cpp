// AMI over TLS against a manager of our own on loopback: nothing is said to a PBX for whose certificate nobody vouches.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "hal/net/acceptor.hpp"
#include "hal/pbx/asterisk/ami_source.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/capture_files.hpp"
#include "tests/support/eventually.hpp"
#include "tests/unit/net/test_pki.hpp"

namespace hf::pbx {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr seconds kGuard{10};

// Takes connections, shakes hands, logs in whoever comes, and keeps what it was sent.
class TlsManager {
 public:
  explicit TlsManager(const net::Identity& identity) : tls_(*net::TlsContext::server(identity, {})), thread_([this] { serve(); }) {}
  ~TlsManager() {
    stop_->trigger();
    thread_.join();
  }
  uint16_t port() const { return acceptor_.port(); }
  std::string heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  void serve() {
    while (!stop_->triggered())
      if (auto client = acceptor_.accept(milliseconds(100), stop_, &tls_)) talk(**client);
  }
  void talk(net::ByteStream& client) {
    std::string buffer(4096, '\0');
    std::string waiting;
    bool greeted = false;
    while (!stop_->triggered()) {
      // The handshake is made by the first read or write.
      if (!std::exchange(greeted, true) && !client.write("Asterisk Call Manager/11.0.0\r\n", kGuard)) return;
      const auto got = client.read(buffer, milliseconds(100));
      if (!got && got.error().kind != ErrorKind::timed_out) return;
      if (!got) continue;
      waiting += buffer.substr(0, *got);
      {
        const std::lock_guard lock(mutex_);
        heard_ += buffer.substr(0, *got);
      }
      for (size_t end = waiting.find("\r\n\r\n"); end != waiting.npos; end = waiting.find("\r\n\r\n")) {
        answer(client, waiting.substr(0, end + 2));
        waiting.erase(0, end + 4);
      }
    }
  }
  static void answer(net::ByteStream& client, const std::string& request) {
    const size_t id = request.find("ActionID: ");
    const std::string tail = id == request.npos ? "" : request.substr(id, request.find("\r\n", id) + 2 - id);
    std::string reply = "Response: Success\r\n" + tail;
    if (request.find("Action: Challenge") != request.npos) reply += "Challenge: 7\r\n";
    if (request.find("Action: CoreSettings") != request.npos) reply += "AsteriskVersion: 22.10.1\r\n";
    (void)client.write(reply + "\r\n", kGuard);
  }

  net::TlsContext tls_;
  net::Acceptor acceptor_ = std::move(*net::Acceptor::tcp({"127.0.0.1", 0}));
  const std::shared_ptr<net::Interrupt> stop_ = std::make_shared<net::Interrupt>();
  std::mutex mutex_;
  std::string heard_;
  std::thread thread_;
};

struct CountingSink final : EventSink {
  void on(std::vector<CallEvent> events, Cursor) override { ups += std::ranges::count_if(events, [](const auto& e) { return std::holds_alternative<SourceUp>(e.body); }); }
  std::atomic<long> ups{0};
};

class TlsAmi : public testing::Test {
 protected:
  void SetUp() override {
    const auto secret = folder.write("secret", "s3cret\n");
    chmod(secret.c_str(), 0600);
    options.user = "holdfast", options.secret_file = secret;
    options.first_retry = milliseconds(2), options.last_retry = milliseconds(10);
    options.slow_retry = milliseconds(300);  // long enough for what went wrong to be read before the next try
  }
  // What health says in the end, when it begins with `state`.
  std::string follow(uint16_t port, Health state) {
    options.address = {"127.0.0.1", port};
    AmiSource source(options, system_clock(), system_random());
    std::thread runner([&] { EXPECT_TRUE(source.run(sink, {})); });
    SourceHealth health;
    (void)test::eventually([&] { return (health = source.health()).state == state; }, kGuard);
    source.stop();
    runner.join();
    EXPECT_EQ(health.state, state) << health.what;
    return health.what;
  }
  TempFolder folder;
  AmiOptions options;
  CountingSink sink;
  net::Identity ca = net::test_ca("the PBX's CA");
};

TEST_F(TlsAmi, logs_in_at_a_pbx_whose_certificate_the_ca_file_vouches_for) {
  TlsManager manager(net::test_identity(ca, net::Purpose::server, {"127.0.0.1"}));
  options.tls_ca_file = folder.write("ca.pem", ca.certificate);
  EXPECT_THAT(follow(manager.port(), Health::healthy), HasSubstr("connected to 127.0.0.1:"));
  EXPECT_EQ(sink.ups, 1);
  EXPECT_THAT(manager.heard(), HasSubstr("Action: Login"));
}

TEST_F(TlsAmi, takes_the_very_certificate_of_the_pbx_as_its_pin) {
  const net::Identity own = net::test_identity(ca, net::Purpose::server, {"127.0.0.1"});
  TlsManager manager(own);
  options.tls_ca_file = folder.write("pbx.pem", own.certificate);
  follow(manager.port(), Health::healthy);
}

TEST_F(TlsAmi, says_nothing_to_a_pbx_of_another_ca) {
  TlsManager manager(net::test_identity(net::test_ca("somebody else"), net::Purpose::server, {"127.0.0.1"}));
  options.tls_ca_file = folder.write("ca.pem", ca.certificate);
  EXPECT_THAT(follow(manager.port(), Health::failed), HasSubstr("certificate"));
  EXPECT_EQ(manager.heard(), "");
}

TEST_F(TlsAmi, says_nothing_to_a_pbx_of_another_name) {
  TlsManager manager(net::test_identity(ca, net::Purpose::server, {"pbx.example"}));
  options.tls_ca_file = folder.write("ca.pem", ca.certificate);
  EXPECT_THAT(follow(manager.port(), Health::failed), HasSubstr("127.0.0.1"));
  EXPECT_EQ(manager.heard(), "");
}

TEST_F(TlsAmi, does_not_connect_without_a_ca_file_that_can_be_read_and_holds_one) {
  TlsManager manager(net::test_identity(ca, net::Purpose::server, {"127.0.0.1"}));
  options.tls_ca_file = folder.path() / "gone.pem";
  EXPECT_THAT(follow(manager.port(), Health::failed), HasSubstr("gone.pem"));
  for (const char* content : {"", "no certificate\n"}) {
    options.tls_ca_file = folder.write("bad.pem", content);
    EXPECT_THAT(follow(manager.port(), Health::failed), HasSubstr("bad.pem"));
  }
  options.tls_ca_file = std::filesystem::path{};
  follow(manager.port(), Health::failed);
  EXPECT_EQ(manager.heard(), "");
}

}  // namespace
}  // namespace hf::pbx
