// One request to HQ's page on its way, and the answers that it can get. Lives on HQ's own thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/access/access.hpp"
#include "agent/http/http_types.hpp"

namespace hf::hq {

struct Visit {
  http::Request request;
  http::Reply reply;
  std::string site;  // {site} of the route
  std::optional<access::Session> session;
  boost::json::object body;

  access::Caller caller() const { return {request.peer_address, session ? session->user : std::string()}; }
  std::string query(const std::string& name) const;  // empty when absent
  void answer(http::Response response) const;        // adds the security headers; exactly once
};
using VisitPtr = std::shared_ptr<Visit>;

http::Response json_answer(unsigned status, const boost::json::value& value);
http::Response error_answer(unsigned status, std::string_view kind, std::string_view message,
                            std::string_view field = {});
http::Response error_answer(const access::Refusal& refusal);
http::Response error_answer(const Error& error);  // not_found 404, invalid_input 400, anything else 500 without detail

}  // namespace hf::hq
