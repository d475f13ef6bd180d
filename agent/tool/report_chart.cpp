#include "agent/tool/report_chart.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hf::app {

namespace {

constexpr size_t kColumns = 96;
constexpr double kLeft = 76, kTop = 10, kWidth = 864, kHeight = 200;

using Column = std::array<std::vector<double>, 2>;  // waits in seconds: from arrival, in the queue

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

class Chart {
 public:
  Chart(const History& history, const ReportWords& words) : h_(history), w_(words), span_(std::max<Duration>(h_.last - h_.first, std::chrono::minutes(1))) {}

  std::string make() {
    collect();
    fmt::format_to(std::back_inserter(out_), "<svg viewBox=\"0 0 960 270\" role=\"img\" aria-label=\"{}\">\n", w_.chart);
    for (const auto& i : h_.incidents) band(i.onset, i.closed.value_or(h_.last));
    axes();
    line(0, "stroke=\"#a1260d\" stroke-width=\"3\"");
    line(1, "stroke=\"#1b1f24\" stroke-width=\"2\" stroke-dasharray=\"5 4\"");
    legend();
    return std::move(out_) + "</svg>\n";
  }

 private:
  double x(Time t) const { return kLeft + kWidth * std::clamp(seconds(t - h_.first) / seconds(span_), 0.0, 1.0); }
  double y(double wait) const { return kTop + kHeight * (1 - wait / highest_); }

  void collect() {
    for (const calls::Call& call : h_.calls) {
      if (!call.connected) continue;
      const double part = seconds(call.arrived - h_.first) / seconds(span_);
      Column& column = columns_[std::min(kColumns - 1, static_cast<size_t>(std::max(0.0, part) * kColumns))];
      column[0].push_back(seconds(*call.connected - call.arrived));
      if (!call.stints.empty() && call.stints.back().left) column[1].push_back(seconds(*call.stints.back().left - call.stints.back().joined));
    }
    for (size_t c = 0; c < kColumns; ++c)
      for (size_t kind = 0; kind < 2; ++kind)
        if (auto& waits = columns_[c][kind]; !waits.empty()) medians_[kind].emplace_back(c, median(waits)), highest_ = std::max(highest_, medians_[kind].back().second);
  }

  void band(Time from, Time to) {
    fmt::format_to(std::back_inserter(out_), "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" fill=\"#f3d9d2\"/>\n", x(from), kTop, std::max(2.0, x(to) - x(from)), kHeight);
  }

  void axes() {
    for (const double part : {0.0, 0.5, 1.0}) {
      const double wait = highest_ * part;
      fmt::format_to(std::back_inserter(out_), "<path d=\"M{} {:.1f}h{}\" stroke=\"#c8ccd2\"/><text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\" font-size=\"13\">{:.1f} {}</text>\n",
                     kLeft, y(wait), kWidth, kLeft - 6, y(wait) + 5, wait / 60, w_.minutes);
      const Time at = h_.first + Duration(static_cast<int64_t>(static_cast<double>(span_.count()) * part));
      const char* anchor = part == 0.0 ? "start" : part == 1.0 ? "end" : "middle";
      fmt::format_to(std::back_inserter(out_), "<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"{}\" font-size=\"13\">{:%m-%d %H:%M}</text>\n", x(at), kTop + kHeight + 18, anchor,
                     fmt::gmtime(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count()));
    }
  }

  void line(size_t kind, std::string_view style) {
    std::string points;
    for (const auto& [column, wait] : medians_[kind])
      fmt::format_to(std::back_inserter(points), "{:.1f},{:.1f} ", kLeft + kWidth * (static_cast<double>(column) + 0.5) / kColumns, y(wait));
    if (!points.empty()) fmt::format_to(std::back_inserter(out_), "<polyline fill=\"none\" {} points=\"{}\"/>\n", style, points);
  }

  void legend() {
    const double at = kTop + kHeight + 44;
    fmt::format_to(std::back_inserter(out_),
                   "<path d=\"M{0} {1}h30\" stroke=\"#a1260d\" stroke-width=\"3\"/><text x=\"{2}\" y=\"{3}\" font-size=\"13\">{4}</text>\n"
                   "<path d=\"M{5} {1}h30\" stroke=\"#1b1f24\" stroke-width=\"2\" stroke-dasharray=\"5 4\"/><text x=\"{6}\" y=\"{3}\" font-size=\"13\">{7}</text>\n"
                   "<rect x=\"{8}\" y=\"{9}\" width=\"30\" height=\"12\" fill=\"#f3d9d2\"/><text x=\"{10}\" y=\"{3}\" font-size=\"13\">{11}</text>\n",
                   kLeft, at - 4, kLeft + 36, at, w_.chart_caller, kLeft + 370, kLeft + 406, w_.chart_queue, kLeft + 720, at - 11, kLeft + 756, w_.chart_incident);
  }

  const History& h_;
  const ReportWords& w_;
  const Duration span_;
  std::array<Column, kColumns> columns_;
  std::array<std::vector<std::pair<size_t, double>>, 2> medians_;
  double highest_ = 60;
  std::string out_;
};

}  // namespace

std::string wait_chart(const History& history, const ReportWords& words) { return Chart(history, words).make(); }

}  // namespace hf::app
