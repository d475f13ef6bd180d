#include "agent/updates/shelf.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <filesystem>

#include "hal/board/survey.hpp"
#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"
#include "hal/platform/log.hpp"

namespace hf::updates {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr size_t kMaxNote = 4096, kMaxName = 120;
constexpr mode_t kReadable = 0644;  // RAUC reads it as another user; it is signed and no secret

std::string note_of(const Transfer& t) {
  return json::serialize(json::object{{"name", t.name}, {"sha256", t.sha256}, {"size", t.size}, {"who", t.who}, {"began", unix_seconds(t.began)}}) + "\n";
}

std::optional<Transfer> read_note(const Path& file) {
  const auto bytes = read_file(file, kMaxNote);
  if (!bytes) return std::nullopt;
  boost::system::error_code wrong;
  const auto value = json::parse(*bytes, wrong);
  if (wrong || !value.is_object()) return std::nullopt;
  const auto& o = value.get_object();
  const auto text = [&](std::string_view key) {
    const auto* found = o.if_contains(key);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
  };
  const auto number = [&](std::string_view key) {
    const auto* found = o.if_contains(key);
    return found && found->is_number() ? found->to_number<double>() : 0.0;
  };
  Transfer t{text("name"), text("sha256"), text("who"), static_cast<uint64_t>(std::clamp(number("size"), 0.0, 1e12)), 0, from_unix_seconds(number("began"))};
  return t.sha256.size() == 64 && from_hex(t.sha256) && t.size > 0 ? std::optional(std::move(t)) : std::nullopt;
}

Status write_at(const Path& file, uint64_t offset, std::string_view bytes) {
  const Descriptor fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kReadable));
  if (fd.get() < 0) return fail(file_error(file, errno));
  if (::fchmod(fd.get(), kReadable) != 0) return fail(file_error(file, errno));
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return fail(file_error(file, put < 0 ? errno : ENOSPC));
    offset += static_cast<uint64_t>(put);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return ::fdatasync(fd.get()) == 0 ? Status{} : fail(file_error(file, errno));
}

Status cut_to(const Path& file, uint64_t size) { return ::truncate(file.c_str(), static_cast<off_t>(size)) == 0 ? Status{} : fail(file_error(file, errno)); }

}  // namespace

std::optional<Path> Shelf::bundle() const { return whole_ ? std::optional(bundle_file(transfer_->sha256)) : std::nullopt; }

Status Shelf::remove_all_but(const std::optional<Path>& kept) const {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string file = entry.path().filename().string();
    const bool ours = file == name_ + ".part" || file == name_ + ".json" || (file.starts_with(name_ + "-") && file.ends_with(".raucb"));
    if (!ours || entry.path() == kept || (kept && entry.path() == note())) continue;
    std::error_code removal;
    fs::remove(entry.path(), removal);
    if (removal) return fail(file_error(entry.path(), removal.value()));
  }
  return error ? fail(file_error(folder_, error.value())) : sync_folder(folder_);
}

Status Shelf::open() {
  transfer_ = read_note(note()), whole_ = false, touched_ = clock_.now();
  if (!transfer_) return remove_all_but(std::nullopt);
  std::error_code none;
  whole_ = fs::is_regular_file(fs::symlink_status(bundle_file(transfer_->sha256), none));
  transfer_->offset = whole_ ? transfer_->size : 0;
  if (whole_) return remove_all_but(bundle_file(transfer_->sha256));
  const auto have = fs::file_size(part(), none);
  if (none) return {};  // begun, and no piece yet
  if (have > transfer_->size) return discard();
  transfer_->offset = have;
  return remove_all_but(part());
}

Status Shelf::check_room(uint64_t size) const {
  if (size > limits_.max_size) return fail(ErrorKind::invalid_input, fmt::format("{} MB; this box takes {} MB at most", size >> 20, limits_.max_size >> 20));
  const auto space = board::space_at(folder_);
  if (!space.free) return fail(ErrorKind::io, folder_.string() + ": its free space cannot be measured");
  if (*space.free < size + limits_.reserve)
    return fail(ErrorKind::invalid_input, fmt::format("{} MB are needed and {} MB are free on the box's disk", ((size + limits_.reserve) >> 20) + 1, *space.free >> 20));
  return {};
}

Result<Transfer> Shelf::begin(const std::string& name, uint64_t size, const std::string& digest, const std::string& who) {
  forget_old();
  std::string sha256 = digest;
  for (char& c : sha256)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  if (transfer_ && transfer_->sha256 == sha256 && transfer_->size == size) return *transfer_;  // goes on, or lies here already
  if (transfer_ && !whole_) return fail(ErrorKind::denied, "another bundle is being brought: go on with it, or remove it first");
  if (sha256.size() != 64 || !from_hex(sha256)) return fail(ErrorKind::invalid_input, "sha256: must be 64 hex digits");
  if (size == 0) return fail(ErrorKind::invalid_input, "an empty file is no bundle");
  if (auto gone = discard(); !gone) return fail(std::move(gone.error()));
  if (auto room = check_room(size); !room) return fail(std::move(room.error()));
  Transfer begun{name.substr(0, kMaxName), sha256, who, size, 0, clock_.now()};
  if (auto noted = write_file(note(), note_of(begun), kReadable); !noted) return fail(std::move(noted.error()));
  transfer_ = std::move(begun), touched_ = clock_.now();
  return *transfer_;
}

Result<Transfer> Shelf::append(uint64_t offset, std::string_view bytes) {
  if (!transfer_ || whole_) return fail(ErrorKind::denied, "no upload is under way; begin one first");
  if (offset != transfer_->offset) return fail(ErrorKind::denied, fmt::format("the next piece begins at {}", transfer_->offset));
  if (bytes.empty() || bytes.size() > kPage) return fail(ErrorKind::invalid_input, fmt::format("a piece holds 1 to {} bytes", kPage));
  if (bytes.size() > transfer_->size - offset) return fail(ErrorKind::invalid_input, "more bytes than were told at the begin");
  if (auto written = write_at(part(), offset, bytes); !written) {
    (void)cut_to(part(), offset);  // half a piece is none
    return fail(std::move(written.error()));
  }
  transfer_->offset += bytes.size(), touched_ = clock_.now();
  return *transfer_;
}

Result<std::string> Shelf::digest() const {
  auto sum = net::sha256_of_file(part());
  if (!sum) return fail(std::move(sum.error()));
  return to_hex(*sum);
}

Status Shelf::accept(const std::string& digest) {
  if (!complete()) return fail(ErrorKind::denied, "no whole upload waits");
  if (digest.size() != 64 || digest != transfer_->sha256) {
    if (auto gone = discard(); !gone) return gone;
    return fail(ErrorKind::corrupt, "what came is not what was sent: its SHA-256 differs");
  }
  if (::rename(part().c_str(), bundle_file(transfer_->sha256).c_str()) != 0) return fail(file_error(part(), errno));
  whole_ = true;
  return sync_folder(folder_);
}

Status Shelf::discard() {
  transfer_.reset(), whole_ = false;
  return remove_all_but(std::nullopt);
}

void Shelf::forget_old() {
  if (!transfer_ || whole_ || clock_.now() - touched_ < limits_.patience) return;
  if (auto gone = discard(); !gone) log_warning("updates", "{}", gone.error().what);
}

}  // namespace hf::updates
