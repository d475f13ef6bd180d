// One request on its way through the page's server, and the answers that it can get. Lives on the web worker's thread.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/access/access.hpp"
#include "agent/http/http_types.hpp"
#include "agent/http/own_page.hpp"
#include "agent/incidents/evidence_words.hpp"

namespace hf::web {

using Language = incidents::Language;

struct Exchange {
  http::Request request;
  http::Reply reply;
  std::map<std::string, std::string, std::less<>> path;  // {name} of the route
  std::optional<access::Session> session;
  boost::json::object body;
  Language language = Language::en;

  access::Caller caller() const { return {request.peer_address, session ? session->user : std::string()}; }
  const std::string& in_path(std::string_view name) const { return path.find(name)->second; }
  std::optional<std::string_view> query(std::string_view name) const;
  void answer(http::Response response) const;  // adds the security headers; exactly once
};

// What a body or query holds that it must not; `field` as people write it: "lines[2].label".
struct BadField {
  std::string field, message;
};

// Kinds of errors are the closed list of openapi.yaml. Messages hold no input but names of fields, and those escaped.
http::Response json_answer(unsigned status, const boost::json::value& value);
http::Response error_answer(unsigned status, std::string_view kind, std::string_view message, std::string_view field = {});
http::Response error_answer(const BadField& bad);
http::Response error_answer(const access::Refusal& refusal);
// not_found 404, denied 409, busy 503, invalid_input 400 with `field`; anything else is ours: logged, and told as 500 without detail.
http::Response error_answer(const Error& error, std::string_view field = {});
http::Response empty_answer();  // 204

using http::add_security_headers;

}  // namespace hf::web
