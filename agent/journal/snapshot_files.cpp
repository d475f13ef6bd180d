#include "agent/journal/snapshot_files.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

#include "hal/platform/archive.hpp"
#include "hal/platform/files.hpp"

namespace hf::journal {

namespace {

constexpr std::string_view kMagic = "HFSNAP01";
constexpr size_t kMaxBytes = size_t{256} << 20;  // a core of that size would not fit the box either
constexpr size_t kMaxCoreVersion = 32;
constexpr size_t kKept = 2, kKeptOfOthers = 1;

struct Head {
  uint64_t epoch = 0, sequence = 0, size = 0;
  std::string core_version, packed;
  template <class A> void fields(A& a) { a("epoch", epoch), a("sequence", sequence), a("size", size), a("core_version", core_version), a("packed", packed); }
};

uint32_t checksum(std::string_view bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string pack(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  // Level 1: a snapshot is written every few minutes and read at a start.
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 1);
  out.resize(size);
  return out;
}

Result<std::string> unpack(const std::string& packed, uint64_t size) {
  if (size > kMaxBytes) return fail(ErrorKind::corrupt, "absurd size");
  std::string out(size, '\0');
  uLongf got = out.size();
  const int code = uncompress(reinterpret_cast<Bytef*>(out.data()), &got, reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (code != Z_OK || got != size) return fail(ErrorKind::corrupt, "cannot be unpacked");
  return out;
}

// Newest first.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  std::filesystem::directory_iterator all(folder, error);
  for (const std::filesystem::directory_iterator end; !error && all != end; all.increment(error)) {
    const std::string name = all->path().filename().string();
    if (name.starts_with("snapshot-") && name.ends_with(".bin")) files.push_back(all->path());
  }
  std::ranges::sort(files, std::greater{});
  return files;
}

// snapshot-0000000012.bin: a later one has the larger number, whatever sequence an earlier journal in this folder had reached.
uint64_t number_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  uint64_t number = 0;
  std::from_chars(name.data() + std::string_view("snapshot-").size(), name.data() + name.size(), number);
  return number;
}

// The core's version without reading the rest; empty when the file does not begin as ours do.
std::string core_of(const std::filesystem::path& file) {
  std::array<char, kMagic.size() + 3 * sizeof(uint64_t) + sizeof(uint32_t) + kMaxCoreVersion> bytes{};
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), bytes.size());
  const std::string_view start(bytes.data(), static_cast<size_t>(in.gcount()));
  if (!start.starts_with(kMagic)) return {};
  Loader loader(start.substr(kMagic.size()));
  Head head;
  loader.get(head.epoch), loader.get(head.sequence), loader.get(head.size), loader.get(head.core_version);
  return loader.ok() ? head.core_version : std::string();
}

}  // namespace

std::string encode(const Snapshot& s) {
  std::string file(kMagic);
  file += to_bytes(Head{s.epoch, s.sequence, s.bytes.size(), s.core_version, pack(s.bytes)});
  file += to_bytes(checksum(file));
  return file;
}

Result<Snapshot> decode(std::string_view file) {
  uint32_t told = 0;
  if (!file.starts_with(kMagic) || file.size() < kMagic.size() + sizeof told) return fail(ErrorKind::corrupt, "not a snapshot of this version");
  const std::string_view body = file.substr(0, file.size() - sizeof told);
  Head head;
  if (!from_bytes(file.substr(body.size()), told) || told != checksum(body)) return fail(ErrorKind::corrupt, "the checksum does not fit");
  if (!from_bytes(body.substr(kMagic.size()), head)) return fail(ErrorKind::corrupt, "cannot be read");
  auto bytes = unpack(head.packed, head.size);
  if (!bytes) return fail(std::move(bytes.error()));
  return Snapshot{head.epoch, head.sequence, std::move(head.core_version), std::move(*bytes)};
}

Status SnapshotFiles::save(const Snapshot& snapshot) {
  if (snapshot.bytes.size() > kMaxBytes) return fail(ErrorKind::invalid_input, fmt::format("a snapshot of {} bytes is too large", snapshot.bytes.size()));
  const auto present = files_of(folder_);
  const uint64_t number = present.empty() ? 1 : number_of(present.front()) + 1;
  if (auto s = write_file(folder_ / fmt::format("snapshot-{:010}.bin", number), encode(snapshot)); !s) return s;
  size_t same = 1, other = 0;
  for (const auto& file : present) {
    const bool stays = core_of(file) == snapshot.core_version ? ++same <= kKept : ++other <= kKeptOfOthers;
    std::error_code none;
    if (!stays) std::filesystem::remove(file, none);
  }
  return {};
}

std::optional<Snapshot> SnapshotFiles::latest(const std::function<bool(const Snapshot&)>& fits, std::vector<std::string>& messages) const {
  for (const auto& file : files_of(folder_)) {
    auto bytes = read_file(file, kMaxBytes);
    auto snapshot = bytes ? decode(*bytes) : Result<Snapshot>(fail(std::move(bytes.error())));
    if (!snapshot) {
      messages.push_back(fmt::format("{}: {}; an older snapshot or the whole journal is read instead", file.string(), snapshot.error().what));
    } else if (fits(*snapshot)) {
      return std::move(*snapshot);
    }
  }
  return std::nullopt;
}

Status SnapshotFiles::remove_all() {
  for (const auto& file : files_of(folder_)) {
    std::error_code error;
    std::filesystem::remove(file, error);
    if (error) return fail(ErrorKind::io, fmt::format("{}: cannot remove: {}", file.string(), error.message()));
  }
  return sync_folder(folder_);
}

}  // namespace hf::journal
