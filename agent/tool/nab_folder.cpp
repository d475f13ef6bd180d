#include "agent/tool/nab_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "agent/tool/evaluate_folder.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

namespace {

namespace json = boost::json;
using std::filesystem::path;

constexpr size_t kMostBytes = 1 << 20, kMostSeries = 1000, kMostRows = 1'000'000;

template <class Number>
bool number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// "2014-04-10 07:15:00" or with a fraction of a second.
std::optional<Time> to_time(std::string_view text) {
  if (text.size() < 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto date = to_date(text.substr(0, 10));
  unsigned hour = 0, minute = 0;
  double second = 0;
  if (!date || !number(text.substr(11, 2), hour) || !number(text.substr(14, 2), minute) ||
      !number(text.substr(17), second))
    return std::nullopt;
  if (hour > 23 || minute > 59 || !(second >= 0 && second < 61)) return std::nullopt;
  return Time(*date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + from_seconds(second);
}

Status read_rows(const path& data, NabFile& out) {
  std::error_code none;
  path file = data / out.name;
  if (!std::filesystem::exists(file, none)) file += ".gz";
  auto table = Table::open(file, {"timestamp", "value"});
  if (!table) return fail(std::move(table.error()));
  for (;;) {
    const auto more = table->next();
    if (!more) return fail(more.error());
    if (!*more) return {};
    const auto time = to_time(table->field(0));
    double value = 0;
    if (!time) return fail(table->error(fmt::format("\"{:.32}\" is no time (2014-04-10 07:15:00)", table->field(0))));
    if (!number(table->field(1), value) || !std::isfinite(value))
      return fail(table->error(fmt::format("\"{:.32}\" is no number", table->field(1))));
    if (out.times.size() >= kMostRows) return fail(table->error("more rows than can be kept"));
    out.times.push_back(*time), out.values.push_back(value);
  }
}

// The row at the edge of a window.
std::optional<size_t> edge(const json::value& window, size_t side, const NabFile& file) {
  if (!window.is_array() || window.get_array().size() != 2 || !window.get_array()[side].is_string())
    return std::nullopt;
  const auto time = to_time(window.get_array()[side].get_string());
  const auto row = time ? std::find(file.times.begin(), file.times.end(), *time) : file.times.end();
  return row == file.times.end() ? std::nullopt : std::optional(static_cast<size_t>(row - file.times.begin()));
}

bool read_windows(const json::value& list, NabFile& out) {
  if (!list.is_array()) return false;
  for (const json::value& window : list.get_array()) {
    const auto first = edge(window, 0, out), last = edge(window, 1, out);
    if (!first || !last || *last < *first || (!out.windows.empty() && *first <= out.windows.back().last)) return false;
    out.windows.push_back({*first, *last});
  }
  return true;
}

// Below the data folder and nowhere else.
bool is_inside(const path& name) {
  return name.is_relative() && std::none_of(name.begin(), name.end(), [](const path& part) { return part == ".."; });
}

}  // namespace

Result<std::vector<NabFile>> read_nab_folder(const path& folder) {
  const path labels = folder / "labels" / "combined_windows.json";
  auto bytes = read_file(labels, kMostBytes);
  if (!bytes) return fail(std::move(bytes.error()));
  boost::system::error_code error;
  const json::value root = json::parse(*bytes, error);
  const auto bad = [&](std::string_view what) {
    return fail(ErrorKind::invalid_input, fmt::format("{}: {}", labels.string(), what));
  };
  if (error || !root.is_object()) return bad("no JSON object");
  if (root.get_object().size() > kMostSeries) return bad("more series than can be kept");
  std::vector<NabFile> files;
  for (const auto& [name, windows] : root.get_object()) {
    NabFile& file = files.emplace_back();
    file.name = name;
    if (!is_inside(file.name)) return bad(fmt::format("\"{:.64}\" is no name below the folder", file.name));
    if (auto read = read_rows(folder / "data", file); !read) return fail(std::move(read.error()));
    if (!read_windows(windows, file))
      return bad(fmt::format("{}: a window must be two times of its rows, in order", file.name));
  }
  return files;
}

}  // namespace hf::app
