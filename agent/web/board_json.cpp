#include <boost/json/array.hpp>

#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

using boost::json::array;
using boost::json::object;

std::string_view to_string(board::DiskKind kind) {
  switch (kind) {
    case board::DiskKind::other: return "other";
    case board::DiskKind::emmc: return "emmc";
    case board::DiskKind::nvme: return "nvme";
    case board::DiskKind::sata: return "sata";
  }
  return "other";
}

template <class T, class F>
array each(const std::vector<T>& all, F one) {
  array list;
  for (const T& each : all) list.push_back(one(each));
  return list;
}

}  // namespace

object to_json(const board::Facts& f) {
  using namespace board;
  return {{"temperatures", each(f.temperatures, [](const Temperature& t) { return object{{"sensor", t.sensor}, {"celsius", t.celsius}, {"limit", json(t.limit)}}; })},
          {"fans", each(f.fans, [](const Fan& fan) { return object{{"sensor", fan.sensor}, {"rpm", fan.rpm}}; })},
          {"links", each(f.links, [](const Link& l) {
             return object{{"name", l.name}, {"up", l.up}, {"mbps", json(l.mbps)}, {"errors", l.errors}, {"dropped", l.dropped}};
           })},
          {"disks", each(f.disks, [](const Disk& d) {
             return object{{"name", d.name}, {"kind", to_string(d.kind)}, {"worn_percent", json(d.worn_percent)}, {"failing", json(d.failing)}};
           })},
          {"clock", {{"synchronised", json(f.clock.synchronised)}, {"error_s", json(f.clock.error)}, {"source", f.clock.source},
                     {"reference", f.clock.reference.empty() ? boost::json::value() : boost::json::value(f.clock.reference)}, {"offset_s", json(f.clock.offset)}}},
          {"memory_total_bytes", json(f.memory_total)},
          {"memory_available_bytes", json(f.memory_available)},
          {"clock_battery_low", json(f.clock_battery_low)},
          {"tpm", json(f.tpm)}};
}

}  // namespace hf::web
