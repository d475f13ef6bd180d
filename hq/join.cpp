#include "hq/join.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace hf::hq {
namespace {

using Group = std::vector<const SiteIncident*>;

Time end_of(const SiteIncident& i) { return i.incident.closed.value_or(Time::max()); }

bool overlap(const SiteIncident& a, const SiteIncident& b) {
  return a.incident.onset_low <= end_of(b) && b.incident.onset_low <= end_of(a);
}

bool belongs(const Group& group, const SiteIncident& i) {
  const Duration difference = *group.front()->incident.imposed_wait - *i.incident.imposed_wait;
  return std::chrono::abs(difference) <= kSameWait &&
         std::ranges::any_of(group, [&i](const auto* m) { return overlap(*m, i); });
}

Duration median_wait(const Group& group) {
  std::vector<Duration> waits;
  for (const auto* m : group) waits.push_back(*m->incident.imposed_wait);
  std::ranges::sort(waits);
  return waits[waits.size() / 2];
}

// When HQ knew of two sites: the second smallest of each site's first word.
Time second_site_heard(const Group& group) {
  std::map<std::string, Time> first;
  for (const auto* m : group) {
    const auto [at, fresh] = first.try_emplace(m->site, m->received);
    if (!fresh) at->second = std::min(at->second, m->received);
  }
  std::vector<Time> times;
  for (const auto& [site, time] : first) times.push_back(time);
  std::ranges::sort(times);
  return times.at(1);
}

HqIncident made_of(const Group& group, std::vector<std::string> sites) {
  HqIncident out;
  out.id = fmt::format("{}.{:016x}", group.front()->site, group.front()->incident.id.value);
  out.imposed_wait = median_wait(group);
  out.sites = std::move(sites);
  out.onset = group.front()->incident.onset;
  out.joined = second_site_heard(group);
  Time end{};
  for (const auto* m : group) {
    end = std::max(end, end_of(*m));
    out.affected_calls += m->incident.affected_calls;
    out.imposed += m->incident.imposed;
    out.members.push_back({m->site, m->incident.id});
  }
  if (end != Time::max()) out.closed = end;
  return out;
}

std::vector<std::string> sites_of(const Group& group) {
  std::vector<std::string> sites;
  for (const auto* m : group) sites.push_back(m->site);
  std::ranges::sort(sites);
  const auto rest = std::ranges::unique(sites);
  sites.erase(rest.begin(), rest.end());
  return sites;
}

}  // namespace

std::vector<HqIncident> join_incidents(std::vector<SiteIncident> incidents) {
  std::erase_if(incidents, [](const SiteIncident& i) {
    return i.incident.kind != wire::IncidentKind::artificial_hold || !i.incident.imposed_wait;
  });
  std::ranges::sort(incidents, {},
                    [](const SiteIncident& i) { return std::tuple(i.incident.onset, i.site, i.incident.id); });
  std::vector<Group> groups;
  for (const auto& i : incidents) {
    const auto group = std::ranges::find_if(groups, [&i](const Group& g) { return belongs(g, i); });
    if (group == groups.end())
      groups.push_back({&i});
    else
      group->push_back(&i);
  }
  std::vector<HqIncident> out;
  for (const auto& group : groups)
    if (auto sites = sites_of(group); sites.size() >= 2) out.push_back(made_of(group, std::move(sites)));
  std::ranges::stable_sort(out, std::ranges::greater(), &HqIncident::onset);
  return out;
}

}  // namespace hf::hq
