#include "hal/pbx/recorded/open_capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hal/pbx/asterisk/ami_capture.hpp"
#include "hal/pbx/asterisk/ami_survey.hpp"
#include "hal/pbx/asterisk/history_capture.hpp"
#include "hal/pbx/asterisk/queue_log_capture.hpp"
#include "hal/pbx/freeswitch/esl_capture.hpp"
#include "hal/pbx/sip/hep_capture.hpp"
#include "hal/pbx/sip/sip_capture.hpp"

namespace hf::pbx {

namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none);
}

// `path` or its gzipped form; empty when there is neither.
fs::path plain_or_gz(const fs::path& path) {
  if (is_file(path)) return path;
  const fs::path gz = path.string() + ".gz";
  return is_file(gz) ? gz : fs::path{};
}

// Files that belong to a stream: named like it, else like the recorder names them.
fs::path companion(const fs::path& stream, std::string_view extension, std::string_view recorder = {}) {
  fs::path stem = stream;
  if (stem.extension() == ".gz") stem.replace_extension();
  for (const fs::path& base : {stream, stem, fs::path(stem).replace_extension()})
    if (auto found = plain_or_gz(fs::path(base.string() + std::string(extension))); !found.empty()) return found;
  return recorder.empty() ? fs::path{}
                          : plain_or_gz(stream.parent_path() / (std::string(recorder) + std::string(extension)));
}

Result<std::unique_ptr<CaptureReader>> open_stream(const fs::path& stream, const SipKey& key) {
  return AmiCapture::open({stream, companion(stream, ".times", "ami"), companion(stream, ".conns", "ami"), {}}, key);
}

Result<std::unique_ptr<CaptureReader>> open_esl(const fs::path& stream, const SipKey& key) {
  return EslCapture::open({stream, companion(stream, ".idx"), companion(stream, ".conns"), companion(stream, ".sent")},
                          key);
}

// The first line that is not empty; what the file is can be told from it.
Result<std::string> first_line(const fs::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  std::string line;
  for (int tries = 0; tries < 20 && line.empty(); ++tries) {
    const auto more = (*file)->line(line);
    if (!more) return fail(more.error());
    if (!*more) break;
  }
  return line;
}

Result<std::string> first_bytes(const fs::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  std::array<char, 4> first{};
  const auto got = (*file)->read(first);
  if (!got) return fail(got.error());
  return std::string(first.data(), *got);
}

// queue_log, queue_log.1, queue_log-20261121.gz ...: ordered by the time of their first line, since rotation has many
// naming schemes.
std::vector<fs::path> queue_logs(const fs::path& folder) {
  std::vector<std::pair<Time, fs::path>> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with("queue_log") || !is_file(entry.path())) continue;
    const auto line = first_line(entry.path());
    if (const auto at = line ? queue_log_time(*line) : std::nullopt) found.emplace_back(*at, entry.path());
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> files;
  for (auto& [at, path] : found) files.push_back(std::move(path));
  return files;
}

Result<std::unique_ptr<CaptureReader>> open_folder(const fs::path& folder, const SipKey& key) {
  if (const fs::path stream = plain_or_gz(folder / "ami.log"); !stream.empty()) return open_stream(stream, key);
  for (const char* name : {"esl-plain.raw", "esl-json.raw"})
    if (const fs::path stream = plain_or_gz(folder / name); !stream.empty()) return open_esl(stream, key);
  if (const fs::path frames = plain_or_gz(folder / "sip.hep"); !frames.empty()) return HepCapture::open(frames, key);
  if (auto tables = HistoryCapture::tables_in(folder); !tables.empty())
    return HistoryCapture::open(tables, folder.string(), key);
  auto logs = queue_logs(folder);
  if (logs.empty())
    return fail(ErrorKind::invalid_input,
                fmt::format("{}: holds neither ami.log, esl-plain.raw or esl-json.raw nor a queue_log "
                            "nor CSV tables of CDR or CEL (plain or .gz)",
                            folder.string()));
  return QueueLogCapture::open(std::move(logs), folder.string());
}

}  // namespace

Result<std::unique_ptr<CaptureReader>> open_capture(const fs::path& path, const SipKey& site_key) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return fail(ErrorKind::not_found, path.string() + ": no such file or folder");
  if (fs::is_directory(status)) return open_folder(path, site_key);
  const auto first = first_bytes(path);
  if (!first) return fail(first.error());
  if (looks_like_pcap(*first)) return SipCapture::open(path, site_key);
  if (*first == HepCapture::kMagic) return HepCapture::open(path, site_key);
  const auto line = first_line(path);
  if (!line) return fail(line.error());
  if (queue_log_time(*line)) return QueueLogCapture::open({path}, path.string());
  if (line->starts_with("Content-Type: ") || line->starts_with("Content-Length: ")) return open_esl(path, site_key);
  std::string_view key, value;
  if (HistoryCapture::is_table(path)) return HistoryCapture::open({path}, path.string(), site_key);
  const bool ami =
      line->starts_with(kAmiBanner) || (split_ami_line(*line, key, value) && !key.empty() && key.find(' ') == key.npos);
  if (ami) return open_stream(path, site_key);
  return fail(ErrorKind::invalid_input, path.string() +
                                            ": neither an AMI stream (\"Asterisk Call Manager/...\", \"Key: value\"), "
                                            "nor an Event Socket stream (\"Content-Type: ...\"), "
                                            "nor a queue_log (\"seconds|id|queue|agent|event\"), nor a packet capture (pcap, pcapng), "
                                            "nor a CSV table of CDR, CEL or queue_log");
}

Result<std::unique_ptr<CaptureReader>> open_captures(const std::vector<fs::path>& paths, const SipKey& site_key) {
  if (paths.size() == 1) return open_capture(paths.front(), site_key);
  if (paths.empty()) return fail(ErrorKind::invalid_input, "no file to read");
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) return fail(ErrorKind::not_found, path.string() + ": no such file or folder");
    if (!fs::is_directory(status)) {
      files.push_back(path);
      continue;
    }
    auto inside = HistoryCapture::tables_in(path);
    if (inside.empty()) inside = queue_logs(path);
    if (inside.empty())
      return fail(ErrorKind::invalid_input, path.string() + ": holds no CSV table of CDR or CEL and no queue_log");
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return HistoryCapture::open(files, fmt::format("{} files", files.size()), site_key);
}

}  // namespace hf::pbx
