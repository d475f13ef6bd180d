// Writes what a source's connection brings, for support and for tests: the bytes with people taken out (scrubber), when they came, and when
// the connection began and ended, in files that open_capture() reads (capture.hpp). Bounded in bytes; the caller bounds the time.
#pragma once

#include <deque>
#include <functional>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>

#include "hal/net/byte_stream.hpp"
#include "hal/pbx/scrubber.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"

namespace hf::pbx {

struct RecorderOptions {
  Path folder;                            // must not hold a recording yet
  WireForm form{};
  uint64_t max_bytes = uint64_t{256} << 20;
};

struct Recorded {
  uint64_t bytes = 0, connections = 0;
  bool full = false;      // max_bytes were reached: nothing more is written
  std::string problem;    // the disk's; nothing more is written then
};

// Safe from any thread.
class Recorder {
 public:
  // busy: the folder holds a recording already; file errors.
  static Result<std::unique_ptr<Recorder>> begin(RecorderOptions options, Secret key);
  ~Recorder();

  void connected(Time at);
  void received(std::string_view bytes, Time at);
  void sent(std::string_view bytes, Time at);  // only questions are kept: no login ever
  // WireForm::sip: a whole frame of which `text` is a part; in the recording stands what `render` makes of it once people are out of it.
  void frame(std::string_view text, Time at, const std::function<std::string(std::string_view)>& render);
  void closed(Time at);
  // Writes what waits for the end of its line.
  Recorded finish();
  Recorded recorded() const;

 private:
  struct Piece {
    Time at{};
    size_t size = 0;
  };
  Recorder(RecorderOptions options, Secret key);
  Status open();
  void write_waiting(size_t upto);
  void write_piece(Time at, size_t size);
  void tell_connection(Time at, std::string_view what);
  void check();

  const RecorderOptions options_;
  mutable std::mutex mutex_;  // guards what follows
  Scrubber scrubber_;
  std::ofstream stream_, times_, conns_, sent_;
  std::string waiting_;        // received, its line not ended
  std::deque<Piece> pieces_;   // of waiting_
  uint64_t offset_ = 0;        // received in all
  uint64_t written_ = 0;
  Recorded done_;
};

// A connection that a recorder listens to.
class RecordedStream final : public net::ByteStream {
 public:
  RecordedStream(std::unique_ptr<net::ByteStream> inner, Recorder& recorder, const Clock& clock);
  ~RecordedStream() override;
  Result<size_t> read(std::span<char> out, std::chrono::milliseconds within) override;
  Status write(std::string_view bytes, std::chrono::milliseconds within) override;
  void close() override { inner_->close(); }
  std::string peer() const override { return inner_->peer(); }

 private:
  std::unique_ptr<net::ByteStream> inner_;
  Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace hf::pbx
