#include "firmware/deviced/key_eraser.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>
#include <vector>

namespace hf::deviced {

namespace {

// LUKS2 on-disk format, 2.1: the binary header begins with this magic and the version; its JSON tells where the data begins.
constexpr std::string_view kMagic{"LUKS\xba\xbe\x00\x02", 8};
constexpr size_t kHeaderRead = 64 * 1024, kBlock = 64 * 1024;
constexpr uint64_t kUsualData = 16U << 20, kLeast = 1U << 20, kMost = 128U << 20;

// Where the data begins, from the header's JSON; the usual place when it does not tell.
uint64_t data_offset(std::string_view header) {
  constexpr std::string_view kSegments = "\"segments\"", kOffset = "\"offset\":\"";
  const size_t segments = header.find(kSegments);
  const size_t offset = segments == std::string_view::npos ? segments : header.find(kOffset, segments);
  if (offset == std::string_view::npos) return kUsualData;
  uint64_t bytes = 0;
  const char* begin = header.data() + offset + kOffset.size();
  const auto [end, error] = std::from_chars(begin, header.data() + header.size(), bytes);
  return error == std::errc() && bytes >= kLeast && bytes <= kMost ? bytes : kUsualData;
}

Result<std::string> head_of(int fd, const Path& partition, size_t size) {
  std::string head(size, '\0');
  const ssize_t got = ::pread(fd, head.data(), head.size(), 0);
  if (got < 0) return fail(file_error(partition, errno));
  head.resize(static_cast<size_t>(got));
  return head;
}

Status overwrite(int fd, const Path& partition, uint64_t upto, Random& random) {
  std::vector<std::byte> block(kBlock);
  for (uint64_t at = 0; at < upto; at += kBlock) {
    random.fill(block);
    const size_t size = std::min<uint64_t>(kBlock, upto - at);
    if (::pwrite(fd, block.data(), size, static_cast<off_t>(at)) != static_cast<ssize_t>(size)) return fail(file_error(partition, errno));
  }
  if (::fsync(fd) != 0) return fail(file_error(partition, errno));
  return {};
}

}  // namespace

Status erase_keys(const Path& partition, Random& random) {
  const Descriptor fd(::open(partition.c_str(), O_RDWR | O_CLOEXEC));
  if (fd.get() < 0) return fail(file_error(partition, errno));
  auto head = head_of(fd.get(), partition, kHeaderRead);
  if (!head) return fail(std::move(head.error()));
  if (!head->starts_with(kMagic)) return fail(ErrorKind::invalid_input, partition.string() + ": is no LUKS2 partition; nothing was erased");
  const off_t size = ::lseek(fd.get(), 0, SEEK_END);
  if (size < 0) return fail(file_error(partition, errno));
  const uint64_t upto = std::min<uint64_t>(data_offset(*head), static_cast<uint64_t>(size));
  if (auto done = overwrite(fd.get(), partition, upto, random); !done) return done;
  (void)::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);  // so that what is read back comes from the disk
  auto left = head_of(fd.get(), partition, kHeaderRead);
  if (!left) return fail(std::move(left.error()));
  if (left->starts_with(kMagic)) return fail(ErrorKind::io, partition.string() + ": the header is still there");
  return {};
}

}  // namespace hf::deviced
