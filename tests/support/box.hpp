// The page's whole server in memory: access, API and a fake backend, everything at once on the caller's thread. Users anna (admin) and boris (viewer).
#pragma once

#include <cstdio>
#include <cstdlib>

#include "agent/machine/desk.hpp"
#include "agent/web/api.hpp"
#include "agent/web/csrf.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/fake_backend.hpp"
#include "tests/support/fake_device.hpp"
#include "tests/support/fake_settings.hpp"
#include "tests/support/fake_tools.hpp"
#include "tests/support/fake_updates.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::test {

inline constexpr const char* kPassword = "seven brown teapots";

// What a browser with our page in it holds.
struct Visitor {
  std::string token, csrf;
};

class Box {
 public:
  explicit Box(bool with_users = true, web::Intake* intake = nullptr) {
    auto opened = access::Access::open(folder / "access.db", {clock, random, home, hashing, access::HashCost::least()});
    if (!opened) die(opened.error().what);
    access = std::move(*opened);
    api = std::make_unique<web::Api>(web::ApiParts{backend, *access, clock, home, kAssets, "0.1.0", web::Language::en, intake, &tools, &updates, &settings, &machine});
    if (!with_users) return;
    const auto code = access->setup_code();
    access->setup({"192.0.2.7", ""}, **code, "anna", kPassword, [](const auto& o) { if (!o) die(o.error().what); });
    access->add_user({"192.0.2.7", "anna"}, "boris", access::Role::viewer, kPassword, [](const auto& o) { if (!o) die(o.error().what); });
    changed_by_setup = audit_rows();
  }

  // Asks and gives the answer; ends the process when there is not exactly one.
  http::Response ask(http::Request request) {
    std::vector<http::Response> answers;
    api->handle(std::move(request), [&answers](http::Response response) { answers.push_back(std::move(response)); });
    if (answers.size() != 1) die(std::to_string(answers.size()) + " answers");
    return std::move(answers[0]);
  }

  static http::Request request(http::Method method, std::string path, std::string body = {}) {
    http::Request r;
    r.method = method, r.path = std::move(path), r.body = std::move(body), r.peer_address = "192.0.2.7";
    r.headers = {{"Host", "holdfast.example"}};
    if (method != http::Method::get) r.headers.insert(r.headers.end(), {{"Origin", "https://holdfast.example"}, {"Content-Type", "application/json"}});
    return r;
  }
  static http::Request as(const Visitor& visitor, http::Request r) {
    r.headers.push_back({"Cookie", "__Host-hf=" + visitor.token});
    r.headers.push_back({"Holdfast-CSRF", visitor.csrf});
    return r;
  }
  http::Response get(const Visitor& visitor, const std::string& path, std::map<std::string, std::string> query = {}) {
    auto r = as(visitor, request(http::Method::get, path));
    r.query = std::move(query);
    return ask(std::move(r));
  }
  http::Response send(const Visitor& visitor, http::Method method, const std::string& path, std::string body = {}) {
    return ask(as(visitor, request(method, path, std::move(body))));
  }

  // A session without the way through the form.
  Visitor visitor(access::Role role) {
    const auto opened = access->sessions().open(role == access::Role::admin ? "anna" : "boris", role);
    return {opened.token, opened.session.csrf_token};
  }
  size_t audit_rows() { return access->audit().after(0, 100'000)->size(); }

  static constexpr std::array kAssets = {web::Asset{"/index.html", "text/html; charset=utf-8", "gzipped page", "\"e1\""},
                                         web::Asset{"/app.js", "text/javascript; charset=utf-8", "gzipped script", "\"e2\""}};

  TempFolder folder;
  ManualClock clock{kNoon};
  SeededRandom random{1};
  InlineExecutor home, hashing, asking;
  FakeBackend backend;
  FakeTools tools;
  FakeUpdates updates;
  FakeSettings settings;
  FakeDevice device;
  machine::Network network{{{"eth0", "up", {"192.0.2.10/24"}}, {"eth1", "up", {"198.51.100.10/24"}}}, {"127.0.0.1/8"}, "192.0.2.1", {"192.0.2.53"}};
  machine::Desk machine{{device, clock, home, asking, TimeZone::find("UTC").value(), "02:00-04:00", folder / "diagnostics", [this] { return network; }}};
  std::unique_ptr<access::Access> access;
  std::unique_ptr<web::Api> api;
  size_t changed_by_setup = 0;

 private:
  [[noreturn]] static void die(const std::string& why) {
    std::fprintf(stderr, "test box: %s\n", why.c_str());
    std::abort();
  }
};

inline const std::string* header(const http::Response& response, std::string_view name) {
  for (const auto& h : response.headers)
    if (h.name == name) return &h.value;
  return nullptr;
}

}  // namespace hf::test
