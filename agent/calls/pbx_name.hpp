// Names of a site's PBXs in ids. A site with several PBXs may have two queues of one name: what belongs to a PBX with a name is called
// "north|sales" wherever PBXs meet (minutes, incidents, rules, the site model), and "sales" within what follows that PBX alone. Asterisk's
// own log divides its fields by '|', so none of its queues has one in its name.
#pragma once

#include <string>
#include <string_view>

namespace hf::calls {

// "north|sales" -> "north"; "" where the id names no PBX.
inline std::string_view pbx_of(std::string_view id) {
  const size_t bar = id.find('|');
  return bar == id.npos || bar == 0 || bar > 16 || id[0] < 'a' || id[0] > 'z' ? std::string_view{} : id.substr(0, bar);
}

// "north|sales" -> "sales".
inline std::string_view within_pbx(std::string_view id) {
  const std::string_view pbx = pbx_of(id);
  return pbx.empty() ? id : id.substr(pbx.size() + 1);
}

// Of a PBX without a name, and of an id that is empty: the id itself.
inline std::string at_pbx(std::string_view pbx, const std::string& id) {
  if (pbx.empty() || id.empty()) return id;
  std::string full(pbx);
  full += '|';
  full += id;
  return full;
}

}  // namespace hf::calls
