// A disk that fails on command, as SQLite sees it: a VFS named "faulty" over the system's. One disk at a time; one thread writes to it.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <functional>

namespace hf::test {

class FaultyDisk {
 public:
  static constexpr const char* kName = "faulty";

  FaultyDisk();
  ~FaultyDisk();

  // From the `nth` write or sync on (1 = the next), each gives `code` until heal().
  void fail_from(int nth, int code);
  // Only the `nth`.
  void fail_once(int nth, int code);
  void heal();
  // Called before the `nth` write or sync from now.
  void before(int nth, std::function<void()> call);
  int operations() const { return operations_; }

  // What a power cut at this moment leaves of `folder`: of each file what was synced last, nothing of what was not.
  void power_cut_image(const std::filesystem::path& folder, const std::filesystem::path& image) const;

  // For the VFS.
  int operation();
  void synced(const char* path);

 private:
  std::filesystem::path shadow_;
  int operations_ = 0, from_ = 0, once_ = 0, code_ = SQLITE_OK, call_at_ = 0;
  std::function<void()> call_;
};

}  // namespace hf::test
