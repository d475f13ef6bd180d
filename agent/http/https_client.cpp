#include "agent/http/https_client.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "hal/net/tls_stream.hpp"

namespace hf::http {

namespace {

namespace beast = boost::beast::http;
using Until = std::chrono::steady_clock::time_point;
using ms = std::chrono::milliseconds;

ms left_until(Until until) { return std::max(std::chrono::ceil<ms>(until - std::chrono::steady_clock::now()), ms(0)); }

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::head:
      return "HEAD";
    case Method::other:
      return {};
  }
  return {};
}

bool is_line_safe(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Result<std::string> request_head(const net::HostPort& server, Method method, std::string_view target,
                                 const std::vector<Header>& headers, size_t body) {
  if (name_of(method).empty() || !target.starts_with('/') || !is_line_safe(target) ||
      target.find(' ') != std::string_view::npos) {
    return fail(ErrorKind::invalid_input, "not a request: method or target");
  }
  std::string head = std::string(name_of(method)) + " " + std::string(target) +
                     " HTTP/1.1\r\nHost: " + net::to_string(server) + "\r\n";
  for (const Header& h : headers) {
    const bool safe = !h.name.empty() && is_line_safe(h.name) && h.name.find_first_of(" :") == std::string::npos &&
                      is_line_safe(h.value);
    if (!safe) return fail(ErrorKind::invalid_input, "header \"" + h.name + "\" holds a line end or is no name");
    head += h.name + ": " + h.value + "\r\n";
  }
  return head + "Content-Length: " + std::to_string(body) + "\r\n\r\n";
}

// Feeds one answer to Beast as it comes. Its buffer never holds more than one read and an unfinished line.
class AnswerReader {
 public:
  AnswerReader(Method method, size_t max_body) {
    parser_.header_limit(16 << 10);
    parser_.body_limit(max_body);
    parser_.eager(true);
    parser_.skip(method == Method::head);
  }

  Status feed(std::string_view bytes) {
    rest_ += bytes;
    boost::system::error_code error;
    while (!rest_.empty() && !parser_.is_done()) {
      const size_t used = parser_.put(boost::asio::buffer(rest_), error);
      rest_.erase(0, used);
      if (error == beast::error::need_more) return {};
      if (error) return fail(ErrorKind::corrupt, "the answer is not understood: " + error.message());
      if (used == 0) return {};
    }
    return {};
  }
  // The peer closed: fine when the answer's length was to be told by that.
  bool end() {
    boost::system::error_code error;
    if (parser_.got_some()) parser_.put_eof(error);
    return !error && parser_.is_done();
  }
  bool done() const { return parser_.is_done(); }
  bool reusable() const { return parser_.is_done() && parser_.keep_alive() && rest_.empty(); }

  Response take() {
    auto message = parser_.release();
    Response response;
    response.status = message.result_int();
    for (const auto& field : message) {
      response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    response.body = std::move(message.body());
    return response;
  }

 private:
  beast::response_parser<beast::string_body> parser_;
  std::string rest_;
};

}  // namespace

HttpsClient::HttpsClient(net::HostPort server, net::TlsContext tls, size_t max_response)
    : server_(std::move(server)), tls_(std::move(tls)), max_response_(max_response) {}

HttpsClient::~HttpsClient() { stop(); }

void HttpsClient::stop() { stop_->trigger(); }

Result<Response> HttpsClient::request(Method method, std::string_view target, const std::vector<Header>& headers,
                                      std::string_view body, ms within) {
  const auto until = std::chrono::steady_clock::now() + within;
  auto head = request_head(server_, method, target, headers, body.size());
  if (!head) return fail(std::move(head.error()));
  const std::lock_guard lock(mutex_);
  const bool reused = still_open();
  if (auto open = reused ? Status() : connect(until); !open) return fail(std::move(open.error()));
  auto response = exchange(*head, body, method, until);
  const bool harmless = method == Method::get || method == Method::head;
  if (!response && reused && harmless && response.error().kind == ErrorKind::closed) {
    if (auto open = connect(until); !open) return fail(std::move(open.error()));
    response = exchange(*head, body, method, until);
  }
  return response;
}

Status HttpsClient::connect(Until until) {
  auto stream = net::connect_tls(server_, tls_, left_until(until), stop_);
  if (!stream) return fail(std::move(stream.error()));
  stream_ = std::move(*stream);
  return {};
}

// A server that closed an idle connection has said so by now: nothing but silence is a good sign.
bool HttpsClient::still_open() {
  if (!stream_) return false;
  std::array<char, 1> byte;
  const auto n = stream_->read(byte, ms(0));
  if (!n && n.error().kind == ErrorKind::timed_out) return true;
  stream_.reset();
  return false;
}

Result<Response> HttpsClient::exchange(const std::string& head, std::string_view body, Method method, Until until) {
  // A server that refuses (413, 401) may answer and close before it has read everything: its answer counts more than
  // our write.
  auto written = stream_->write(head, left_until(until));
  if (written && !body.empty()) written = stream_->write(body, left_until(until));
  if (!written && written.error().kind != ErrorKind::closed) {
    stream_.reset();
    return fail(std::move(written.error()));
  }
  auto response = receive(method, until);
  if (!response) stream_.reset();
  return response;
}

Result<Response> HttpsClient::receive(Method method, Until until) {
  AnswerReader reader(method, max_response_);
  std::array<char, 16384> buffer;
  while (!reader.done()) {
    const auto n = stream_->read(buffer, left_until(until));
    if (!n && n.error().kind == ErrorKind::closed && reader.end()) break;
    if (!n) return fail(n.error());
    if (auto fed = reader.feed({buffer.data(), *n}); !fed)
      return fail(std::move(fed.error()).context(net::to_string(server_)));
  }
  const bool reusable = reader.reusable();
  Response response = reader.take();
  if (!reusable) stream_.reset();
  return response;
}

}  // namespace hf::http
