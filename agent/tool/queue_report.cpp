#include "agent/tool/queue_report.hpp"

#include <algorithm>
#include <map>

namespace hf::app {

namespace {

bool in(Period period, Time t) { return t >= period.from && t < period.to; }
bool among(const std::vector<std::string>& names, const std::string& name) { return names.empty() || std::ranges::find(names, name) != names.end(); }

void add(QueueFigures& f, const calls::Stint& stint) {
  ++f.offered;
  switch (stint.end) {
    case calls::StintEnd::answered: {
      const Duration wait = stint.left.value_or(stint.joined) - stint.joined;
      ++f.answered, f.waited += wait, f.longest = std::max(f.longest, wait);
      f.within += wait <= kReportLimit ? 1 : 0;
      break;
    }
    case calls::StintEnd::abandoned: ++f.abandoned; break;
    case calls::StintEnd::waiting:
    case calls::StintEnd::timeout:
    case calls::StintEnd::exit_key:
    case calls::StintEnd::refused:
    case calls::StintEnd::lost: ++f.other; break;
  }
}

}  // namespace

std::vector<QueueFigures> queue_report(std::span<const calls::Call> calls, Period period, const std::vector<std::string>& queues) {
  QueueFigures all;
  std::map<std::string, QueueFigures> each;
  for (const calls::Call& call : calls)
    for (const calls::Stint& stint : call.stints) {
      if (!in(period, stint.joined) || !among(queues, stint.queue)) continue;
      add(all, stint);
      add(each[stint.queue], stint);
    }
  std::vector<QueueFigures> report{all};
  report.reserve(each.size() + 1);
  for (auto& [queue, figures] : each) {
    figures.queue = queue;
    report.push_back(std::move(figures));
  }
  return report;
}

CallerFigures caller_figures(std::span<const calls::Call> calls, Period period, const std::vector<std::string>& lines) {
  CallerFigures f;
  for (const calls::Call& call : calls) {
    if (!in(period, call.arrived) || !among(lines, call.line) || (call.line.empty() && call.stints.empty())) continue;
    ++f.callers;
    if (call.connected) {
      const Duration wait = *call.connected - call.arrived;
      ++f.answered, f.waited += wait, f.longest = std::max(f.longest, wait);
      f.within += wait <= kReportLimit ? 1 : 0;
    } else if (call.outcome != calls::Outcome::open) {
      ++f.left;
      f.left_before_queue += call.stints.empty() ? 1 : 0;
    }
  }
  return f;
}

}  // namespace hf::app
