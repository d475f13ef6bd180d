// LINKS: hf_recorded
// Tables of an Asterisk: whatever a file holds, what is made of it goes forward in time and has a text form that comes back.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "hal/pbx/recorded/open_capture.hpp"
#include "tests/fuzz/any_cut.hpp"

namespace {

// The reader takes files; one in memory is enough.
std::string memory_file(const uint8_t* data, size_t size) {
  static FILE* const file = std::tmpfile();
  if (file == nullptr) std::abort();
  const int fd = fileno(file);
  if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  return "/proc/self/fd/" + std::to_string(fd);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hf::pbx;
  const std::string path = memory_file(data, size);
  auto capture = open_captures({path, path}, hf::SipKey{1});
  if (!capture) return 0;
  hf::Time last{};
  for (Batch batch; (*capture)->next(batch);)
    for (const auto& event : batch.events) {
      if (event.at < last) std::abort();
      last = event.at;
      hf::fuzz::as_text(event);
    }
  return 0;
}
