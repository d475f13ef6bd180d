#include "agent/http/request_reader.hpp"

#include <gtest/gtest.h>

namespace hf::http {
namespace {

using State = RequestReader::State;

std::string get(std::string_view fields) { return "GET / HTTP/1.1\r\n" + std::string(fields) + "\r\n"; }

unsigned refusal_of(std::string_view bytes) {
  RequestReader reader;
  reader.feed(bytes);
  reader.allow_body(4096);
  return reader.state() == State::refused ? reader.refusal() : 0;
}

TEST(RequestReader, reads_a_request_byte_by_byte) {
  RequestReader reader;
  const std::string bytes =
      "POST /a%20b?x=1&y=%2B+ HTTP/1.1\r\nHost: box\r\nContent-Length: 5\r\nCookie: a=1; b=2\r\n\r\nhello";
  for (const char c : bytes) {
    reader.feed({&c, 1});
    if (reader.state() == State::head_ready) reader.allow_body(5);
  }
  ASSERT_EQ(reader.state(), State::complete) << reader.why();
  const Request request = reader.take();
  EXPECT_EQ(request.method, Method::post);
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.query, (std::map<std::string, std::string>{{"x", "1"}, {"y", "+ "}}));
  EXPECT_EQ(request.body, "hello");
  EXPECT_EQ(*request.header("HOST"), "box");
  EXPECT_EQ(request.cookie("b"), "2");
  EXPECT_EQ(request.cookie("c"), std::nullopt);
  EXPECT_EQ(reader.state(), State::head);
}

TEST(RequestReader, what_follows_a_body_is_the_next_request_and_not_part_of_it) {
  RequestReader reader;
  reader.feed("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  reader.allow_body(10);
  EXPECT_EQ(reader.take().body, "hi");
  ASSERT_EQ(reader.state(), State::head_ready);
  EXPECT_EQ(reader.head().path, "/2");
}

// Each of these two readers could understand differently: the classes of request smuggling (RFC 9112, 11.2).
TEST(RequestReader, refuses_every_message_of_doubtful_length) {
  EXPECT_EQ(refusal_of(get("Host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n")), 411u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n")), 411u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nTransfer-Encoding: chunked\r\n") + "5\r\nhel\r\n0\r\n\r\n"), 411u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nTransfer-Encoding: xchunked\r\n")), 411u);
  EXPECT_EQ(refusal_of(get("Host: a\r\ntransfer-ENCODING: identity\r\n")), 411u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n")), 400u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n")), 400u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nContent-Length: 3, 3\r\n")), 400u);
  for (const char* length : {"", "+3", "-3", "0x3", "3 3", "3;", "three", "18446744073709551619", "\t3", "3.0"}) {
    EXPECT_EQ(refusal_of(get("Host: a\r\nContent-Length: " + std::string(length) + "\r\n")), 400u) << length;
  }
}

TEST(RequestReader, refuses_fields_that_hide_others) {
  EXPECT_EQ(refusal_of(get("Host: a\r\nTransfer-Encoding : chunked\r\n")), 400u) << "space before the colon";
  EXPECT_EQ(refusal_of(get("Host: a\r\n Transfer-Encoding: chunked\r\n")), 400u) << "folded line";
  EXPECT_EQ(refusal_of(get("Host: a\r\n\tX: y\r\n")), 400u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nno colon here\r\n")), 400u);
  EXPECT_EQ(refusal_of(get("Host: a\r\n: no name\r\n")), 400u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nX\xc3\xa4: y\r\n")), 400u);
}

TEST(RequestReader, refuses_bare_line_ends_and_control_characters_at_once) {
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\n"), 400u) << "must not wait for more";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a\n\n"), 400u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nX: a\rb\r\n")), 400u);
  EXPECT_EQ(refusal_of(std::string("GET / HTTP/1.1\r\nHost: a\0b\r\n", 27)), 400u);
  EXPECT_EQ(refusal_of("\x16\x03\x01"), 400u) << "TLS inside TLS";
  EXPECT_EQ(refusal_of(get("Host: a\r\nX: \x7f\r\n")), 400u);
}

TEST(RequestReader, needs_exactly_one_host) {
  EXPECT_EQ(refusal_of(get("")), 400u);
  EXPECT_EQ(refusal_of(get("Host: a\r\nhost: b\r\n")), 400u);
  EXPECT_EQ(refusal_of(get("Host: a\r\n")), 0u);
}

TEST(RequestReader, refuses_request_lines_that_are_none) {
  for (const char* line :
       {"GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "GET / HTTP/2.0", "GET / http/1.1", "GET /\tx HTTP/1.1",
        "G(T / HTTP/1.1", "GET http://other/ HTTP/1.1", "CONNECT other:443 HTTP/1.1", "OPTIONS * HTTP/1.1",
        "GET /\xff HTTP/1.1", " GET / HTTP/1.1", "\r\nGET / HTTP/1.1"}) {
    EXPECT_EQ(refusal_of(std::string(line) + "\r\nHost: a\r\n\r\n"), 400u) << line;
  }
}

TEST(RequestReader, limits_head_and_number_of_fields) {
  EXPECT_EQ(refusal_of(get("Host: a\r\nX: " + std::string(8200, 'x') + "\r\n")), 431u);
  std::string many = "Host: a\r\n";
  for (int i = 0; i < 100; ++i) many += "A: b\r\n";
  EXPECT_EQ(refusal_of(get(many)), 400u);
}

TEST(RequestReader, refuses_a_body_by_what_it_announces) {
  RequestReader reader;
  reader.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4097\r\n\r\n");
  EXPECT_EQ(reader.announced_body(), 4097u);
  EXPECT_EQ(reader.allow_body(4096), State::refused);
  EXPECT_EQ(reader.refusal(), 413u);
}

TEST(RequestReader, once_refused_stays_refused) {
  RequestReader reader;
  reader.feed("bad\n");
  reader.feed(get("Host: a\r\n"));
  EXPECT_EQ(reader.state(), State::refused);
  EXPECT_FALSE(reader.holds_bytes());
}

TEST(RequestReader, an_expectation_it_does_not_know_fails) {
  EXPECT_EQ(refusal_of(get("Host: a\r\nExpect: miracles\r\n")), 417u);
}

TEST(RequestReader, http_1_0_and_close_do_not_keep_the_connection) {
  const auto keeps = [](const std::string& bytes) {
    RequestReader reader;
    reader.feed(bytes);
    return reader.state() == State::head_ready && reader.keep_alive();
  };
  EXPECT_TRUE(keeps(get("Host: a\r\n")));
  EXPECT_FALSE(keeps(get("Host: a\r\nConnection: close\r\n")));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\nHost: a\r\n\r\n"));
}

TEST(Cookie, is_found_whole_and_by_its_exact_name) {
  Request request;
  request.headers = {{"Cookie", "__Host-hf=abc=; x__Host-hf=evil;y=\"q\""}, {"cookie", "z=last"}};
  EXPECT_EQ(request.cookie("__Host-hf"), "abc=");
  EXPECT_EQ(request.cookie("__host-hf"), std::nullopt);
  EXPECT_EQ(request.cookie("y"), "\"q\"");
  EXPECT_EQ(request.cookie("z"), "last");
  EXPECT_EQ(request.cookie(""), std::nullopt);
}

}  // namespace
}  // namespace hf::http
