#include "tests/fault/journal/faulty_disk.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <string>

namespace hf::test {

namespace fs = std::filesystem;

namespace {

FaultyDisk* the_disk = nullptr;
sqlite3_vfs* system_vfs = nullptr;

struct File {
  sqlite3_file base;
  char path[512];
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File* shim(sqlite3_file* f) { return reinterpret_cast<File*>(f); }
sqlite3_file* real(sqlite3_file* f) { return shim(f)->real(); }
const sqlite3_io_methods* does(sqlite3_file* f) { return real(f)->pMethods; }

int x_close(sqlite3_file* f) { return does(f) == nullptr ? SQLITE_OK : does(f)->xClose(real(f)); }
int x_read(sqlite3_file* f, void* out, int n, sqlite3_int64 at) { return does(f)->xRead(real(f), out, n, at); }
int x_write(sqlite3_file* f, const void* in, int n, sqlite3_int64 at) {
  if (const int code = the_disk->operation(); code != SQLITE_OK) return code;
  return does(f)->xWrite(real(f), in, n, at);
}
int x_truncate(sqlite3_file* f, sqlite3_int64 size) { return does(f)->xTruncate(real(f), size); }
// The machine's own disk need not be waited for: what counts is what this one calls synced.
int x_sync(sqlite3_file* f, int) {
  if (const int code = the_disk->operation(); code != SQLITE_OK) return code == SQLITE_FULL ? code : SQLITE_IOERR_FSYNC;
  the_disk->synced(shim(f)->path);
  return SQLITE_OK;
}
int x_size(sqlite3_file* f, sqlite3_int64* size) { return does(f)->xFileSize(real(f), size); }
int x_lock(sqlite3_file* f, int level) { return does(f)->xLock(real(f), level); }
int x_unlock(sqlite3_file* f, int level) { return does(f)->xUnlock(real(f), level); }
int x_reserved(sqlite3_file* f, int* out) { return does(f)->xCheckReservedLock(real(f), out); }
int x_control(sqlite3_file* f, int op, void* arg) { return does(f)->xFileControl(real(f), op, arg); }
int x_sector(sqlite3_file* f) { return does(f)->xSectorSize(real(f)); }
int x_traits(sqlite3_file* f) { return does(f)->xDeviceCharacteristics(real(f)); }
int x_shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) { return does(f)->xShmMap(real(f), page, size, extend, out); }
int x_shm_lock(sqlite3_file* f, int at, int n, int flags) { return does(f)->xShmLock(real(f), at, n, flags); }
void x_shm_barrier(sqlite3_file* f) { does(f)->xShmBarrier(real(f)); }
int x_shm_unmap(sqlite3_file* f, int remove) { return does(f)->xShmUnmap(real(f), remove); }

constexpr sqlite3_io_methods kMethods{2,        x_close,    x_read,    x_write,  x_truncate, x_sync,    x_size,     x_lock,        x_unlock,    x_reserved,
                                      x_control, x_sector, x_traits, x_shm_map, x_shm_lock, x_shm_barrier, x_shm_unmap, nullptr, nullptr};

int x_open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* f, int flags, int* out_flags) {
  shim(f)->base.pMethods = nullptr;
  const int code = system_vfs->xOpen(system_vfs, name, real(f), flags, out_flags);
  if (code != SQLITE_OK) return code;
  std::strncpy(shim(f)->path, name == nullptr ? "" : name, sizeof(File::path) - 1);
  shim(f)->base.pMethods = &kMethods;
  return code;
}

}  // namespace

FaultyDisk::FaultyDisk() {
  system_vfs = sqlite3_vfs_find(nullptr);
  the_disk = this;
  static sqlite3_vfs vfs = *system_vfs;
  vfs.zName = kName;
  vfs.pNext = nullptr;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + system_vfs->szOsFile;
  vfs.xOpen = x_open;
  sqlite3_vfs_register(&vfs, 0);
  static int count = 0;
  shadow_ = fs::temp_directory_path() / ("holdfast-shadow-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
  fs::create_directories(shadow_);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(sqlite3_vfs_find(kName));
  the_disk = nullptr;
  fs::remove_all(shadow_);
}

void FaultyDisk::fail_from(int nth, int code) { from_ = operations_ + nth, once_ = 0, code_ = code; }
void FaultyDisk::fail_once(int nth, int code) { once_ = operations_ + nth, from_ = 0, code_ = code; }
void FaultyDisk::heal() { from_ = once_ = 0; }
void FaultyDisk::before(int nth, std::function<void()> call) { call_at_ = operations_ + nth, call_ = std::move(call); }

int FaultyDisk::operation() {
  ++operations_;
  if (operations_ == call_at_) call_();
  const bool fails = (from_ != 0 && operations_ >= from_) || (once_ != 0 && operations_ == once_);
  return fails ? code_ : SQLITE_OK;
}

// By inode, so that a synced file keeps its content through a rename.
void FaultyDisk::synced(const char* path) {
  struct stat info {};
  if (::stat(path, &info) == 0) fs::copy_file(path, shadow_ / std::to_string(info.st_ino), fs::copy_options::overwrite_existing);
}

void FaultyDisk::power_cut_image(const fs::path& folder, const fs::path& image) const {
  fs::remove_all(image);
  fs::create_directories(image);
  for (const auto& file : fs::directory_iterator(folder)) {
    struct stat info {};
    if (file.path().string().ends_with("-shm") || ::stat(file.path().c_str(), &info) != 0) continue;
    const auto kept = shadow_ / std::to_string(info.st_ino);
    if (fs::exists(kept)) fs::copy_file(kept, image / file.path().filename());
  }
}

}  // namespace hf::test
