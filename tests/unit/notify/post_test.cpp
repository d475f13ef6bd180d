// CurlPoster against servers on loopback: what a receiver really gets, and whom the box refuses to talk to.
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <future>

#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"
#include "tests/unit/http/test_server.hpp"
#include "tests/unit/net/listener.hpp"
#include "tests/unit/notify/sample.hpp"

namespace hf::notify {
namespace {

using namespace std::chrono_literals;

// Checks a delivery as a receiver would, from the two header parts and the bytes.
bool genuine(const http::Request& request, const std::string& secret) {
  const std::string* header = request.header("Holdfast-Signature");
  if (!header || !header->starts_with("t=") || header->find(", v1=") == header->npos) return false;
  const std::string t = header->substr(2, header->find(", v1=") - 2);
  const auto mac = net::hmac_sha256(secret, t + "." + request.body);
  return header->substr(header->find("v1=") + 3) == to_hex(mac);
}

struct PostTest : testing::Test {
  std::filesystem::path ca_file(const net::Identity& ca = http::test_ca()) {
    std::ofstream(folder / "ca.pem") << ca.certificate;
    return folder / "ca.pem";
  }
  std::unique_ptr<http::HttpsServer> server(std::function<void(const http::Request&)> seen = [](const auto&) {}, unsigned status = 200) {
    return http::start(http::test_options(), [seen = std::move(seen), status](http::Request request, const http::Reply& reply) {
      seen(request);
      reply({status, {}, "thanks", nullptr});
    });
  }
  std::string address(const http::HttpsServer& s, const std::string& host = "127.0.0.1") { return "https://" + host + ":" + std::to_string(s.port()) + "/hook"; }
  test::TempFolder folder;
};

TEST_F(PostTest, a_receiver_can_verify_the_signature_over_the_bytes_it_got) {
  std::promise<http::Request> got;
  const auto receiver = server([&got](const http::Request& request) { got.set_value(request); });
  test::ManualClock clock;
  SeededRandom random(1);
  auto notifier = Notifier::open({folder / "webhook.json", clock, random, std::make_unique<CurlPoster>(ca_file())});
  ASSERT_TRUE(notifier);
  ASSERT_TRUE((*notifier)->set({true, address(*receiver), kSecret, false}));
  (*notifier)->tell(sample());
  EXPECT_EQ((*notifier)->step(), 1U);
  EXPECT_EQ((*notifier)->deliveries(1).at(0).state, DeliveryState::delivered) << (*notifier)->deliveries(1).at(0).what;
  auto request = got.get_future().get();
  EXPECT_EQ(request.path, "/hook");
  EXPECT_EQ(*request.header("Content-Type"), "application/json");
  EXPECT_TRUE(genuine(request, kSecret));
  EXPECT_FALSE(genuine(request, "another secret altogether"));
  request.body.back() = ' ';
  EXPECT_FALSE(genuine(request, kSecret)) << "a changed body must show";
}

TEST_F(PostTest, refuses_a_server_of_another_authority) {
  const auto receiver = server();
  const auto stranger = net::make_ca("Another CA", net::valid_from(system_clock().now())).value();
  const auto refused = CurlPoster(ca_file(stranger)).post(address(*receiver), {}, "{}");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied) << refused.error().what;
  EXPECT_FALSE(CurlPoster(std::nullopt).post(address(*receiver), {}, "{}")) << "nor one that the system does not know";
}

TEST_F(PostTest, refuses_the_right_authority_under_the_wrong_name) {
  const auto receiver = server();
  EXPECT_TRUE(CurlPoster(ca_file()).post(address(*receiver), {}, "{}"));
  EXPECT_EQ(CurlPoster(ca_file()).post(address(*receiver, "localhost"), {}, "{}").error().kind, ErrorKind::denied);
}

TEST_F(PostTest, an_authority_that_cannot_be_read_is_no_authority) {
  const auto receiver = server();
  EXPECT_EQ(CurlPoster(folder / "none.pem").post(address(*receiver), {}, "{}").error().kind, ErrorKind::denied);
  std::ofstream(folder / "empty.pem") << "";
  EXPECT_FALSE(CurlPoster(folder / "empty.pem").post(address(*receiver), {}, "{}"));
}

TEST_F(PostTest, tells_the_status_and_follows_no_redirect) {
  const auto receiver = server([](const auto&) {}, 503);
  EXPECT_EQ(CurlPoster(ca_file()).post(address(*receiver), {}, "{}"), 503U);
  std::atomic<int> asked = 0;
  const auto redirecting = http::start(http::test_options(), [&asked](const http::Request&, const http::Reply& reply) {
    ++asked;
    reply({307, {{"Location", "/elsewhere"}}, "", nullptr});
  });
  EXPECT_EQ(CurlPoster(ca_file()).post(address(*redirecting), {}, "{}"), 307U);
  EXPECT_EQ(asked, 1);
}

TEST_F(PostTest, speaks_plain_http_where_the_site_wants_it_and_throws_away_a_giant_answer) {
  net::Listener listener;
  std::thread giant([&listener] {
    const int fd = listener.accept();
    std::array<char, 4096> buffer;
    (void)!::read(fd, buffer.data(), buffer.size());
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + std::string(1 << 20, 'x');
    ::send(fd, head.data(), head.size(), MSG_NOSIGNAL);
    ::close(fd);
  });
  const auto answer = CurlPoster(std::nullopt).post("http://127.0.0.1:" + std::to_string(listener.port()) + "/", {}, "{}");
  giant.join();
  EXPECT_EQ(answer, 200U);
}

TEST_F(PostTest, returns_soon_when_it_is_stopped_on_the_way) {
  net::Listener silent;  // takes the connection, never answers
  CurlPoster poster(std::nullopt);
  auto waiting = std::async(std::launch::async, [&] { return poster.post("http://127.0.0.1:" + std::to_string(silent.port()) + "/", {}, "{}"); });
  poster.stop();
  ASSERT_EQ(waiting.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(waiting.get().error().kind, ErrorKind::closed);
}

TEST(WebhookAddress, must_be_plain_http_or_https_without_secrets) {
  for (const char* good : {"https://hooks.example/x?y=1", "http://10.0.0.7:8080/", "https://[2001:db8::1]/hook"}) EXPECT_TRUE(check_url(good)) << good;
  for (const char* bad : {"", "hooks.example", "ftp://hooks.example/", "file:///etc/passwd", "HTTPS//x", "https://", "https://user:pw@hooks.example/", "https://user@hooks.example/",
                          "https://hooks.example/#part", "https://hooks.example/a b", "https://hooks.example/\r\nX: y", "gopher://x/", "http://[::1/"})
    EXPECT_EQ(check_url(bad).error().kind, ErrorKind::invalid_input) << bad;
  EXPECT_FALSE(check_url("https://hooks.example/" + std::string(1024, 'x')));
}

}  // namespace
}  // namespace hf::notify
