#include "hal/pbx/log_tail.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hal/pbx/pbx_text.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kHead = 256, kMaxLine = size_t{64} << 10, kChunk = size_t{64} << 10, kMaxBeside = 1000;
constexpr SipKey kMarkKey{'t', 'a', 'i', 'l'};  // no secret: the hash only tells files apart

std::string first_bytes(const Path& file, uint64_t length) {
  std::string head(std::min<uint64_t>(length, kHead), '\0');
  auto input = InputFile::open(file);
  size_t have = 0;
  while (input && have < head.size()) {
    const auto got = (*input)->read(std::span(head).subspan(have));
    if (!got || *got == 0) break;
    have += *got;
  }
  head.resize(have);
  return head;
}

// False when the content, unpacked, is shorter.
bool pass_over(InputFile& file, uint64_t bytes) {
  std::string scratch(kChunk, '\0');
  while (bytes > 0) {
    const auto got = file.read(std::span(scratch).first(std::min<uint64_t>(bytes, scratch.size())));
    if (!got || *got == 0) return false;
    bytes -= *got;
  }
  return true;
}

bool reaches(const Path& file, uint64_t offset) {
  std::error_code error;
  if (file.extension() != ".gz") return std::filesystem::file_size(file, error) >= offset && !error;
  auto input = InputFile::open(file);
  return input && pass_over(**input, offset);
}

std::filesystem::file_time_type written(const Path& file) {
  std::error_code error;
  return std::filesystem::last_write_time(file, error);
}

uint64_t inode_of(const Path& file) {
  struct stat about {};
  return ::stat(file.c_str(), &about) == 0 ? about.st_ino : 0;
}

}  // namespace

std::optional<LogTail::Mark> LogTail::parse(const Cursor& cursor) {
  std::array<std::string_view, 3> parts;
  std::string_view rest = cursor;
  for (auto& part : parts) {
    const size_t end = rest.find(' ');
    part = rest.substr(0, end);
    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  }
  const auto offset = to_number<uint64_t>(parts[0]), length = to_number<uint64_t>(parts[1]), hash = to_number<uint64_t>(parts[2]);
  if (!rest.empty() || !offset || !length || !hash || *length > std::min<uint64_t>(*offset, kHead)) return {};
  return Mark{*offset, *length, *hash};
}

LogTail::Mark LogTail::mark() const {
  const std::string_view head = std::string_view(head_).substr(0, std::min<uint64_t>(offset_, kHead));
  return {offset_, head.size(), siphash24(kMarkKey, head)};
}

Cursor LogTail::place() const {
  const Mark m = asked_.value_or(mark());
  return fmt::format("{} {} {}", m.offset, m.head_length, m.head_hash);
}

Status LogTail::resume(const Cursor& from) {
  if (from.empty()) return {};
  asked_ = parse(from);
  if (!asked_) return fail(ErrorKind::invalid_input, "the cursor \"" + from.substr(0, 60) + "\" is no place in a log file");
  return {};
}

bool LogTail::holds(const Path& file, const Mark& mark) {
  const std::string head = first_bytes(file, mark.head_length);
  return head.size() == mark.head_length && siphash24(kMarkKey, head) == mark.head_hash && reaches(file, mark.offset);
}

// Rotated files have the log's own name and a '.' or '-' after it; the oldest first.
std::vector<Path> LogTail::beside() const {
  std::vector<Path> found;
  std::error_code error;
  const std::string name = path_.filename();
  for (std::filesystem::directory_iterator at(path_.parent_path(), error), end; !error && at != end && found.size() < kMaxBeside; at.increment(error)) {
    const std::string other = at->path().filename();
    const bool rotated = other.size() > name.size() && other.starts_with(name) && (other[name.size()] == '.' || other[name.size()] == '-');
    if (rotated && at->is_regular_file(error)) found.push_back(at->path());
  }
  std::ranges::sort(found, {}, [](const Path& file) { return std::pair(written(file), file); });
  return found;
}

bool LogTail::find_rest(const Mark& mark) {
  for (const Path& file : beside()) {
    if (!holds(file, mark)) continue;
    waiting_.emplace_back(file, mark.offset);
    queue_later(written(file), inode_of(file));
    return true;
  }
  return false;
}

void LogTail::queue_later(std::filesystem::file_time_type than, uint64_t not_inode) {
  for (const Path& file : beside())
    if (written(file) >= than && inode_of(file) != not_inode) waiting_.emplace_back(file, 0);
}

void LogTail::begin_file(uint64_t offset, std::string head) {
  offset_ = offset, head_ = std::move(head);
  buffer_.clear(), used_ = 0, skipping_ = false;
}

Status LogTail::open() {
  if (auto opened = open_current(); !opened) return opened;
  const auto asked = std::exchange(asked_, {});
  if (asked && holds(path_, *asked)) {
    begin_file(asked->offset, first_bytes(path_, asked->offset));
    return {};
  }
  if (asked && !find_rest(*asked)) ++gaps_;
  return open_older();
}

Status LogTail::open_current() {
  struct stat about {};
  Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0) return fail(file_error(path_, errno));
  if (!S_ISREG(about.st_mode)) return fail(ErrorKind::invalid_input, path_.string() + ": a folder or device stands where the log file should be");
  current_ = std::move(file);
  return {};
}

// The next of the rotated files; behind the last of them the current one, from its beginning.
Status LogTail::open_older() {
  while (!waiting_.empty()) {
    const auto [file, from] = waiting_.front();
    waiting_.pop_front();
    auto input = InputFile::open(file);
    if (!input || !pass_over(**input, from)) {
      ++gaps_;  // removed or cut between two looks
      continue;
    }
    begin_file(from, first_bytes(file, from));
    older_ = std::move(*input);
    return {};
  }
  begin_file(0, {});
  return {};
}

void LogTail::take(std::string_view bytes) {
  const uint64_t end = offset_ + unread().size();
  if (end < kHead && head_.size() == end) head_ += bytes.substr(0, kHead - end);
  buffer_.erase(0, std::exchange(used_, 0));
  buffer_ += bytes;
  bytes_ += bytes.size();
}

// A file that will not grow any more may lack the end of its last line.
void LogTail::keep_last() {
  if (!unread().empty() && !skipping_) last_ = std::string(unread());
}

// Whether there is more to look at.
Result<bool> LogTail::fill() {
  if (!older_) return fill_current();
  std::string chunk(kChunk, '\0');
  const auto got = older_->read(chunk);
  if (got && *got > 0) return take(std::string_view(chunk).substr(0, *got)), true;
  if (!got) ++gaps_;  // damaged: what came before it was good
  keep_last();
  older_.reset();
  if (auto opened = open_older(); !opened) return fail(std::move(opened.error()));
  return true;
}

Result<bool> LogTail::fill_current() {
  std::string chunk(kChunk, '\0');
  const ssize_t got = ::pread(current_.get(), chunk.data(), chunk.size(), static_cast<off_t>(offset_ + unread().size()));
  if (got < 0) return fail(file_error(path_, errno));
  if (got == 0) return turn();
  take(std::string_view(chunk).substr(0, static_cast<size_t>(got)));
  return true;
}

// At the end of the file: was it cut, or has another one taken its name?
Result<bool> LogTail::turn() {
  struct stat mine {};
  if (::fstat(current_.get(), &mine) != 0) return fail(file_error(path_, errno));
  const uint64_t end = offset_ + unread().size(), size = static_cast<uint64_t>(mine.st_size);
  if (size > end) return true;
  return size < end ? begin_again() : follow_name(mine);
}

// Cut ("copytruncate"): a copy beside it may hold what was written after our last look.
Result<bool> LogTail::begin_again() {
  Mark last = mark();
  last.offset += unread().size();
  if (last.head_length > 0) (void)find_rest(last);
  if (auto opened = open_older(); !opened) return fail(std::move(opened.error()));
  return true;
}

Result<bool> LogTail::follow_name(const struct stat& mine) {
  struct stat named {};
  if (::stat(path_.c_str(), &named) != 0) return fail(file_error(path_, errno));
  if (named.st_ino == mine.st_ino && named.st_dev == mine.st_dev) return false;
  const Descriptor before = std::move(current_);
  if (auto opened = open_current(); !opened) {
    current_ = Descriptor(::dup(before.get()));
    return fail(std::move(opened.error()));
  }
  keep_last();
  const auto when = std::chrono::file_clock::from_sys(std::chrono::sys_time(std::chrono::seconds(mine.st_mtim.tv_sec) + std::chrono::nanoseconds(mine.st_mtim.tv_nsec)));
  queue_later(std::chrono::time_point_cast<std::filesystem::file_time_type::duration>(when), mine.st_ino);
  if (auto opened = open_older(); !opened) return fail(std::move(opened.error()));
  return true;
}

std::optional<std::string> LogTail::take_line() {
  for (;;) {
    const std::string_view rest = unread();
    const size_t end = rest.find('\n');
    const bool open_end = end == rest.npos;
    if (open_end && rest.size() < kMaxLine) return {};
    if (open_end || end >= kMaxLine) overlong_ += std::exchange(skipping_, true) ? 0 : 1;
    std::string line(rest.substr(0, skipping_ ? 0 : end));
    const size_t used = open_end ? rest.size() : end + 1;
    offset_ += used, used_ += used;
    if (open_end) return {};
    if (std::exchange(skipping_, false)) continue;
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
}

Result<std::optional<std::string>> LogTail::next() {
  if (current_.get() < 0)
    if (auto opened = open(); !opened) return fail(std::move(opened.error()));
  for (;;) {
    if (auto line = take_line()) return line;
    if (last_) return std::exchange(last_, {});
    const auto more = fill();
    if (!more) return fail(more.error());
    if (!*more) return std::optional<std::string>{};
  }
}

}  // namespace hf::pbx
