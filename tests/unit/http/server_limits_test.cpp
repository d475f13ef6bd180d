#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>

#include "test_server.hpp"

namespace hf::http {
namespace {

std::string post(size_t announced, std::string_view body, std::string_view extra = "") {
  return "POST /in HTTP/1.1\r\nHost: box\r\nConnection: close\r\nContent-Length: " + std::to_string(announced) +
         "\r\n" + std::string(extra) + "\r\n" + std::string(body);
}

TEST(Server, answers_a_request_and_closes_when_asked_to) {
  const auto server = start(test_options());
  const std::string answer = ask(*server, post(5, "hello"));
  EXPECT_EQ(status_of(answer), "HTTP/1.1 200") << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n/in|hello")) << answer;
}

// A listening socket on loopback, as PID 1 would hand it over.
int listening_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET, at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  EXPECT_EQ(::listen(fd, 8), 0);
  return fd;
}

TEST(Server, serves_a_socket_that_was_handed_over_and_opens_none_of_its_own) {
  auto options = test_options();
  options.listen = {{"192.0.2.1", 443}};  // not ours: binding it would fail
  options.listen_fds = {listening_socket()};
  const auto server = start(std::move(options));
  RawClient client(*server);
  ASSERT_TRUE(client.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_NE(client.read_until("/x|").find("200 OK"), std::string::npos);
}

TEST(Server, refuses_a_socket_that_does_not_listen) {
  auto options = test_options();
  options.listen_fds = {::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const auto server = HttpsServer::start(std::move(options), echo);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, ErrorKind::invalid_input);
}

TEST(Server, tells_nothing_about_itself) {
  const auto server = start(test_options());
  const std::string answer = ask(*server, "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer.find("Server:"), std::string::npos) << "ETSI EN 303 645 5.6-2: no version before login";
}

TEST(Server, keeps_a_connection_for_further_requests_also_when_they_come_at_once) {
  const auto server = start(test_options());
  const std::string two = "GET /a HTTP/1.1\r\nHost: b\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n";
  const std::string answer = ask(*server, two);
  EXPECT_NE(answer.find("/a|"), std::string::npos);
  EXPECT_NE(answer.find("/b|"), std::string::npos);
  EXPECT_LT(answer.find("/a|"), answer.find("/b|"));
}

TEST(Server, a_header_that_trickles_in_is_cut_off_by_the_clock) {
  ServerOptions options = test_options();
  options.limits.head = 100ms;
  options.limits.idle = 60s;
  const auto server = start(std::move(options));
  RawClient client(*server);
  const auto began = std::chrono::steady_clock::now();
  // A byte every few milliseconds: each alone is in time, all together never end.
  bool open = true;
  while (open && std::chrono::steady_clock::now() - began < 5s) {
    open = client.send("X") && client.stays_open(5ms);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s) << "bytes that trickle in kept the connection alive";
}

TEST(Server, a_body_that_does_not_come_is_cut_off_by_the_clock) {
  ServerOptions options = test_options();
  options.limits.body = 50ms;
  options.limits.body_bytes_per_second = 1 << 20;
  std::atomic<int> called = 0;
  const auto server = start(std::move(options), [&called](Request, const Reply& reply) { ++called, reply({}); });
  EXPECT_EQ(ask(*server, post(100, "half")), "");
  EXPECT_EQ(called, 0);
}

TEST(Server, an_idle_connection_is_closed) {
  ServerOptions options = test_options();
  options.limits.idle = 50ms;
  const auto server = start(std::move(options));
  EXPECT_EQ(ask(*server, ""), "");
}

TEST(Server, a_peer_that_never_shakes_hands_is_closed) {
  ServerOptions options = test_options();
  options.limits.handshake = 50ms;
  const auto server = start(std::move(options));
  auto stream = net::connect_tcp({"127.0.0.1", server->port()}, 5s);
  ASSERT_TRUE(stream);
  std::array<char, 16> buffer;
  EXPECT_EQ((*stream)->read(buffer, 5s).error().kind, ErrorKind::closed);
}

TEST(Server, a_giant_head_is_refused_while_it_is_still_coming) {
  const auto server = start(test_options());
  const std::string answer = ask(*server, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'x'));
  EXPECT_EQ(status_of(answer), "HTTP/1.1 431") << answer;
}

TEST(Server, a_body_over_the_limit_is_refused_before_it_is_read) {
  const auto server = start(test_options());
  EXPECT_EQ(status_of(ask(*server, post(4097, ""))), "HTTP/1.1 413")
      << "the answer must come without a byte of the body";
  EXPECT_EQ(status_of(ask(*server, post(999'999'999'999'999'999, ""))), "HTTP/1.1 413");
  EXPECT_EQ(status_of(ask(*server, post(4096, std::string(4096, 'x')))), "HTTP/1.1 200");
}

TEST(Server, expect_100_continue_does_not_get_past_the_limit) {
  const auto server = start(test_options());
  EXPECT_EQ(status_of(ask(*server, post(4097, "", "Expect: 100-continue\r\n"))), "HTTP/1.1 413");
  RawClient client(*server);
  ASSERT_TRUE(client.send(post(5, "", "Expect: 100-continue\r\n")));
  EXPECT_EQ(status_of(client.read_until("\r\n\r\n")), "HTTP/1.1 100");
  ASSERT_TRUE(client.send("hello"));
  EXPECT_TRUE(client.read_all().ends_with("/in|hello"));
}

TEST(Server, the_body_limit_may_allow_more_after_seeing_the_head_but_never_more_than_the_most) {
  ServerOptions options = test_options();
  options.limits.max_body = 10'000;
  options.body_limit = [](const Request& head) -> size_t { return head.cookie("session") == "good" ? 1 << 30 : 0; };
  const auto server = start(std::move(options));
  EXPECT_EQ(status_of(ask(*server, post(9000, std::string(9000, 'x'), "Cookie: session=good\r\n"))), "HTTP/1.1 200");
  EXPECT_EQ(status_of(ask(*server, post(9000, "", "Cookie: session=bad\r\n"))), "HTTP/1.1 413");
  EXPECT_EQ(status_of(ask(*server, post(10'001, "", "Cookie: session=good\r\n"))), "HTTP/1.1 413");
}

TEST(Server, one_address_cannot_take_all_connections) {
  ServerOptions options = test_options();
  options.limits.connections_per_address = 2;
  const auto server = start(std::move(options));
  RawClient first(*server), second(*server);
  ASSERT_TRUE(first.connected() && second.connected());
  EXPECT_FALSE(RawClient(*server).connected());
  first.close();
  ASSERT_TRUE(server->await_connections(1, 5s));
  EXPECT_TRUE(RawClient(*server).connected()) << "a closed connection still counts";
}

TEST(Server, the_total_of_connections_is_capped_too) {
  ServerOptions options = test_options();
  options.limits.connections = 1;
  const auto server = start(std::move(options));
  const RawClient first(*server);
  EXPECT_TRUE(first.connected());
  EXPECT_FALSE(RawClient(*server).connected());
}

TEST(Server, a_silent_handler_becomes_503_and_a_dropped_or_thrown_one_500) {
  ServerOptions options = test_options();
  options.limits.answer = 50ms;
  Reply kept;
  const auto server = start(std::move(options), [&kept](const Request& request, const Reply& reply) {
    if (request.path == "/silent") kept = reply;
    if (request.path == "/thrown") throw std::runtime_error("a bug");
  });
  const auto get = [&server](const std::string& path) {
    return status_of(ask(*server, "GET " + path + " HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"));
  };
  EXPECT_EQ(get("/silent"), "HTTP/1.1 503");
  EXPECT_EQ(get("/dropped"), "HTTP/1.1 500");
  EXPECT_EQ(get("/thrown"), "HTTP/1.1 500");
  kept(Response{});  // a reply after we gave up reaches nobody and harms nothing
}

TEST(Server, a_reply_may_come_from_another_thread_and_twice) {
  std::vector<std::thread> threads;
  const auto server = start(test_options(), [&threads](const Request&, const Reply& reply) {
    threads.emplace_back([reply] {
      Response first, second;
      first.body = "first", second.body = "second";
      reply(std::move(first));
      reply(std::move(second));
    });
  });
  const std::string get = "GET / HTTP/1.1\r\nHost: b\r\n\r\n";
  RawClient client(*server);
  ASSERT_TRUE(client.send(get));
  EXPECT_TRUE(client.read_until("first").ends_with("first"));
  ASSERT_TRUE(client.send(get));
  EXPECT_TRUE(client.read_until("first").ends_with("first")) << "the second reply was taken for the next request's";
  for (auto& thread : threads) thread.join();
}

TEST(Server, a_large_answer_arrives_whole) {
  const std::string body(3'000'000, 'z');
  const auto server = start(test_options(), [&body](const Request&, const Reply& reply) {
    Response response;
    response.body = body;
    reply(std::move(response));
  });
  const std::string answer = ask(*server, "GET / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 3000000\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + body));
}

TEST(Server, head_gets_the_length_but_no_body) {
  const auto server = start(test_options());
  const std::string answer = ask(*server, "HEAD /a HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 3\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Server, a_header_injection_of_the_handler_becomes_500) {
  const auto server = start(test_options(), [](const Request&, const Reply& reply) {
    Response response;
    response.headers.push_back({"Location", "/a\r\nSet-Cookie: evil=1"});
    reply(std::move(response));
  });
  const std::string answer = ask(*server, "GET / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_of(answer), "HTTP/1.1 500");
  EXPECT_EQ(answer.find("evil"), std::string::npos);
}

}  // namespace
}  // namespace hf::http
