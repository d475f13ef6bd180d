// The table of the API: every route, its least role, its query, the size of its body. Literal, so that it can be searched and checked.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "agent/web/exchange.hpp"

namespace hf::updates {
class Updates;
}
namespace hf::machine {
class Desk;
}

namespace hf::web {

class Backend;
class LiveHub;
class Intake;
class SettingsDesk;
class SourceTools;

struct Context {
  Backend& backend;
  access::Access& access;
  const Clock& clock;
  LiveHub& hub;
  std::string version;
  Language language = Language::en;  // of a reader who asks for none
  Intake* intake = nullptr;          // nullptr: no connector posts events here
  SourceTools* tools = nullptr;      // nullptr: a page without sources
  hf::updates::Updates* updates = nullptr;  // nullptr: a page without versions
  SettingsDesk* settings = nullptr;         // nullptr: a page that cannot change them
  hf::machine::Desk* machine = nullptr;     // nullptr: a page that knows no machine below it
};

using Handle = void (*)(Context& context, const std::shared_ptr<Exchange>& exchange);

// A handler that answers at once.
template <http::Response (*F)(Context&, const Exchange&)>
void at_once(Context& context, const std::shared_ptr<Exchange>& exchange) {
  exchange->answer(F(context, *exchange));
}

struct Route {
  http::Method method;
  std::string_view path;     // "/api/v1/incidents/{id}"
  access::Role least;        // none = before login
  size_t max_body;           // bytes; 0 = takes none
  std::string_view query;    // allowed parameters, separated by blanks
  Handle handle;
  bool of_programs = false;  // called by programs with a token, not by our own page: the handler checks it, and reads the body itself
  bool raw_body = false;     // application/octet-stream in the place of JSON; the handler reads it
};

std::span<const Route> routes();

enum class Found : uint8_t { nothing, other_method, route };
struct Match {
  Found found = Found::nothing;
  const Route* route = nullptr;
  std::map<std::string, std::string, std::less<>> path;
  std::string allow;  // for other_method: "GET, PUT"
};
// `path` decoded. A {name} stands for one segment of 1 to 128 bytes.
Match match(http::Method method, std::string_view path);
std::string_view to_string(http::Method method);

}  // namespace hf::web
