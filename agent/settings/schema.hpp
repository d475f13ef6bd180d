// The keys of a settings file, each bound to a member: read, checked, shown, told apart. For this folder's own use.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/settings/document.hpp"
#include "agent/settings/settings.hpp"

namespace hf::settings {

struct Key {
  std::string section, name;
  std::function<std::optional<std::string>(const Value&)> set;  // the problem, if there is one: "must be 0 to 65535"
  std::function<std::string()> show;                            // as TOML
};
using Schema = std::vector<Key>;

Key text_key(std::string section, std::string name, std::string& target, size_t longest);
// As text_key; `good` decides, `rule` tells what is expected.
Key checked_key(std::string section, std::string name, std::string& target, std::function<bool(std::string_view)> good, std::string rule);
Key path_key(std::string section, std::string name, Path& target, const Path& folder);
Key address_key(std::string section, std::string name, std::string& target);
Key host_key(std::string section, std::string name, std::string& target);
Key real_key(std::string section, std::string name, double& target, double lowest, double highest);
Key choice_key(std::string section, std::string name, std::vector<std::string> choices, std::function<void(size_t)> choose, std::function<size_t()> chosen);
Key whole_key(std::string section, std::string name, int64_t lowest, int64_t highest, std::function<void(int64_t)> take, std::function<int64_t()> give);

template <std::integral T>
Key number_key(std::string section, std::string name, T& target, int64_t lowest, int64_t highest) {
  return whole_key(std::move(section), std::move(name), lowest, highest, [&target](int64_t n) { target = static_cast<T>(n); },
                   [&target] { return static_cast<int64_t>(target); });
}
template <class Rep, class Period>
Key duration_key(std::string section, std::string name, std::chrono::duration<Rep, Period>& target, int64_t lowest, int64_t highest) {
  using Unit = std::chrono::duration<Rep, Period>;
  return whole_key(std::move(section), std::move(name), lowest, highest, [&target](int64_t n) { target = Unit(static_cast<Rep>(n)); },
                   [&target] { return static_cast<int64_t>(target.count()); });
}

// The keys `before` + "address" and `before` + "port".
void add_listen(Schema& schema, const std::string& section, Listen& listen, const std::string& before = {});
void add_source(Schema& schema, SourceSettings& source, const Path& folder);
// Makes the sources that the document's sections name, with defaults. Returns what is wrong with the names.
Problems name_sources(const Document& document, std::string_view name, std::vector<SourceSettings>& sources);

// The members are bound by reference: a schema must not outlive its settings.
Schema schema_of(AgentSettings& settings, const Path& folder);
Schema schema_of(HqSettings& settings, const Path& folder);

// Sets what the document says. Returns all problems, each with its place.
Problems fill(const Schema& schema, const Document& document, std::string_view name);
std::string show(const Schema& schema);

}  // namespace hf::settings
