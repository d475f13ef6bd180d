#include "agent/app/entries.hpp"

#include <fmt/format.h>

namespace hf::app {

namespace {

constexpr std::string_view kCallEvent = "call_event", kSiteModel = "site_model", kAcknowledgement = "acknowledgement", kRuleAction = "rule_action";

// These types only grow, and at their end: an older program reads what a newer one wrote without what it does not know.
template <class T>
bool from_grown(std::string_view bytes, T& value) {
  Loader loader(bytes);
  loader.get(value);
  return loader.ok();
}

template <class T>
Result<Input> unpack(const journal::EntryView& entry) {
  T value;
  if (!from_grown(entry.body, value)) return fail(ErrorKind::corrupt, fmt::format("journal entry {}: no {}", entry.sequence, entry.kind));
  return value;
}

// Entries written before site models knew holidays end without their count.
Result<Input> unpack_site_model(const journal::EntryView& entry) {
  calls::SiteModel model;
  if (from_grown(entry.body, model)) return model;
  const std::string with_none = std::string(entry.body) + std::string(sizeof(uint32_t), '\0');
  model = {};
  if (!from_bytes(with_none, model)) return fail(ErrorKind::corrupt, fmt::format("journal entry {}: no {}", entry.sequence, entry.kind));
  return model;
}

}  // namespace

journal::Entry to_entry(const pbx::CallEvent& event) { return {0, event.at, std::string(kCallEvent), pbx::to_text(event)}; }
journal::Entry to_entry(Time at, const calls::SiteModel& model) { return {0, at, std::string(kSiteModel), to_bytes(model)}; }
journal::Entry to_entry(Time at, const Acknowledgement& acknowledgement) {
  return {0, at, std::string(kAcknowledgement), to_bytes(acknowledgement)};
}
journal::Entry to_entry(Time at, const rules::Action& action) { return {0, at, std::string(kRuleAction), to_bytes(action)}; }
journal::Entry note(Time at, std::string kind, std::string body) { return {0, at, std::move(kind), std::move(body)}; }

Result<Input> from_entry(const journal::EntryView& entry) {
  if (entry.kind == kSiteModel) return unpack_site_model(entry);
  if (entry.kind == kAcknowledgement) return unpack<Acknowledgement>(entry);
  if (entry.kind == kRuleAction) return unpack<rules::Action>(entry);
  if (entry.kind != kCallEvent) return Unread{std::string(entry.kind)};
  auto event = pbx::from_text(entry.body);
  if (!event) return fail(ErrorKind::corrupt, fmt::format("journal entry {}: {}", entry.sequence, event.error().what));
  return std::move(*event);
}

}  // namespace hf::app
