#include "agent/core/site_ids.hpp"

#include <algorithm>

#include "agent/calls/pbx_name.hpp"

namespace hf::app {

namespace {

void lift(const std::string& pbx, std::string& id) { id = calls::at_pbx(pbx, id); }

void lift(const std::string& pbx, std::vector<std::string>& ids) {
  for (auto& id : ids) lift(pbx, id);
}

}  // namespace

void to_site_ids(const std::string& pbx, incidents::Incident& incident) {
  if (pbx.empty()) return;
  lift(pbx, incident.lines), lift(pbx, incident.queues), lift(pbx, incident.members);
}

void to_site_ids(const std::string& pbx, calls::Call& call) {
  if (pbx.empty()) return;
  lift(pbx, call.id), lift(pbx, call.line), lift(pbx, call.agent), lift(pbx, call.answering_queue);
  for (auto& stint : call.stints) lift(pbx, stint.queue);
}

void to_site_ids(const std::string& pbx, calls::AgentInterval& interval) {
  if (pbx.empty()) return;
  lift(pbx, interval.agent), lift(pbx, interval.queue);
}

void to_site_ids(const std::string& pbx, Step& step) {
  if (pbx.empty()) return;
  for (auto& minute : step.minutes) lift(pbx, minute.id);
  for (auto& sum : step.surveys) lift(pbx, sum.queue);
  for (auto& sum : step.survey_days) lift(pbx, sum.queue);
  for (auto& sum : step.voice) lift(pbx, sum.queue);
  for (auto& incident : step.incidents) to_site_ids(pbx, incident);
}

calls::SiteModel part_of(const calls::SiteModel& site, const std::string& pbx) {
  calls::SiteModel part = site;
  const auto elsewhere = [&pbx](const std::string& id) { return calls::pbx_of(id) != pbx; };
  const auto lower = [](std::string& id) { id = std::string(calls::within_pbx(id)); };
  std::erase_if(part.lines, [&](const auto& line) { return elsewhere(line.id); });
  std::erase_if(part.queues, [&](const auto& queue) { return elsewhere(queue.id); });
  std::erase_if(part.trunks, elsewhere);
  for (auto& line : part.lines) lower(line.id), lower(line.queue);
  for (auto& queue : part.queues) lower(queue.id);
  for (auto& trunk : part.trunks) lower(trunk);
  return part;
}

}  // namespace hf::app
