// The page's server behind plain requests: assets at once, the API on one worker. In: requests, pictures, news. Out: answers and live streams.
// handle() and publish..() may be called from any thread. `home` must be one thread with a bounded queue (Workers(1, 256)), the same that Access was
// given; the owner stops it before an Api goes.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "agent/access/access.hpp"
#include "agent/web/assets.hpp"
#include "agent/web/backend.hpp"
#include "agent/web/live_hub.hpp"
#include "agent/web/route.hpp"

namespace hf::web {

struct ApiParts {
  Backend& backend;
  access::Access& access;
  const Clock& clock;
  Executor& home;
  std::span<const Asset> assets;
  std::string version;                  // shown after login
  Language language = Language::en;     // of a reader who asks for none
  Intake* intake = nullptr;             // where a connector's events go; nullptr: nowhere
  SourceTools* tools = nullptr;         // listening, coverage, surveys; nullptr: none
  hf::updates::Updates* updates = nullptr;  // versions of the box; nullptr: none
  SettingsDesk* settings = nullptr;         // agent.toml and its files; nullptr: the page cannot change them
  hf::machine::Desk* machine = nullptr;     // the machine below the agent; nullptr: none
};

class Api {
 public:
  explicit Api(ApiParts parts);

  // Answers through `reply` exactly once: assets and refusals at once, the rest from `home`; 503 when too much waits.
  void handle(http::Request request, http::Reply reply);
  http::Handler handler();
  static constexpr size_t kMaxBody = 4 << 20;  // no address takes more
  // How long a body the address takes; 0 where nobody is logged in by the look of it. For ServerOptions::body_limit: from any thread, before the body.
  static size_t body_limit(const http::Request& head);

  // About once a second, also while nothing changes: it is what ends the streams of ended sessions. What finds `home` full is
  // dropped: the next picture holds the open incidents.
  void publish(LivePicture picture);
  void publish(const incidents::Incident& incident, News news);
  void publish(const FiringView& firing);
  size_t listeners() const { return hub_.listeners(); }  // 0: nobody looks, a picture need not be made

 private:
  void answer(const std::shared_ptr<Exchange>& exchange);
  std::optional<http::Response> refuse_foreign(const Exchange& exchange, const Route& route) const;
  std::optional<http::Response> refuse_caller(Exchange& exchange, const Route& route);
  std::optional<http::Response> read_form(Exchange& exchange, const Route& route) const;

  ApiParts parts_;
  LiveHub hub_;
  Context context_;
};

}  // namespace hf::web
