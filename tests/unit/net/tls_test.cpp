#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <thread>

#include "hal/net/tls_stream.hpp"
#include "listener.hpp"
#include "test_pki.hpp"

namespace hf::net {
namespace {

using namespace std::chrono_literals;

const Identity& ca() {
  static const Identity made = test_ca("Site CA");
  return made;
}
const Identity& rival() {
  static const Identity made = test_ca("Site CA");  // the same name on purpose: names are no identity
  return made;
}

// What one TLS connection came to, seen from both ends.
struct Meeting {
  Status client = fail(ErrorKind::internal, "not tried");
  bool server_accepted = false;
  std::string version;
  std::optional<std::string> client_key;  // as the server verified it
};

// A server of one connection: accepts, says "hello", notes what it saw.
void serve_one(const Listener& listener, const TlsContext& context, Meeting& seen) {
  const int fd = listener.accept();
  SSL* ssl = ::SSL_new(context.get());
  ::SSL_set_fd(ssl, fd);
  seen.server_accepted = ::SSL_accept(ssl) == 1;
  if (seen.server_accepted) {
    seen.version = ::SSL_get_version(ssl);
    seen.client_key = verified_peer_key(ssl);
    ::SSL_write(ssl, "hello", 5);
    ::SSL_shutdown(ssl);
  }
  ::SSL_free(ssl);
  ::ERR_clear_error();
  ::close(fd);
}

Status say_hello(const HostPort& to, const TlsContext& context) {
  auto stream = connect_tls(to, context, 5s);
  if (!stream) return fail(std::move(stream.error()));
  std::array<char, 16> buffer;
  // In TLS 1.3 a server that refuses our certificate says so only after our side of the handshake is done.
  auto n = (*stream)->read(buffer, 5s);
  if (!n) return fail(std::move(n.error()));
  if (std::string(buffer.data(), *n) != "hello") return fail(ErrorKind::corrupt, "other bytes than were sent");
  return {};
}

Meeting meet(const TlsContext& server, const TlsContext& client, const std::string& host = "127.0.0.1") {
  const Listener listener;
  Meeting seen;
  std::thread thread([&] { serve_one(listener, server, seen); });
  seen.client = say_hello({host, listener.port()}, client);
  thread.join();
  return seen;
}

Meeting meet_server(const Identity& server, const std::string& trusted, const std::string& host = "127.0.0.1") {
  return meet(TlsContext::server(server, std::nullopt).value(), TlsContext::client(trusted, nullptr).value(), host);
}

Meeting meet_client(const Identity* client) {
  const Identity server = test_identity(ca(), Purpose::server, {"127.0.0.1"});
  return meet(TlsContext::server(server, ca().certificate).value(),
              TlsContext::client(ca().certificate, client).value());
}

void expect_refused(const Meeting& meeting, std::string_view reason) {
  ASSERT_FALSE(meeting.client);
  EXPECT_EQ(meeting.client.error().kind, ErrorKind::denied) << meeting.client.error().what;
  EXPECT_NE(meeting.client.error().what.find(reason), std::string::npos) << meeting.client.error().what;
  EXPECT_FALSE(meeting.server_accepted);
}

TEST(TlsClient, takes_a_server_of_the_pinned_ca_and_speaks_1_3) {
  const Meeting meeting = meet_server(test_identity(ca(), Purpose::server, {"127.0.0.1"}), ca().certificate);
  EXPECT_TRUE(meeting.client) << meeting.client.error().what;
  EXPECT_EQ(meeting.version, "TLSv1.3");
}

TEST(TlsClient, takes_a_self_signed_server_that_is_itself_pinned) {
  const Identity server = make_self_signed_server({"box", {"127.0.0.1"}}, valid_from(system_clock().now())).value();
  const Meeting meeting = meet_server(server, server.certificate);
  EXPECT_TRUE(meeting.client) << meeting.client.error().what;
}

TEST(TlsClient, checks_dns_names_too) {
  EXPECT_TRUE(meet_server(test_identity(ca(), Purpose::server, {"localhost"}), ca().certificate, "localhost").client);
}

TEST(TlsClient, refuses_another_ca_of_the_same_name) {
  expect_refused(meet_server(test_identity(rival(), Purpose::server, {"127.0.0.1"}), ca().certificate),
                 "CA that is trusted here");
}

TEST(TlsClient, refuses_a_self_signed_stranger) {
  const Identity server = make_self_signed_server({"box", {"127.0.0.1"}}, valid_from(system_clock().now())).value();
  expect_refused(meet_server(server, ca().certificate), "CA that is trusted here");
}

TEST(TlsClient, refuses_a_certificate_for_another_name) {
  expect_refused(meet_server(test_identity(ca(), Purpose::server, {"127.0.0.2"}), ca().certificate),
                 "certificate for this name");
  expect_refused(meet_server(test_identity(ca(), Purpose::server, {"pbx"}), ca().certificate, "localhost"),
                 "certificate for this name");
}

TEST(TlsClient, does_not_take_the_common_name_for_the_name) {
  Identity server;
  server.key = make_key().value();
  const std::string request = make_request(server.key, "localhost").value();
  server.certificate =
      issue(ca(), request, Purpose::server, {"localhost", {"other"}}, valid_from(system_clock().now())).value();
  expect_refused(meet_server(server, ca().certificate, "localhost"), "certificate for this name");
}

TEST(TlsClient, refuses_an_expired_certificate) {
  expect_refused(
      meet_server(test_identity(ca(), Purpose::server, {"127.0.0.1"}, std::chrono::days(-20)), ca().certificate),
      "expired");
}

TEST(TlsClient, refuses_a_certificate_that_is_not_valid_yet) {
  expect_refused(
      meet_server(test_identity(ca(), Purpose::server, {"127.0.0.1"}, std::chrono::days(5)), ca().certificate),
      "not yet valid");
}

TEST(TlsClient, refuses_a_client_certificate_in_a_servers_hands) {
  expect_refused(meet_server(test_identity(ca(), Purpose::client, {"127.0.0.1"}), ca().certificate), "another use");
}

TEST(TlsClient, a_pin_that_cannot_be_read_is_an_error_not_a_fallback) {
  for (const char* pin : {"", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    const auto context = TlsContext::client(pin, nullptr);
    ASSERT_FALSE(context) << pin;
    EXPECT_EQ(context.error().kind, ErrorKind::invalid_input);
  }
}

TEST(TlsClient, a_pin_file_with_damage_behind_the_first_certificate_is_refused) {
  EXPECT_FALSE(
      TlsContext::client(ca().certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", nullptr));
}

TEST(TlsServer, verifies_the_client_and_knows_its_key) {
  const Identity client = test_identity(ca(), Purpose::client, {});
  const Meeting meeting = meet_client(&client);
  ASSERT_TRUE(meeting.client) << meeting.client.error().what;
  EXPECT_EQ(meeting.client_key, describe_certificate(client.certificate)->key_fingerprint);
}

TEST(TlsServer, without_mutual_tls_there_is_no_peer_key) {
  EXPECT_EQ(meet_server(test_identity(ca(), Purpose::server, {"127.0.0.1"}), ca().certificate).client_key,
            std::nullopt);
}

TEST(TlsServer, refuses_a_client_without_a_certificate) {
  const Meeting meeting = meet_client(nullptr);
  EXPECT_FALSE(meeting.client);
  EXPECT_FALSE(meeting.server_accepted);
}

TEST(TlsServer, refuses_every_wrong_client_certificate) {
  const auto days = [](int n) { return std::chrono::days(n); };
  const Identity wrong_ca = test_identity(rival(), Purpose::client, {});
  const Identity self_signed =
      make_self_signed_server({"test", {"127.0.0.1"}}, valid_from(system_clock().now())).value();
  const Identity expired = test_identity(ca(), Purpose::client, {}, days(-20));
  const Identity early = test_identity(ca(), Purpose::client, {}, days(5));
  const Identity purpose = test_identity(ca(), Purpose::server, {"127.0.0.1"});
  for (const Identity* client : {&wrong_ca, &self_signed, &expired, &early, &purpose}) {
    const Meeting meeting = meet_client(client);
    EXPECT_FALSE(meeting.client) << describe_certificate(client->certificate)->subject;
    EXPECT_FALSE(meeting.server_accepted);
  }
}

TEST(TlsServer, refuses_tls_1_2) {
  const Identity identity = test_identity(ca(), Purpose::server, {"127.0.0.1"});
  const TlsContext client = TlsContext::client(ca().certificate, nullptr, TlsFloor::tls12_towards_site).value();
  ::SSL_CTX_set_max_proto_version(client.get(), TLS1_2_VERSION);
  const Meeting meeting = meet(TlsContext::server(identity, std::nullopt).value(), client);
  EXPECT_FALSE(meeting.client);
  EXPECT_FALSE(meeting.server_accepted);
}

TEST(TlsServer, a_client_ca_that_cannot_be_read_is_an_error_not_an_open_door) {
  const Identity identity = test_identity(ca(), Purpose::server, {"127.0.0.1"});
  EXPECT_EQ(TlsContext::server(identity, "").error().kind, ErrorKind::invalid_input);
}

TEST(TlsServer, a_key_of_another_certificate_is_refused) {
  Identity mixed = test_identity(ca(), Purpose::server, {"a"});
  mixed.key = make_key().value();
  EXPECT_EQ(TlsContext::server(mixed, std::nullopt).error().kind, ErrorKind::invalid_input);
}

TEST(TlsStream, a_peer_that_says_nothing_times_out_in_the_handshake) {
  const Listener listener;
  const auto stream =
      connect_tls({"127.0.0.1", listener.port()}, TlsContext::client(ca().certificate, nullptr).value(), 50ms);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::timed_out);
}

TEST(TlsStream, a_peer_that_speaks_no_tls_is_told_as_such) {
  const Listener listener;
  std::thread thread([&] {
    const int fd = listener.accept();
    const std::string_view banner = "Asterisk Call Manager/9.0.0\r\n";
    ::send(fd, banner.data(), banner.size(), MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_WR);
    std::array<char, 4096> rest;
    while (::recv(fd, rest.data(), rest.size(), 0) > 0) continue;
    ::close(fd);
  });
  const auto stream =
      connect_tls({"127.0.0.1", listener.port()}, TlsContext::client(ca().certificate, nullptr).value(), 5s);
  thread.join();
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::io);
  EXPECT_NE(stream.error().what.find("TLS handshake"), std::string::npos) << stream.error().what;
}

}  // namespace
}  // namespace hf::net
