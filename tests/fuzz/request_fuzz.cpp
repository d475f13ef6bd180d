// LINKS: hf_http
// The whole way from bytes to requests. The first byte says in how large pieces the rest arrives: whatever the pieces,
// the same requests must come out, and no request may hold more than was allowed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "agent/http/request_reader.hpp"

namespace {

using hf::http::Request;
using hf::http::RequestReader;
using State = RequestReader::State;

constexpr size_t kBody = 64;

void expect(bool holds) {
  if (!holds) std::abort();
}

std::string described(const Request& request) {
  std::string text = std::to_string(static_cast<int>(request.method)) + " " + request.path + "\n";
  for (const auto& [name, value] : request.query) text += name + "=" + value + "\n";
  for (const auto& h : request.headers) text += h.name + ": " + h.value + "\n";
  return text + request.cookie("hf").value_or("-") + request.body;
}

std::vector<std::string> requests_in(std::string_view bytes, size_t piece) {
  RequestReader reader(1024);
  std::vector<std::string> found;
  while (true) {
    if (reader.state() == State::head_ready) reader.allow_body(kBody);
    if (reader.state() == State::complete) {
      const Request request = reader.take();
      expect(request.body.size() <= kBody && request.path.starts_with('/') && request.header("host") != nullptr);
      expect(request.header("transfer-encoding") == nullptr);
      found.push_back(described(request));
    } else if (reader.state() == State::refused) {
      found.push_back("refused " + std::to_string(reader.refusal()));
      return found;
    } else if (reader.state() != State::head_ready) {
      if (bytes.empty()) return found;
      reader.feed(bytes.substr(0, piece));
      bytes.remove_prefix(std::min(piece, bytes.size()));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  expect(requests_in(bytes, size) == requests_in(bytes, size_t{1} + data[0] % 61));
  return 0;
}
