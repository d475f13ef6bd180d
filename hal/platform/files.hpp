// Whole files, durably. In: a path. Out: Results whose text names it. Nothing here follows a half-written file: a write is all or nothing.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"

namespace hf {

// The whole file. Fails with not_found, denied, io, and invalid_input when it holds more than `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, size_t limit);

// Replaces or creates `path` (mode 0600): written beside it, synced, renamed, folder synced. After a power cut either the old or the new
// content is there. On failure the old content stays.
Status write_file(const std::filesystem::path& path, std::string_view bytes);

// Makes creations, renames and removals in the folder survive a power cut.
Status sync_folder(const std::filesystem::path& folder);

// A secret (password, key) in a file of its own, one trailing newline dropped. Refused with `denied` and the remedy when group or others
// may read it, with `invalid_input` when it is empty, longer than 4096 bytes or no regular file.
Result<std::string> read_secret_file(const std::filesystem::path& path);

}  // namespace hf
