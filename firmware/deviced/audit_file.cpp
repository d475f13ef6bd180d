#include "firmware/deviced/audit_file.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"
#include "hal/platform/log.hpp"

namespace hf::deviced {

namespace {

constexpr size_t kMaxFile = 1 << 20, kMaxRead = 2 << 20, kHash = 64;
// The first line of each file names the hash that it goes on from, so that an old file may be gone.
constexpr std::string_view kBegin = "chain ";

std::string hash_of(std::string_view before, std::string_view line) { return to_hex(net::sha256(std::string(before) + std::string(line))); }

Status append(const Path& file, std::string_view bytes) {
  const Descriptor fd(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fd.get() < 0) return fail(file_error(file, errno));
  if (::write(fd.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) || ::fsync(fd.get()) != 0) return fail(file_error(file, errno));
  return {};
}

std::string first_line(std::string_view hash) { return fmt::format("{}{}\n", kBegin, hash); }

}  // namespace

Result<std::string> AuditFile::verify(std::string_view bytes, std::string_view begin) {
  std::string last(begin);
  for (size_t number = 1; !bytes.empty(); ++number) {
    const size_t end = bytes.find('\n');
    const std::string_view line = bytes.substr(0, end);
    const bool opens = number == 1 && line.starts_with(kBegin) && line.size() == kBegin.size() + kHash;
    if (opens) last = line.substr(kBegin.size());
    else if (end == std::string_view::npos || line.size() < kHash + 1 || line.substr(line.size() - kHash) != hash_of(last, line.substr(0, line.size() - kHash - 1)))
      return fail(ErrorKind::corrupt, fmt::format("line {} does not follow from the one before", number));
    else last = line.substr(line.size() - kHash);
    bytes.remove_prefix(end + 1);
  }
  return last;
}

Result<AuditFile> AuditFile::open(const Path& file) {
  const std::string nothing(kHash, '0');
  auto bytes = read_file(file, kMaxRead);
  if (!bytes && bytes.error().kind != ErrorKind::not_found) return fail(std::move(bytes.error()));
  if (!bytes) {
    if (auto made = append(file, first_line(nothing)); !made) return fail(std::move(made.error()));
    return AuditFile(file, nothing, kHash + kBegin.size() + 1);
  }
  const size_t whole = bytes->rfind('\n') + 1;  // a power cut may have torn the last line
  if (whole != bytes->size()) {
    if (::truncate(file.c_str(), static_cast<off_t>(whole)) != 0) return fail(file_error(file, errno));
    bytes->resize(whole);
  }
  auto last = verify(*bytes, nothing);
  if (last) return AuditFile(file, std::move(*last), bytes->size());
  std::error_code error;
  std::filesystem::rename(file, file.string() + ".broken", error);
  if (error) return fail(file_error(file, error.value()));
  auto fresh = open(file);
  if (!fresh) return fresh;
  const Time now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  if (auto told = fresh->add(now, "the log before was changed by somebody else and is set aside: " + last.error().what); !told) return fail(std::move(told.error()));
  return fresh;
}

Status AuditFile::turn_over() {
  std::error_code error;
  std::filesystem::rename(file_, file_.string() + ".old", error);
  if (error) return fail(file_error(file_, error.value()));
  const std::string begin = first_line(last_);
  size_ = begin.size();
  return append(file_, begin);
}

Status AuditFile::add(Time at, std::string_view text) {
  if (size_ >= kMaxFile)
    if (auto turned = turn_over(); !turned) return turned;
  const std::string line = fmt::format("{:%Y-%m-%dT%H:%M:%SZ} {}", std::chrono::floor<std::chrono::seconds>(at), escape_for_log(text));
  std::string hash = hash_of(last_, line);
  const std::string whole = fmt::format("{} {}\n", line, hash);
  if (auto written = append(file_, whole); !written) return written;
  last_ = std::move(hash);
  size_ += whole.size();
  return {};
}

Result<std::vector<std::string>> AuditFile::newest(size_t count) const {
  auto bytes = read_file(file_, kMaxRead);
  if (!bytes) return fail(std::move(bytes.error()));
  std::vector<std::string> lines;
  std::string_view rest = *bytes;
  while (!rest.empty() && lines.size() < count) {
    rest.remove_suffix(1);  // its line end
    const size_t before = rest.rfind('\n');
    const std::string_view line = before == std::string_view::npos ? rest : rest.substr(before + 1);
    if (!line.starts_with(kBegin)) lines.emplace_back(line);
    rest = before == std::string_view::npos ? std::string_view() : rest.substr(0, before + 1);
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace hf::deviced
