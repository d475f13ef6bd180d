// The tables that an Asterisk kept, read as history: CDR and CEL as CSV files or exports of their database, and the queue_log as a file or an export,
// joined by unique id. See capture.hpp and README.md.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/asterisk/history_book.hpp"
#include "hal/pbx/asterisk/queue_log_map.hpp"
#include "hal/pbx/capture.hpp"

namespace hf::pbx {

class HistoryCapture final : public CaptureReader {
 public:
  // Reads all files, whole. invalid_input names a file that is neither such a table nor a queue_log, or says that there are too many rows.
  static Result<std::unique_ptr<CaptureReader>> open(const std::vector<std::filesystem::path>& files, std::string address, const SipKey& site_key);
  // The tables in a folder and in its folders (cdr-csv, cel-custom as in Asterisk's log folder), queue_log files included.
  static std::vector<std::filesystem::path> tables_in(const std::filesystem::path& folder);
  // Whether the file begins like a table that this can read; false too when it cannot be read.
  static bool is_table(const std::filesystem::path& file);

  bool next(Batch& out) override;
  Description describe() const override;
  CaptureCounts counts() const override { return {bytes_, rows_, log_.unknown(), malformed_ + log_.malformed()}; }
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  HistoryCapture(std::string address, const SipKey& key) : address_(std::move(address)), key_(key) {}
  Status read(const std::filesystem::path& file);
  Status read_table(class CsvReader& table, const TableShape& shape, std::vector<std::string>& record);
  Status read_log(const std::filesystem::path& file);
  Status take(const TableShape& shape, const std::vector<std::string>& record, const std::string& place);
  Status take_line(const std::string& line, const std::string& place);
  SourceUp source() const;
  void tell_differences();
  void warn(std::string text);

  std::string address_;
  SipKey key_;
  HistoryBook book_;
  TableClock clock_;
  QueueLogMapper log_;
  std::vector<std::string> warnings_;
  uint64_t bytes_ = 0, rows_ = 0, malformed_ = 0;
  std::optional<CallEvent> ahead_;
  Time now_{};
  bool up_ = false, done_ = false;
};

}  // namespace hf::pbx
