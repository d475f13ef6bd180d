// A recorded AMI stream: the bytes, the times they came, and when the connection began and ended. See capture.hpp for
// the files.
#pragma once

#include <deque>
#include <optional>

#include "hal/pbx/ami_frame.hpp"
#include "hal/pbx/ami_map.hpp"
#include "hal/pbx/capture.hpp"
#include "hal/pbx/input_file.hpp"

namespace hf::pbx {

struct AmiCaptureFiles {
  std::filesystem::path stream;
  std::filesystem::path times;  // empty: none
  std::filesystem::path conns;  // empty: none
};

// What the whole stream tells about itself, found in a first pass: SourceUp must say at the start what can be known.
struct AmiSurvey {
  std::string product;
  bool channel_events = false, dialplan_events = false, agent_state = false;
  std::optional<Time> first_time;  // the first Timestamp key
};

class AmiCapture final : public CaptureReader {
 public:
  static Result<std::unique_ptr<CaptureReader>> open(const AmiCaptureFiles& files, const SipKey& site_key);

  bool next(Batch& out) override;
  Description describe() const override;
  CaptureCounts counts() const override;
  const std::vector<std::string>& warnings() const override { return warnings_; }

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

  AmiCapture(std::unique_ptr<InputFile> stream, AmiSurvey survey, const SipKey& key)
      : stream_(std::move(stream)), survey_(std::move(survey)), mapper_(key) {}
  Status read_connections(const std::filesystem::path& path);
  bool next_times_line();
  void read_more();
  void take_bytes(std::string_view bytes);
  void take_message(std::string_view message, std::vector<CallEvent>& events);
  void connections_until(uint64_t offset);
  void lost(Time at, std::string reason);
  void finish();
  void emit(std::vector<CallEvent> events);
  Time forward(Time at) { return now_ = std::max(now_, at); }
  void warn(std::string text);

  std::unique_ptr<InputFile> stream_;
  std::unique_ptr<InputFile> times_;  // null: Timestamp keys tell
  AmiSurvey survey_;
  AmiFramer framer_;
  AmiMapper mapper_;
  std::deque<Connection> connections_;
  std::deque<Batch> ready_;
  std::vector<std::string> warnings_;
  std::string buffer_;
  Chunk chunk_;
  uint64_t times_line_ = 0, messages_ = 0;
  Time now_{};
  bool up_ = false, chunk_start_ = false, done_ = false;
};

}  // namespace hf::pbx
