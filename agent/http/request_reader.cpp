#include "agent/http/request_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <utility>

#include "agent/http/head_rules.hpp"
#include "agent/http/target.hpp"

namespace hf::http {

namespace {

namespace beast = boost::beast::http;

Method to_method(beast::verb verb) {
  if (verb == beast::verb::get) return Method::get;
  if (verb == beast::verb::post) return Method::post;
  if (verb == beast::verb::put) return Method::put;
  if (verb == beast::verb::patch) return Method::patch;
  if (verb == beast::verb::delete_) return Method::del;
  if (verb == beast::verb::head) return Method::head;
  return Method::other;
}

std::string text(boost::beast::string_view view) { return {view.data(), view.size()}; }

}  // namespace

RequestReader::RequestReader(size_t max_head) : max_head_(max_head) {}

RequestReader::State RequestReader::feed(std::string_view bytes) {
  if (state_ == State::refused) return state_;
  pending_ += bytes;
  if (state_ == State::head) return scan_head();
  return state_ == State::body ? fill_body() : state_;
}

RequestReader::State RequestReader::refuse(unsigned status, std::string_view why) {
  refusal_ = status;
  why_ = why;
  pending_.clear();
  return state_ = State::refused;
}

// Looks at every byte once. What can never become a head is refused when it is seen, not when the time is over.
RequestReader::State RequestReader::scan_head() {
  for (; scanned_ < pending_.size(); ++scanned_) {
    if (scanned_ >= max_head_) return refuse(431, "head too large");
    const char c = pending_[scanned_];
    const bool bare_line_end = c == '\n' && (scanned_ == 0 || pending_[scanned_ - 1] != '\r');
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\r' && c != '\n' && c != '\t';
    if (bare_line_end || control) return refuse(400, "bytes that no head can hold");
    if (c == '\n' && std::string_view(pending_).substr(0, scanned_ + 1).ends_with("\r\n\r\n")) {
      const std::string head = pending_.substr(0, scanned_ + 1);
      pending_.erase(0, head.size());
      scanned_ = 0;
      return parse_head(head);
    }
  }
  return state_;
}

RequestReader::State RequestReader::parse_head(std::string_view head) {
  if (const char* why = broken_head_rule(head); why != nullptr) return refuse(400, why);
  if (has_transfer_encoding(head)) return refuse(411, "a body in chunks");
  beast::request_parser<beast::empty_body> parser;
  parser.header_limit(static_cast<uint32_t>(max_head_));
  parser.body_limit(boost::none);  // the body is not Beast's to read: allow_body() decides first
  boost::system::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (!parser.is_header_done()) return refuse(400, "not HTTP");
  const auto& message = parser.get();
  auto target = parse_target(text(message.target()));
  if (!target) return refuse(400, target.error().what);
  request_ = Request{};
  request_.method = to_method(message.method());
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  for (const auto& field : message) request_.headers.push_back({text(field.name_string()), text(field.value())});
  announced_ = parser.content_length().value_or(0);
  keep_alive_ = message.keep_alive();
  const std::string* expect = request_.header("expect");
  expects_continue_ = expect != nullptr && same_header_name(*expect, "100-continue");
  if (expect != nullptr && !expects_continue_) return refuse(417, "an unknown Expect");
  return state_ = State::head_ready;
}

RequestReader::State RequestReader::allow_body(size_t limit) {
  if (state_ != State::head_ready) return state_;
  if (announced_ > limit) return refuse(413, "body too large");
  state_ = State::body;
  return fill_body();
}

RequestReader::State RequestReader::fill_body() {
  const size_t missing = static_cast<size_t>(announced_) - request_.body.size();
  const size_t n = std::min(missing, pending_.size());
  request_.body.append(pending_, 0, n);
  pending_.erase(0, n);
  return state_ = n == missing ? State::complete : State::body;
}

Request RequestReader::take() {
  Request done = std::exchange(request_, Request{});
  state_ = State::head;
  scan_head();
  return done;
}

}  // namespace hf::http
