// A text file that somebody else appends to, followed line by line: across rotation, truncation and our own restarts, to the exact byte.
// In: a path. Out: whole lines, and a cursor behind each. Nothing is watched: a look at the file is one stat(), and works on every mount.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hal/pbx/input_file.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/platform/descriptor.hpp"
#include "hal/platform/files.hpp"

namespace hf::pbx {

class LogTail {
 public:
  explicit LogTail(Path path) : path_(std::move(path)) {}

  // Goes on behind a cursor of place(): in the file itself, or, when it was rotated away meanwhile, in the file beside it that begins with the
  // same bytes ("queue_log.1", "queue_log-20260301.gz") and in all that were written after it. An empty cursor is the file's beginning. Before
  // the first next(). invalid_input: no cursor of ours.
  Status resume(const Cursor& from);

  // The next whole line, without its end; nothing while there is none. not_found (also between a rotation and the new file), denied, io,
  // invalid_input (a folder, a device): what the path is now; the next call tries again. A line beyond 64 KiB is passed over and counted.
  Result<std::optional<std::string>> next();

  // Behind the last line given.
  Cursor place() const;
  // How often lines may have been missed: no file held the place of the cursor any more, or a rotated one could not be read.
  uint64_t gaps() const { return gaps_; }
  uint64_t overlong() const { return overlong_; }
  uint64_t bytes() const { return bytes_; }  // read so far

 private:
  // A file is known by its first bytes: inode numbers are used again, and a copy has another one.
  struct Mark {
    uint64_t offset = 0, head_length = 0, head_hash = 0;
  };
  static std::optional<Mark> parse(const Cursor& cursor);
  static bool holds(const Path& file, const Mark& mark);
  Mark mark() const;
  std::vector<Path> beside() const;
  bool find_rest(const Mark& mark);
  void queue_later(std::filesystem::file_time_type than, uint64_t not_inode);

  Status open();
  Status open_current();
  Status open_older();
  Result<bool> fill();
  Result<bool> fill_current();
  Result<bool> turn();
  Result<bool> follow_name(const struct stat& mine);
  Result<bool> begin_again();
  std::optional<std::string> take_line();
  void take(std::string_view bytes);
  void keep_last();
  void begin_file(uint64_t offset, std::string head);
  std::string_view unread() const { return std::string_view(buffer_).substr(used_); }

  const Path path_;
  Descriptor current_;                             // the file that has the name, or had it
  std::deque<std::pair<Path, uint64_t>> waiting_;  // rotated files to be read before it, and from where
  std::unique_ptr<InputFile> older_;               // the one of them that is being read
  std::optional<Mark> asked_;                      // resume()'s, until the file was opened
  uint64_t offset_ = 0;                            // in the file being read: of what is unread
  std::string head_;                               // its first bytes, no more than kHead
  std::string buffer_;                             // read; given up to used_
  size_t used_ = 0;
  std::optional<std::string> last_;  // the line without an end of a file that was left
  bool skipping_ = false;            // within a line that is too long
  uint64_t gaps_ = 0, overlong_ = 0, bytes_ = 0;
};

}  // namespace hf::pbx
