// LINKS: hf_web
// Bodies, paths and queries through the whole router with users, sessions and origin checks on. First byte: the route; second: who asks; then the
// query up to a line end; then the body. Checks: one answer, of a known status, JSON, with the headers; and nobody below the least role changes anything.
#include <cstdlib>

#include "agent/web/fields.hpp"
#include "tests/support/box.hpp"

namespace {

using namespace hf;

struct World {
  test::Box box;
  test::Visitor visitors[3] = {{}, box.visitor(access::Role::viewer), box.visitor(access::Role::admin)};
};

void require(bool good) {
  if (!good) std::abort();
}

std::string filled(std::string_view pattern, std::string_view name) {
  std::string path(pattern);
  const size_t open = path.find('{');
  if (open != path.npos) path.replace(open, path.find('}') - open + 1, name.empty() ? test::kIncident : name);
  return path;
}

http::Request request_from(World& world, std::string_view input, const web::Route& route, size_t who) {
  const size_t end = std::min(input.find('\n'), input.size());
  const std::string_view query = input.substr(0, end);
  auto request = test::Box::request(route.method, filled(route.path, query.substr(0, std::min(query.find('='), query.size()))), std::string(input.substr(std::min(end + 1, input.size()))));
  if (route.raw_body) request.headers.back().value = "application/octet-stream";  // else no piece of an upload would get past the door
  if (const size_t equals = query.find('='); equals != query.npos) request.query[std::string(query.substr(0, equals))] = query.substr(equals + 1);
  return who == 0 ? request : test::Box::as(world.visitors[who], std::move(request));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static World* world = nullptr;
  static size_t runs = 0;
  if (runs++ % 2000 == 0) delete world, world = new World;  // logged out, disabled, full of users: begin anew
  if (size < 2) return 0;
  const web::Route& route = web::routes()[data[0] % web::routes().size()];
  const size_t who = data[1] % 3;
  const bool allowed = access::allows(static_cast<access::Role>(who), route.least);
  world->box.backend.changes.clear();
  world->box.updates.done.clear(), world->box.updates.kept.clear();
  world->box.clock.advance(std::chrono::milliseconds(1));
  const auto answer = world->box.ask(request_from(*world, {reinterpret_cast<const char*>(data) + 2, size - 2}, route, who));
  require(answer.status >= 200 && answer.status < 504);
  require(test::header(answer, "Content-Security-Policy") && test::header(answer, "X-Content-Type-Options"));
  require(allowed || answer.status == 401 || answer.status == 403 || answer.status == 404);
  require(allowed || (world->box.backend.changes.empty() && world->box.updates.done.empty() && world->box.updates.kept.empty()));
  if (answer.status >= 400) require(web::parse_json(answer.body).has_value());
  return 0;
}
