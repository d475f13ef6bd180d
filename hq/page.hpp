// HQ's page: assets, and the API of openapi.yaml. In: requests of browsers. Out: answers. Rules of session, origin and
// token are those of agent/http/own_page.hpp. All but assets runs on `home`, the thread of store and access.
#pragma once

#include <span>
#include <string>

#include "agent/access/access.hpp"
#include "agent/http/assets.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/executor.hpp"
#include "hq/offers.hpp"
#include "hq/store.hpp"
#include "hq/visit.hpp"

namespace hf::hq {

struct PageParts {
  Store& store;
  access::Access& access;
  const Clock& clock;
  Executor& home;
  std::span<const http::Asset> assets;
  std::string version;  // shown after login
  std::chrono::seconds silent_after{300};
  Offers* offers = nullptr;  // new versions for the sites; nullptr: none
};

class Page {
 public:
  explicit Page(PageParts parts) : parts_(std::move(parts)) {}
  http::Handler handler();
  void handle(http::Request request, const http::Reply& reply);

 private:
  using Handle = void (Page::*)(const VisitPtr&);
  struct Route {
    http::Method method;
    std::string_view path;  // {site} stands for one segment
    access::Role least;     // none = before login
    Handle handle;
  };
  static std::span<const Route> routes();

  void answer(const VisitPtr& visit);
  std::optional<http::Response> refuse_foreign(const Visit& visit) const;
  std::optional<http::Response> refuse_caller(Visit& visit, access::Role least);
  static std::optional<http::Response> read_body(Visit& visit);

  // page_access.cpp
  void openapi(const VisitPtr& visit);
  void state(const VisitPtr& visit);
  void setup(const VisitPtr& visit);
  void login(const VisitPtr& visit);
  void logout(const VisitPtr& visit);
  void session(const VisitPtr& visit);
  void revoke(const VisitPtr& visit);
  // page_fleet.cpp
  void overview(const VisitPtr& visit);
  void site(const VisitPtr& visit);
  void minutes(const VisitPtr& visit);
  void surveys(const VisitPtr& visit);
  void incidents(const VisitPtr& visit);
  void hq_incidents(const VisitPtr& visit);
  // page_updates.cpp
  void updates(const VisitPtr& visit);
  void offer(const VisitPtr& visit);
  void withdraw(const VisitPtr& visit);
  void answer_change(const VisitPtr& visit, const char* action, const std::string& version, const Status& done);
  Result<boost::json::array> incidents_json(std::optional<std::string> site, bool open_only, size_t limit);

  PageParts parts_;
};

}  // namespace hf::hq
