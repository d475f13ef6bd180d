#include "agent/sync/offers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace hf::sync {
namespace {

namespace json = boost::json;

constexpr uint64_t kMaxSize = uint64_t{1} << 40;
constexpr size_t kMaxText = 120;

std::optional<Offer> read_offer(const json::object& o) {
  const auto text = [&o](std::string_view name) {
    const auto* value = o.if_contains(name);
    return value != nullptr && value->is_string() && value->get_string().size() <= kMaxText ? std::string(value->get_string()) : std::string();
  };
  const auto* size = o.if_contains("size");
  if (size == nullptr || !size->is_int64() || size->get_int64() <= 0 || static_cast<uint64_t>(size->get_int64()) > kMaxSize) return std::nullopt;
  Offer offer{text("version"), text("sha256"), text("name"), static_cast<uint64_t>(size->get_int64())};
  const bool hex = offer.sha256.size() == 64 && std::ranges::all_of(offer.sha256, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  return hex && !offer.version.empty() ? std::optional(std::move(offer)) : std::nullopt;
}

Error wrong_status(unsigned status) { return {status == 404 ? ErrorKind::not_found : status == 503 ? ErrorKind::busy : ErrorKind::denied, fmt::format("HQ answers {}", status)}; }

}  // namespace

Result<std::optional<Offer>> tell_versions(const Ask& ask, const VersionReport& report) {
  const json::object body{{"v", {1, 1}}, {"runs", report.runs}, {"target", report.target}, {"stage", report.stage}, {"outcome", report.outcome}, {"reason", report.reason}};
  auto reply = ask("/wire/v1/updates", json::serialize(body));
  if (!reply) return fail(std::move(reply.error()));
  if (reply->status == 404) return fail(ErrorKind::unsupported, "this HQ offers no versions");
  if (reply->status != 200) return fail(wrong_status(reply->status));
  boost::system::error_code wrong;
  const auto value = json::parse(reply->body, wrong);
  const auto* offer = wrong || !value.is_object() ? nullptr : value.get_object().if_contains("offer");
  if (offer == nullptr || !(offer->is_null() || offer->is_object())) return fail(ErrorKind::corrupt, "HQ's answer about versions cannot be read");
  if (offer->is_null()) return std::optional<Offer>();
  auto read = read_offer(offer->get_object());
  if (!read) return fail(ErrorKind::corrupt, "HQ's offer cannot be read");
  return read;
}

Result<std::string> fetch_piece(const Ask& ask, const Offer& offer, uint64_t offset) {
  auto reply = ask(fmt::format("/wire/v1/bundle?sha256={}&offset={}", offer.sha256, offset), std::nullopt);
  if (!reply) return fail(std::move(reply.error()));
  if (reply->status != 200) return fail(wrong_status(reply->status));
  if (reply->body.empty() || reply->body.size() > offer.size - offset) return fail(ErrorKind::corrupt, "HQ sends another number of bytes than it offered");
  return std::move(reply->body);
}

}  // namespace hf::sync
