// Files that are whole or not there. Errors name the path and the system's reason; nothing throws.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "hal/platform/descriptor.hpp"
#include "hal/platform/result.hpp"

namespace hf {

using Path = std::filesystem::path;

// The kind a failed system call on a file or folder has for a caller.
ErrorKind kind_of_errno(int error_number);
// "path: No such file or directory".
Error file_error(const Path& path, int error_number);

// All bytes of a file. not_found; denied; invalid_input when it is larger than `limit` bytes or not a regular file; io.
Result<std::string> read_file(const Path& path, size_t limit);

// Replaces `path` by a file with exactly `bytes`, or leaves it as it was: written beside it, fsync, rename, fsync of
// the folder. `mode` is given at creation (the umask can only narrow it), so a secret is never readable by others for a
// moment.
Status write_file(const Path& path, std::string_view bytes, mode_t mode = 0600);

// Makes the bytes of a file that another hand wrote survive a power cut.
Status sync_file(const Path& path);
// Makes creations, renames and removals in the folder survive a power cut.
Status sync_folder(const Path& folder);

// A secret (password, key) in a file of its own, one trailing newline dropped. Refused with `denied` and the remedy
// when group or others may read it, with `invalid_input` when it is empty, longer than 4096 bytes or no regular file.
// Prefer read_secret() of secret.hpp.
Result<std::string> read_secret_file(const Path& path);

// Makes the folder and those above it with this mode; fine when it is there already.
Status make_folder(const Path& path, mode_t mode);

// Keeps a second process off a folder as long as it lives. The kernel drops it when the process ends, however that
// happens.
class FolderLock {
 public:
  // busy, naming the folder and the process that holds it; file errors as above. Takes "<folder>/lock".
  static Result<FolderLock> take(const Path& folder);

 private:
  explicit FolderLock(Descriptor fd) : fd_(std::move(fd)) {}
  Descriptor fd_;
};

}  // namespace hf
