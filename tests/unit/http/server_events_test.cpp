#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "test_server.hpp"

namespace hf::http {
namespace {

// What a page's live stream is: bounded, filled by another thread.
class Feed final : public EventStream {
 public:
  std::string next() override {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
  }
  void on_ready(std::function<void()> notify) override {
    const std::lock_guard lock(mutex_);
    notify_ = std::move(notify);
    ++attached_;
    changed_.notify_all();
  }
  void publish(std::string_view event) {
    const std::lock_guard lock(mutex_);
    waiting_ += event;
    if (notify_) notify_();
  }
  int attached() const {
    const std::lock_guard lock(mutex_);
    return attached_;
  }
  bool await_attached(int times) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 5s, [&] { return attached_ == times; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string waiting_;
  std::function<void()> notify_;
  int attached_ = 0;
};

constexpr std::string_view kGet = "GET /live HTTP/1.1\r\nHost: b\r\n\r\n";

Handler streaming(std::shared_ptr<Feed> feed) {
  return [feed](const Request&, const Reply& reply) {
    Response response;
    response.headers.push_back({"Content-Type", "text/event-stream"});
    response.stream = feed;
    reply(std::move(response));
  };
}

TEST(Events, reach_the_client_as_they_are_published) {
  const auto feed = std::make_shared<Feed>();
  const auto server = start(test_options(), streaming(feed));
  RawClient client(*server);
  feed->publish("data: before\n\n");
  ASSERT_TRUE(client.send(kGet));
  const std::string first = client.read_until("before");
  EXPECT_NE(first.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_NE(first.find("e\r\ndata: before\n\n\r\n"), std::string::npos) << first;
  feed->publish("data: one\n\n");
  EXPECT_NE(client.read_until("one").find("data: one"), std::string::npos);
  std::thread publisher([&feed] { feed->publish("data: two\n\n"); });
  EXPECT_NE(client.read_until("two").find("data: two"), std::string::npos);
  publisher.join();
}

TEST(Events, a_silent_stream_sends_comments_so_that_a_dead_client_is_found) {
  ServerOptions options = test_options();
  options.limits.heartbeat = 20ms;
  options.limits.head = options.limits.idle = options.limits.write = 100ms;
  const auto server = start(std::move(options), streaming(std::make_shared<Feed>()));
  RawClient client(*server);
  ASSERT_TRUE(client.send(kGet));
  for (int i = 0; i < 10; ++i)
    EXPECT_NE(client.read_until("still here").find(": still here\n\n"), std::string::npos) << i;
}

TEST(Events, stop_when_the_client_goes) {
  const auto feed = std::make_shared<Feed>();
  const auto server = start(test_options(), streaming(feed));
  RawClient client(*server);
  ASSERT_TRUE(client.send(kGet));
  ASSERT_TRUE(feed->await_attached(1));
  client.close();
  EXPECT_TRUE(server->await_connections(0, 5s)) << "the stream of a client that went is still open";
  EXPECT_EQ(feed->attached(), 2) << "the server must let go of the stream";
  feed->publish("data: to nobody\n\n");
}

TEST(Events, end_with_the_server_and_tell_the_client) {
  const auto feed = std::make_shared<Feed>();
  const auto server = start(test_options(), streaming(feed));
  RawClient client(*server);
  ASSERT_TRUE(client.send(kGet));
  ASSERT_TRUE(feed->await_attached(1));
  std::thread stopper([&] { server->stop(); });
  EXPECT_TRUE(client.read_all().ends_with("\r\n0\r\n\r\n")) << "the last chunk is missing";
  stopper.join();
  feed->publish("data: late\n\n");
}

TEST(Events, a_client_that_does_not_read_is_dropped_and_costs_no_memory) {
  ServerOptions options = test_options();
  options.limits.write = 100ms;
  const auto feed = std::make_shared<Feed>();
  const auto server = start(std::move(options), streaming(feed));
  RawClient client(*server);
  ASSERT_TRUE(client.send(kGet));
  ASSERT_TRUE(feed->await_attached(1));
  feed->publish(std::string(32 << 20, 'x'));
  EXPECT_TRUE(server->await_connections(0, 5s));
}

TEST(Stop, lets_a_request_in_work_finish) {
  Reply kept;
  std::promise<void> asked;
  ServerOptions options = test_options();
  options.limits.shutdown = 5s;
  const auto server =
      start(std::move(options), [&](const Request&, const Reply& reply) { kept = reply, asked.set_value(); });
  RawClient busy(*server), idle(*server);
  ASSERT_TRUE(busy.send(kGet));
  ASSERT_EQ(asked.get_future().wait_for(5s), std::future_status::ready);
  std::thread stopper([&] { server->stop(); });
  EXPECT_EQ(idle.read_all(), "") << "an idle connection is closed at once";
  EXPECT_FALSE(RawClient(*server).connected()) << "a stopping server takes no more";
  Response response;
  response.body = "done";
  kept(std::move(response));
  const std::string answer = busy.read_all();
  busy.close();
  stopper.join();
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("done"));
}

TEST(Stop, does_not_wait_for_ever_for_a_request_in_work) {
  std::vector<Reply> kept;
  const auto server = start(test_options(), [&kept](const Request&, const Reply& reply) { kept.push_back(reply); });
  RawClient client(*server);
  ASSERT_TRUE(client.send(kGet));
  ASSERT_TRUE(server->await_connections(1, 5s));
  server->stop();
  EXPECT_EQ(server->connections(), 0u);
  for (const Reply& reply : kept) reply(Response{});  // the server is gone; a late reply must not reach for it
}

TEST(Start, an_address_in_use_or_wrong_is_told_by_name) {
  const auto server = start(test_options());
  ServerOptions options = test_options();
  options.listen = {{"127.0.0.1", server->port()}};
  const auto second = HttpsServer::start(std::move(options), echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
  EXPECT_NE(second.error().what.find("127.0.0.1:" + std::to_string(server->port())), std::string::npos)
      << second.error().what;
  options = test_options();
  options.listen = {{"not an address", 0}};
  EXPECT_EQ(HttpsServer::start(std::move(options), echo).error().kind, ErrorKind::invalid_input);
  options = test_options();
  options.listen.clear();
  EXPECT_EQ(HttpsServer::start(std::move(options), echo).error().kind, ErrorKind::invalid_input);
}

std::string ask_plain(uint16_t port, std::string_view bytes) {
  auto stream = net::connect_tcp({"127.0.0.1", port}, 5s).value();
  EXPECT_TRUE(stream->write(bytes, 5s));
  std::string got;
  std::array<char, 4096> buffer;
  while (const auto n = stream->read(buffer, 5s)) got.append(buffer.data(), *n);
  return got;
}

TEST(Redirect, sends_plain_http_to_https_and_nowhere_else) {
  ServerOptions options = test_options();
  options.redirect = {{"127.0.0.1", 0}};
  const auto server = start(std::move(options));
  const uint16_t port = server->redirect_port();
  const std::string place = "Location: https://box.example:" + std::to_string(server->port()) + "/a/b%20c\r\n";
  const std::string answer = ask_plain(port, "GET /a/b%20c?token=secret HTTP/1.1\r\nHost: box.example:80\r\n\r\n");
  EXPECT_EQ(status_of(answer), "HTTP/1.1 308") << answer;
  EXPECT_NE(answer.find(place), std::string::npos) << answer;
  EXPECT_EQ(answer.find("secret"), std::string::npos);
  for (const char* host : {"", "a b", "user@evil", "a/b", "[::1"}) {
    const std::string refused = ask_plain(port, "GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n");
    EXPECT_EQ(status_of(refused), "HTTP/1.1 400") << host << refused;
  }
}

TEST(Redirect, a_silent_peer_is_closed) {
  ServerOptions options = test_options();
  options.redirect = {{"127.0.0.1", 0}};
  options.limits.head = 50ms;
  const auto server = start(std::move(options));
  EXPECT_EQ(ask_plain(server->redirect_port(), "GET"), "");
}

}  // namespace
}  // namespace hf::http
