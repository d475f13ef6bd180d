#include "hq/updates_door.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "hal/platform/log.hpp"

namespace hf::hq {
namespace {

namespace json = boost::json;

constexpr std::string_view kReport = "/wire/v1/updates", kBundle = "/wire/v1/bundle";
constexpr size_t kMaxReport = 4096, kMaxText = 32;

http::Response refusal(unsigned status, std::string why) { return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(why) + "\n", nullptr}; }

// Words of closed lists and versions: nothing that could hold a name or a number of a caller.
std::optional<std::string> word(const json::object& o, std::string_view name) {
  const auto* value = o.if_contains(name);
  if (value == nullptr || !value->is_string() || value->get_string().size() > kMaxText) return std::nullopt;
  const std::string text(value->get_string());
  const bool plain = std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '+'; });
  return plain ? std::optional(text) : std::nullopt;
}

std::optional<SiteReport> read_report(std::string_view body, Time now) {
  boost::system::error_code wrong;
  const auto value = json::parse(body, wrong);
  if (wrong || !value.is_object()) return std::nullopt;
  const auto& o = value.get_object();
  const auto runs = word(o, "runs"), target = word(o, "target"), stage = word(o, "stage"), outcome = word(o, "outcome"), reason = word(o, "reason");
  if (!runs || !target || !stage || !outcome || !reason) return std::nullopt;
  return SiteReport{*runs, *target, *stage, *outcome, *reason, now};
}

http::Response take_report(Offers& offers, const std::string& site, const http::Request& request, Time now) {
  if (request.method != http::Method::post) return refusal(405, "sites tell with POST");
  const auto report = request.body.size() <= kMaxReport ? read_report(request.body, now) : std::nullopt;
  if (!report) return refusal(400, "no report of wire v1");
  if (auto kept = offers.report(site, *report); !kept) {
    log_error("updates", "site {}: {}", site, kept.error().what);
    return refusal(500, "HQ could not keep the report");
  }
  const auto offered = offers.offered(site);
  if (!offered) return refusal(500, "HQ's database does not answer");
  json::value offer;
  if (*offered) offer = {{"version", (*offered)->version}, {"sha256", (*offered)->sha256}, {"size", (*offered)->size}, {"name", (*offered)->name}};
  return {200, {{"Content-Type", "application/json"}}, json::serialize(json::object{{"offer", offer}}), nullptr};
}

http::Response give_piece(Offers& offers, const std::string& site, const http::Request& request) {
  if (request.method != http::Method::get) return refusal(405, "bundles are fetched with GET");
  const auto offered = offers.offered(site);
  if (!offered) return refusal(500, "HQ's database does not answer");
  const auto digest = request.query.find("sha256"), from = request.query.find("offset");
  if (digest == request.query.end() || from == request.query.end()) return refusal(400, "sha256 and offset must be told");
  if (!*offered || (*offered)->sha256 != digest->second) return refusal(404, "this bundle is not offered to this site");
  uint64_t offset = 0;
  const auto [end, error] = std::from_chars(from->second.data(), from->second.data() + from->second.size(), offset);
  if (error != std::errc() || end != from->second.data() + from->second.size()) return refusal(400, "offset: must be a number");
  auto piece = offers.piece(**offered, offset);
  if (!piece && piece.error().kind == ErrorKind::invalid_input) return refusal(400, piece.error().what);
  if (!piece) {
    log_error("updates", "{}", piece.error().what);
    return refusal(500, "HQ cannot read the bundle");
  }
  return {200, {{"Content-Type", "application/octet-stream"}}, std::move(*piece), nullptr};
}

}  // namespace

bool is_about_updates(const http::Request& request) { return request.path == kReport || request.path == kBundle; }

http::Response answer_updates(Offers& offers, const std::string& site, const http::Request& request, Time now) {
  return request.path == kReport ? take_report(offers, site, request, now) : give_piece(offers, site, request);
}

}  // namespace hf::hq
