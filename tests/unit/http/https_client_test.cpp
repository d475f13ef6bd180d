#include "agent/http/https_client.hpp"

#include <atomic>
#include <future>
#include <thread>

#include "test_server.hpp"

namespace hf::http {
namespace {

HttpsClient client_of(const HttpsServer& server, const net::Identity* identity = nullptr,
                      const std::string& pin = test_ca().certificate) {
  return HttpsClient({"127.0.0.1", server.port()}, net::TlsContext::client(pin, identity).value(), 64 << 10);
}

TEST(Client, sends_a_request_and_gets_the_answer) {
  const auto server = start(test_options(), [](const Request& request, const Reply& reply) {
    Response response;
    response.status = request.method == Method::post ? 201 : 405;
    response.headers.push_back({"X-Seen", *request.header("x-key") + *request.header("HOST")});
    response.body = request.path + "?" + request.query.at("a") + " " + request.body;
    reply(std::move(response));
  });
  auto client = client_of(*server);
  const auto answer = client.request(Method::post, "/v1/in?a=b%20c", {{"X-Key", "7 "}}, "body", 5s);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->status, 201u);
  EXPECT_EQ(answer->body, "/v1/in?b c body");
  EXPECT_EQ(answer->headers.at(0).value, "7127.0.0.1:" + std::to_string(server->port()));
}

TEST(Client, reuses_its_connection) {
  const auto server = start(test_options());
  auto client = client_of(*server);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client.request(Method::post, "/", {}, "x", 5s));
  EXPECT_EQ(server->connections(), 1u);
}

TEST(Client, connects_again_when_the_server_has_closed_the_idle_connection) {
  ServerOptions options = test_options();
  options.limits.idle = 400ms;  // a handshake on busy cores fits into it
  const auto server = start(std::move(options));
  auto client = client_of(*server);
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.request(Method::post, "/", {}, "x", 5s);
    ASSERT_TRUE(answer) << answer.error().what;
    ASSERT_TRUE(server->await_connections(0, 5s));
  }
}

TEST(Client, shows_its_certificate_and_the_server_knows_its_key) {
  const net::Identity identity = test_identity(net::Purpose::client);
  ServerOptions options = test_options();
  options.client_ca = test_ca().certificate;
  const auto server = start(std::move(options), [](const Request& request, const Reply& reply) {
    Response response;
    response.body = request.peer_key.value_or("nobody") + " " + request.peer_address + " " + request.own_address;
    reply(std::move(response));
  });
  const auto answer = client_of(*server, &identity).request(Method::get, "/", {}, "", 5s);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->body, net::describe_certificate(identity.certificate)->key_fingerprint + " 127.0.0.1 127.0.0.1");
}

TEST(Client, without_a_certificate_or_with_a_strangers_it_never_reaches_the_handler) {
  std::atomic<int> reached = 0;
  ServerOptions options = test_options();
  options.client_ca = test_ca().certificate;
  const auto server =
      start(std::move(options), [&reached](const Request&, const Reply& reply) { ++reached, reply({}); });
  const net::Identity rival = net::make_ca("Test CA", net::valid_from(system_clock().now())).value();
  const net::Identity stranger = test_identity(net::Purpose::client, rival);
  EXPECT_FALSE(client_of(*server).request(Method::get, "/", {}, "", 5s));
  EXPECT_FALSE(client_of(*server, &stranger).request(Method::get, "/", {}, "", 5s));
  EXPECT_EQ(reached, 0);
}

TEST(Client, refuses_a_server_of_another_ca_before_it_says_anything) {
  std::atomic<int> reached = 0;
  const auto server = start(test_options(), [&reached](const Request&, const Reply& reply) { ++reached, reply({}); });
  const net::Identity rival = net::make_ca("Test CA", net::valid_from(system_clock().now())).value();
  const auto answer = client_of(*server, nullptr, rival.certificate).request(Method::get, "/", {}, "", 5s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::denied) << answer.error().what;
  EXPECT_EQ(reached, 0);
}

TEST(Client, a_certificate_replaced_while_running_is_shown_to_the_next_connection) {
  const auto server = start(test_options());
  auto before = client_of(*server);
  ASSERT_TRUE(before.request(Method::get, "/", {}, "", 5s));
  const net::Identity fresh =
      net::make_self_signed_server({"box", {"127.0.0.1"}}, net::valid_from(system_clock().now())).value();
  ASSERT_TRUE(server->replace_identity(fresh));
  EXPECT_TRUE(before.request(Method::get, "/", {}, "", 5s)) << "an open connection goes on";
  EXPECT_EQ(client_of(*server).request(Method::get, "/", {}, "", 5s).error().kind, ErrorKind::denied);
  EXPECT_TRUE(client_of(*server, nullptr, fresh.certificate).request(Method::get, "/", {}, "", 5s));
  net::Identity broken = fresh.copy();
  broken.key = net::make_key().value();
  EXPECT_FALSE(server->replace_identity(broken));
  EXPECT_TRUE(client_of(*server, nullptr, fresh.certificate).request(Method::get, "/", {}, "", 5s));
}

TEST(Client, gives_up_when_the_time_is_over) {
  Reply kept;
  const auto server = start(test_options(), [&kept](const Request&, const Reply& reply) { kept = reply; });
  const auto answer = client_of(*server).request(Method::get, "/", {}, "", 50ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::timed_out);
}

TEST(Client, stop_ends_a_call_in_work_and_all_later_ones) {
  std::promise<void> asked;
  Reply kept;
  const auto server =
      start(test_options(), [&](const Request&, const Reply& reply) { kept = reply, asked.set_value(); });
  auto client = client_of(*server);
  std::thread stopper([&] { asked.get_future().wait(), client.stop(); });
  EXPECT_EQ(client.request(Method::get, "/", {}, "", 60s).error().kind, ErrorKind::closed);
  stopper.join();
  EXPECT_EQ(client.request(Method::get, "/", {}, "", 60s).error().kind, ErrorKind::closed);
}

TEST(Client, refuses_an_answer_larger_than_its_limit) {
  const auto server = start(test_options(), [](const Request&, const Reply& reply) {
    Response response;
    response.body = std::string((64 << 10) + 1, 'x');
    reply(std::move(response));
  });
  EXPECT_EQ(client_of(*server).request(Method::get, "/", {}, "", 5s).error().kind, ErrorKind::corrupt);
}

TEST(Client, hears_a_refusal_that_comes_before_the_body_was_read) {
  const auto server = start(test_options());
  const auto answer = client_of(*server).request(Method::post, "/", {}, std::string(2 << 20, 'x'), 5s);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->status, 413u);
}

TEST(Client, head_ends_without_a_body_and_the_connection_lives_on) {
  const auto server = start(test_options());
  auto client = client_of(*server);
  EXPECT_EQ(client.request(Method::head, "/abc", {}, "", 5s).value().body, "");
  EXPECT_EQ(client.request(Method::get, "/abc", {}, "", 5s).value().body, "/abc|");
  EXPECT_EQ(server->connections(), 1u);
}

TEST(Client, never_sends_a_line_end_it_was_given) {
  const auto server = start(test_options());
  auto client = client_of(*server);
  EXPECT_EQ(client.request(Method::get, "/", {{"X", "a\r\nY: b"}}, "", 5s).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(client.request(Method::get, "/ HTTP/1.1\r\nX: y", {}, "", 5s).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(client.request(Method::get, "http://elsewhere/", {}, "", 5s).error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf::http
