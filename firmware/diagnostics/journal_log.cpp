#include "firmware/diagnostics/journal_log.hpp"

#include <systemd/sd-journal.h>

#include <algorithm>
#include <memory>

#include "hal/platform/files.hpp"

namespace hf::diagnostics {

namespace {

constexpr size_t kMaxField = 2048;

struct Close {
  void operator()(sd_journal* journal) const { sd_journal_close(journal); }
};

// The value of a field; empty where the entry has none.
std::string field(sd_journal* journal, const char* name) {
  const void* data = nullptr;
  size_t length = 0;
  if (sd_journal_get_data(journal, name, &data, &length) < 0) return {};
  const std::string_view whole(static_cast<const char*>(data), std::min(length, kMaxField));
  const size_t sign = whole.find('=');
  return sign == std::string_view::npos ? std::string() : std::string(whole.substr(sign + 1));
}

Entry entry_at(sd_journal* journal) {
  Entry entry;
  uint64_t at = 0;
  if (sd_journal_get_realtime_usec(journal, &at) >= 0) entry.at = Time(Duration(static_cast<int64_t>(at)));
  entry.from = field(journal, "SYSLOG_IDENTIFIER"), entry.text = field(journal, "MESSAGE");
  entry.kernel = field(journal, "_TRANSPORT") == "kernel";
  return entry;
}

}  // namespace

Result<std::vector<Entry>> newest_entries(size_t at_most) {
  sd_journal* opened = nullptr;
  int code = sd_journal_open(&opened, SD_JOURNAL_LOCAL_ONLY);
  const std::unique_ptr<sd_journal, Close> journal(opened);
  if (code >= 0) code = sd_journal_set_data_threshold(opened, kMaxField);
  if (code >= 0) code = sd_journal_seek_tail(opened);
  std::vector<Entry> found;
  while (code >= 0 && found.size() < at_most && (code = sd_journal_previous(opened)) > 0) found.push_back(entry_at(opened));
  if (code < 0) return fail(file_error("the system's log", -code));
  std::ranges::reverse(found);
  return found;
}

}  // namespace hf::diagnostics
