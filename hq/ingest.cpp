#include "hq/ingest.hpp"

#include <fmt/format.h>

#include <expected>

#include "hal/platform/log.hpp"
#include "hq/updates_door.hpp"

namespace hf::hq {
namespace {

constexpr std::string_view kPath = "/wire/v1/batch";

http::Response refusal(unsigned status, std::string why) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(why) + "\n", nullptr};
}

http::Response refused_peer(const http::Request& request, std::string_view why) {
  log_warning("ingest", "{}: refused: {}", request.peer_address, why);
  return refusal(403, "this key may not send this");  // the same for all reasons
}

http::Response not_read(const http::Request& request, const Error& error) {
  log_warning("ingest", "{}: a batch cannot be read: {}", request.peer_address, error.what);
  return refusal(400, error.what);
}

// Who asks, by its key alone; or the refusal.
std::expected<std::string, http::Response> site_of(Store& store, const http::Request& request) {
  if (!request.peer_key) return std::unexpected(refused_peer(request, "no verified certificate"));
  const auto site = store.site_of_key(*request.peer_key);
  if (!site) return std::unexpected(refusal(500, "HQ's database does not answer"));
  if (!*site) return std::unexpected(refused_peer(request, "its key is not enrolled, or was revoked"));
  return **site;
}

}  // namespace

http::Response take_batch(Store& store, const http::Request& request, Time now) {
  if (request.path != kPath) return refusal(404, "sites deliver to /wire/v1/batch");
  if (request.method != http::Method::post) return refusal(405, "sites deliver with POST");
  const auto site = site_of(store, request);
  if (!site) return site.error();
  const auto text = wire::unpack(request.body);
  if (!text) return not_read(request, text.error());
  const auto batch = wire::split(*text);
  if (!batch) return not_read(request, batch.error());
  if (batch->head.site != *site)
    return refused_peer(request, fmt::format("the key of site {} sends data of site {}", *site, batch->head.site));
  for (const auto line : batch->messages)
    if (const auto sequence = wire::sequence_of(line); !sequence) return not_read(request, sequence.error());
  const auto answer = store.take(*site, batch->head, batch->messages, now);
  if (!answer) {
    log_error("ingest", "site {}: {}", *site, answer.error().what);
    return refusal(500, "HQ could not store the batch");
  }
  return {200, {{"Content-Type", "application/json"}}, wire::encode_answer(*answer), nullptr};
}

http::Response answer_site(Store& store, Offers& offers, const http::Request& request, Time now) {
  if (!is_about_updates(request)) return take_batch(store, request, now);
  const auto site = site_of(store, request);
  return site ? answer_updates(offers, *site, request, now) : site.error();
}

http::Handler ingest_handler(Store& store, Offers& offers, Executor& home, const Clock& clock) {
  return [&store, &offers, &home, &clock](http::Request request, http::Reply reply) {
    const bool taken = home.post([&store, &offers, &clock, request = std::move(request), reply] { reply(answer_site(store, offers, request, clock.now())); });
    if (!taken) reply(refusal(503, "too much waits: come back later"));
  };
}

size_t ingest_body_limit(const http::Request& head) {
  return head.path == kPath && head.method == http::Method::post && head.peer_key ? wire::kMaxRequestBytes : 0;
}

}  // namespace hf::hq
