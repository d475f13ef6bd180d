// A recorded stream of bytes: the bytes, the times they came, and when the connection began and ended. What the bytes
// mean is its kind's own (ami_capture, esl_capture). See capture.hpp for the files.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hal/pbx/capture.hpp"
#include "hal/pbx/input_file.hpp"

namespace hf::pbx {

struct StreamFiles {
  std::filesystem::path stream;
  std::filesystem::path times;  // empty: none
  std::filesystem::path conns;  // empty: none
  std::filesystem::path sent;   // empty: none; what the recorder asked, of kinds whose answers do not say it
};

class StreamCapture : public CaptureReader {
 public:
  bool next(Batch& out) override;
  const std::vector<std::string>& warnings() const override { return warnings_; }

 protected:
  explicit StreamCapture(std::unique_ptr<InputFile> stream) : stream_(std::move(stream)) {}
  // Opens times and connections. invalid_input with `missing` when there are no times and `first_time`, the first of
  // the stream's own, is unset too.
  Status open_companions(const StreamFiles& files, std::optional<Time> first_time, const std::string& missing);

  // Bytes of one connection, in order.
  virtual void take_bytes(std::string_view bytes) = 0;
  // A message is begun and not ended.
  virtual bool pending() const = 0;
  // The connection ended: what was known of it holds no more.
  virtual void forget() = 0;

  void lost(Time at, std::string reason);
  void emit(std::vector<CallEvent> events);
  Time forward(Time at) { return now_ = std::max(now_, at); }
  Time now() const { return now_; }
  void warn(std::string text);
  // The stream's own times are all there is.
  bool own_times() const { return times_ == nullptr; }
  // True once, for the first bytes of a chunk.
  bool at_chunk_start() { return std::exchange(chunk_start_, false); }
  const InputFile& stream() const { return *stream_; }

  bool up_ = false;  // SourceUp was given out

 private:
  struct Connection {
    Time at{};
    uint64_t offset = 0;
    bool opened = false;
    std::string what;
  };
  struct Chunk {
    Time at{};
    uint64_t left = 0;  // bytes still to be read
  };

  Status read_connections(const std::filesystem::path& path);
  static std::optional<Connection> read_connection(std::string_view line, bool& refused);
  bool next_times_line();
  void read_more();
  void connections_until(uint64_t offset);
  void finish();

  std::unique_ptr<InputFile> stream_;
  std::unique_ptr<InputFile> times_;  // null: the messages' own times tell
  std::deque<Connection> connections_;
  std::deque<Batch> ready_;
  std::vector<std::string> warnings_;
  std::string buffer_;
  Chunk chunk_;
  uint64_t times_line_ = 0;
  Time now_{};
  bool chunk_start_ = false, done_ = false;
};

}  // namespace hf::pbx
