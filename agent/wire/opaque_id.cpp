#include "agent/wire/opaque_id.hpp"

#include <charconv>
#include <string>

namespace hf::wire {

Id opaque_id(const SiteKey& key, Scope scope, std::string_view name) {
  std::string scoped(1, scope == Scope::line ? 'l' : 'q');
  return Id{siphash24(key, scoped.append(name))};
}

Id incident_id(const SiteKey& key, std::string_view id) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value, 16);
  if (id.size() == 16 && error == std::errc() && end == id.data() + id.size()) return Id{value};
  return Id{siphash24(key, std::string("i").append(id))};
}

}  // namespace hf::wire
