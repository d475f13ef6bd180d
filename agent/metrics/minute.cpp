#include "agent/metrics/minute.hpp"

#include <algorithm>

namespace hf::metrics {

namespace {

constexpr size_t kSeconds = 60;  // bins of one second
constexpr double kGrowth = 1.1;  // of each further bin

// Lower edges of all bins, and one past the last that can be computed.
constexpr std::array<Duration, WaitHistogram::kBins + 1> make_edges() {
  std::array<Duration, WaitHistogram::kBins + 1> edges{};
  double edge = 60.0;
  for (size_t i = 0; i < edges.size(); ++i) {
    if (i <= kSeconds) {
      edges[i] = std::chrono::seconds(i);
    } else {
      edge *= kGrowth;
      edges[i] = from_seconds(edge);
    }
  }
  return edges;
}

constexpr auto kEdges = make_edges();

std::optional<double> share(uint64_t part, uint64_t whole) {
  if (whole == 0 || part > whole) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

void add(std::optional<Duration>& sum, const std::optional<Duration>& more) {
  if (more) sum = sum.value_or(Duration{}) + *more;
}

}  // namespace

size_t WaitHistogram::bin_of(Duration wait) {
  if (wait < Duration{}) return 0;
  if (wait < kEdges[kSeconds]) return static_cast<size_t>(std::chrono::floor<std::chrono::seconds>(wait).count());
  const auto above = std::upper_bound(kEdges.begin(), kEdges.end() - 1, wait);
  return static_cast<size_t>(above - kEdges.begin()) - 1;
}

Duration WaitHistogram::lower_edge(size_t bin) { return kEdges[std::min(bin, kBins - 1)]; }

void WaitHistogram::merge(const WaitHistogram& other) {
  for (size_t i = 0; i < kBins; ++i) bins[i] += other.bins[i];
}

uint64_t WaitHistogram::count() const {
  uint64_t n = 0;
  for (const uint32_t b : bins) n += b;
  return n;
}

// Inside a bin its waits are taken as evenly spread. The last bin has no upper edge: none of it is below any limit.
uint64_t WaitHistogram::count_below(Duration limit) const {
  uint64_t n = 0;
  for (size_t i = 0; i + 1 < kBins && kEdges[i] < limit; ++i) {
    if (kEdges[i + 1] <= limit) {
      n += bins[i];
      continue;
    }
    const double part = seconds(limit - kEdges[i]) / seconds(kEdges[i + 1] - kEdges[i]);
    n += static_cast<uint64_t>(static_cast<double>(bins[i]) * part + 0.5);
  }
  return n;
}

std::optional<Duration> WaitHistogram::quantile(double q) const {
  const uint64_t n = count();
  if (n == 0) return std::nullopt;
  const auto rank = static_cast<uint64_t>(std::clamp(q, 0.0, 1.0) * static_cast<double>(n - 1) + 0.5);
  uint64_t below = 0;
  for (size_t i = 0; i + 1 < kBins; ++i) {
    below += bins[i];
    if (below > rank) return (kEdges[i] + kEdges[i + 1]) / 2;
  }
  return kEdges[kBins - 1];
}

void Minute::merge(const Minute& other) {
  start = std::min(start, other.start);
  span_minutes += other.span_minutes;
  observed_seconds += other.observed_seconds;
  offered += other.offered, answered += other.answered, abandoned += other.abandoned,
      short_abandoned += other.short_abandoned;
  timeout += other.timeout, exit_key += other.exit_key, refused += other.refused, lost += other.lost;
  answered_within += other.answered_within, abandoned_within += other.abandoned_within;
  answered_wait += other.answered_wait, abandoned_wait += other.abandoned_wait, hold += other.hold, talk += other.talk;
  answered_waits.merge(other.answered_waits), abandoned_waits.merge(other.abandoned_waits), holds.merge(other.holds);
  longest_wait = std::max(longest_wait, other.longest_wait);
  waiting += other.waiting;
  add(staffed, other.staffed), add(busy, other.busy), add(free, other.free), add(avoidable_wait, other.avoidable_wait);
  revision = std::max(revision, other.revision);
}

// Cisco Unified ICM reporting guide (ignored, negative, positive) and UCCX (only handled).
ServiceLevels service_levels(const Minute& m) {
  ServiceLevels s;
  s.ignore_abandons =
      m.abandoned_within > m.offered ? std::nullopt : share(m.answered_within, m.offered - m.abandoned_within);
  s.abandons_negative = share(m.answered_within, m.offered);
  s.abandons_positive = share(uint64_t{m.answered_within} + m.abandoned_within, m.offered);
  s.only_handled = share(m.answered_within, m.answered);
  return s;
}

std::optional<Duration> average_speed_of_answer(const Minute& m) {
  if (m.answered == 0) return std::nullopt;
  return m.answered_wait / m.answered;
}

std::optional<double> abandon_rate(const Minute& m) {
  if (m.short_abandoned > m.abandoned || m.short_abandoned > m.offered) return std::nullopt;
  return share(m.abandoned - m.short_abandoned, m.offered - m.short_abandoned);
}

std::optional<double> occupancy(const Minute& m) {
  if (!m.busy || !m.free || *m.busy + *m.free <= Duration{}) return std::nullopt;
  return seconds(*m.busy) / seconds(*m.busy + *m.free);
}

double completeness(const Minute& m) {
  if (m.span_minutes == 0) return 0.0;
  return std::min(1.0, static_cast<double>(m.observed_seconds) / (60.0 * m.span_minutes));
}

}  // namespace hf::metrics
