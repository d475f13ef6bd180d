#include "hal/pbx/asterisk/history_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/pbx/asterisk/queue_log_capture.hpp"
#include "hal/pbx/csv_reader.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

namespace fs = std::filesystem;
constexpr size_t kMaxWarnings = 100, kMaxFiles = 1000;

struct Opened {
  CsvReader table;
  TableShape shape;
  std::vector<std::string> first;
};
Result<Opened> open_table(const fs::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  Opened opened{CsvReader(std::move(*file)), {}, {}};
  const auto any = opened.table.next(opened.first);
  if (!any) return fail(any.error());
  if (*any) opened.shape = table_shape(opened.first);
  return opened;
}

// CDR and CEL first: they tell the zone of a queue_log table's times.
int reading_order(const fs::path& path) {
  const auto opened = open_table(path);
  return !opened || opened->shape.kind == TableKind::none || opened->shape.kind == TableKind::queue_log ? 1 : 0;
}

bool is_queue_log(const fs::path& path) {
  auto file = InputFile::open(path);
  std::string line;
  if (!file || !(*file)->line(line).value_or(false)) return false;
  return queue_log_time(line).has_value();
}

Error too_many() {
  return {ErrorKind::invalid_input, fmt::format("more than {} rows: export a shorter time", kMaxHistoryRows)};
}

}  // namespace

bool HistoryCapture::is_table(const fs::path& file) {
  const auto opened = open_table(file);
  return opened && opened->shape.kind != TableKind::none;
}

std::vector<fs::path> HistoryCapture::tables_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  bool tables = false;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end && files.size() < kMaxFiles; at.increment(error)) {
    if (at.depth() > 1) at.disable_recursion_pending();
    if (!at->is_regular_file(error)) continue;
    const std::string name = at->path().filename().string();
    const bool csv = name.find(".csv") != name.npos && is_table(at->path());
    tables = tables || csv;
    if (csv || (name.starts_with("queue_log") && is_queue_log(at->path()))) files.push_back(at->path());
  }
  std::ranges::sort(files);
  return tables ? files : std::vector<fs::path>{};
}

Result<std::unique_ptr<CaptureReader>> HistoryCapture::open(const std::vector<fs::path>& files, std::string address, const SipKey& site_key) {
  std::unique_ptr<HistoryCapture> capture(new HistoryCapture(std::move(address), site_key));
  std::vector<std::pair<int, fs::path>> order;
  order.reserve(files.size());
  for (const fs::path& file : files) order.emplace_back(reading_order(file), file);
  std::ranges::stable_sort(order, {}, &std::pair<int, fs::path>::first);
  for (const auto& [turn, file] : order)
    if (auto good = capture->read(file); !good) return fail(std::move(good.error()));
  if ((capture->book_.has_cdr() || capture->book_.has_cel()) && !capture->clock_.learnt())
    capture->warn("no unique id begins with a time: the times of CDR and CEL are taken as UTC");
  capture->book_.finish();
  return capture;
}

Status HistoryCapture::read(const fs::path& file) {
  auto opened = open_table(file);
  if (!opened) return fail(std::move(opened.error()));
  if (opened->shape.kind != TableKind::none) return read_table(opened->table, opened->shape, opened->first);
  if (is_queue_log(file)) return read_log(file);
  return fail(ErrorKind::invalid_input, file.string() + ": neither a queue_log nor a CSV table of cdr, cel or queue_log. A table needs its column "
                                                        "names in the first line, or the columns of Asterisk's own Master.csv with uniqueid");
}

Status HistoryCapture::read_table(CsvReader& table, const TableShape& shape, std::vector<std::string>& record) {
  for (bool more = true, first = true; more; first = false) {
    if (!first || !shape.header) {
      const std::string place = fmt::format("{}:{}", table.name(), table.line());
      if (table.overlong()) warn(place + ": a quote that nothing closes, or a row over 64 KiB");
      if (auto good = take(shape, record, place); !good) return good;
    }
    const auto next = table.next(record);
    if (!next) warn(next.error().what);
    more = next && *next;
  }
  bytes_ += table.bytes();
  return {};
}

Status HistoryCapture::take(const TableShape& shape, const std::vector<std::string>& record, const std::string& place) {
  ++rows_;
  std::string problem;
  bool room = true;
  if (shape.kind == TableKind::cdr) {
    if (CdrRow row; read_cdr(shape, record, key_, clock_, row, problem)) room = book_.add(std::move(row));
  } else if (shape.kind == TableKind::cel) {
    if (CelRow row; read_cel(shape, record, key_, clock_, row, problem)) room = book_.add(std::move(row));
  } else if (std::string line; read_queue_log_row(shape, record, clock_, line, problem)) {
    if (auto good = take_line(line, place); !good) return good;
  }
  if (!problem.empty()) ++malformed_, warn(place + ": " + problem + ", row passed over");
  if (room) return {};
  return fail(too_many().context(place));
}

Status HistoryCapture::read_log(const fs::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  uint64_t number = 0;
  for (std::string line;;) {
    const auto more = (*file)->line(line);
    if (!more) warn(more.error().what);
    if (!more || !*more) break;
    ++rows_, ++number;
    if (auto good = take_line(line, fmt::format("{}:{}", (*file)->name(), number)); !good) return good;
  }
  bytes_ += (*file)->position();
  return {};
}

Status HistoryCapture::take_line(const std::string& line, const std::string& place) {
  std::vector<CallEvent> events;
  if (!log_.map(line, events)) warn(place + ": no queue_log line, passed over");
  if (!events.empty() && !book_.add(std::move(events))) return fail(too_many().context(place));
  return {};
}

void HistoryCapture::warn(std::string text) {
  if (warnings_.size() < kMaxWarnings) warnings_.push_back(std::move(text));
}

SourceUp HistoryCapture::source() const {
  std::vector<std::string_view> parts;
  if (book_.has_cdr()) parts.emplace_back("CDR");
  if (book_.has_cel()) parts.emplace_back("CEL");
  if (book_.has_queue_log()) parts.emplace_back("queue_log");
  SourceUp up;
  up.product = fmt::format("Asterisk {}", fmt::join(parts, ", "));
  up.channel_events = book_.has_cdr() || book_.has_cel();
  up.dialplan_events = book_.has_applications();
  return up;
}

// What one table has and another has not, once all calls are told.
void HistoryCapture::tell_differences() {
  const HistoryCounts& c = book_.counts();
  if (c.log_only > 0 && (book_.has_cdr() || book_.has_cel())) warn(fmt::format("{} calls stand in the queue_log alone: nothing is known of them before the queue", c.log_only));
  if (c.missing_in_log > 0) warn(fmt::format("{} calls joined a queue by the CEL, and the queue_log does not have them: filled from the CEL", c.missing_in_log));
  if (book_.has_cel() && c.filled_by_cdr > 0) warn(fmt::format("{} calls stand in the CDR and not in the CEL: filled from the CDR", c.filled_by_cdr));
  if (c.wait_unknown > 0)
    warn(fmt::format("{} calls were answered out of a queue, and a CDR does not tell when: left out. A queue_log or CEL of the same time would tell", c.wait_unknown));
  if (book_.has_cel() && !book_.tracks_queues())
    warn("the CEL does not track the Queue application (cel.conf: apps=queue,playback,background,musiconhold,wait; \"all\" is none): without a queue_log, who left a "
         "queue unanswered is not told");
}

bool HistoryCapture::next(Batch& out) {
  out.events.clear();
  CallEvent event;
  if (ahead_) event = std::move(*ahead_), ahead_.reset();
  else if (!book_.next(event)) {
    if (!up_ || done_) return false;
    done_ = true, tell_differences();
    out.events.push_back({now_, {}, SourceDown{"end of the tables"}}), out.at = now_;
    return true;
  }
  now_ = event.at;
  if (!std::exchange(up_, true)) out.events.push_back({now_, {}, source()});
  out.events.push_back(std::move(event));
  for (CallEvent more; book_.next(more);) {
    if (more.at != now_) {
      ahead_ = std::move(more);
      break;
    }
    out.events.push_back(std::move(more));
  }
  out.at = now_;
  return true;
}

Description HistoryCapture::describe() const {
  Description d;
  d.kind = "history", d.address = address_, d.resumable = true;
  d.pre_queue = book_.has_cdr() || book_.has_cel();
  return d;
}

}  // namespace hf::pbx
