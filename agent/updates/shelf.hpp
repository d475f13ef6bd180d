// One bundle on disk, while it is brought in pieces and after. In: pieces. Out: a whole file whose digest is the one that was told. Files in the folder:
//   NAME.part         what came so far; its length is the offset, so a break or a power cut loses no acknowledged piece
//   NAME.json         what it is going to be
//   NAME-DIGEST.raucb the whole bundle
// Not for more than one thread at once; digest() alone may run beside the rest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/updates/updates.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"

namespace hf::updates {

class Shelf {
 public:
  // `reserve`: bytes that stay free on the disk. After so long without a piece a transfer is given up.
  struct Limits {
    uint64_t max_size = uint64_t{1} << 30;
    uint64_t reserve = uint64_t{200} << 20;
    std::chrono::hours patience{24};
  };
  Shelf(Path folder, std::string name, Limits limits, const Clock& clock) : folder_(std::move(folder)), name_(std::move(name)), limits_(limits), clock_(clock) {}

  // What an earlier run left; left-overs that belong to nothing are removed. The folder must be there.
  Status open();

  // As Updates::begin_upload. What lies here whole gives way.
  Result<Transfer> begin(const std::string& name, uint64_t size, const std::string& digest, const std::string& who);
  Result<Transfer> append(uint64_t offset, std::string_view bytes);
  // All pieces came: it must be checked before it is a bundle.
  bool complete() const { return transfer_ && !whole_ && transfer_->offset == transfer_->size; }
  // The digest of what came, as hex. Reads the file once; from any thread.
  Result<std::string> digest() const;
  // What was digested becomes the bundle. corrupt: it has another digest than was told; it is removed.
  Status accept(const std::string& digest);
  Status discard();
  // A transfer that nobody went on with.
  void forget_old();

  const std::optional<Transfer>& transfer() const { return transfer_; }  // also of a whole bundle
  std::optional<Path> bundle() const;                                    // whole
  const Limits& limits() const { return limits_; }

 private:
  Path part() const { return folder_ / (name_ + ".part"); }
  Path note() const { return folder_ / (name_ + ".json"); }
  Path bundle_file(const std::string& sha256) const { return folder_ / (name_ + "-" + sha256 + ".raucb"); }
  Status check_room(uint64_t size) const;
  Status remove_all_but(const std::optional<Path>& kept) const;

  Path folder_;
  std::string name_;
  Limits limits_;
  const Clock& clock_;
  std::optional<Transfer> transfer_;
  Time touched_{};
  bool whole_ = false;
};

}  // namespace hf::updates
