// Tables in text: CSV as Asterisk, MySQL's and PostgreSQL's tools and phpMyAdmin write it. In: a file. Out: its records, field by field.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/input_file.hpp"

namespace hf::pbx {

// Splits one record. A quoted field may hold separators and line ends, a quote in it is written twice (RFC 4180). False when a quoted field is
// still open at the end: the next line belongs to it.
bool split_csv(std::string_view record, char separator, std::vector<std::string>& fields);
// ',', ';' or a tab: whichever stands most often outside quotes in the first line.
char csv_separator(std::string_view first_line);

class CsvReader {
 public:
  explicit CsvReader(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}

  // The next record that is not empty; false at the end. Errors as InputFile's. A record over 64 KiB or with a quote that nothing closes within 50
  // lines is given as it stands, with overlong() true: the rest of the table is still read.
  Result<bool> next(std::vector<std::string>& fields);
  uint64_t line() const { return first_line_; }  // where the record began, from 1
  bool overlong() const { return overlong_; }
  const std::string& name() const { return file_->name(); }
  uint64_t bytes() const { return file_->position(); }

 private:
  std::unique_ptr<InputFile> file_;
  std::vector<std::string> ahead_;  // lines read for a quote that nothing closed: read again as records of their own
  std::string record_, line_;
  uint64_t lines_ = 0, first_line_ = 0;
  char separator_ = '\0';
  bool overlong_ = false;

  Result<bool> read_line();
  Status join_lines(std::vector<std::string>& fields);
};

}  // namespace hf::pbx
