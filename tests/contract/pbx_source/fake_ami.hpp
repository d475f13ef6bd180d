// An Asterisk Manager in memory: takes the login and serves a recorded stream. One thread of its own.
#pragma once

#include <thread>

#include "hal/net/memory_stream.hpp"
#include "hal/pbx/asterisk/ami_source.hpp"

namespace hf::pbx {

class FakeAmi {
 public:
  // `stream`: what follows the banner in a recording.
  explicit FakeAmi(std::string stream) : stream_(std::move(stream)) {}
  ~FakeAmi() {
    close();
    if (server_.joinable()) server_.join();
  }
  FakeAmi(const FakeAmi&) = delete;
  FakeAmi& operator=(const FakeAmi&) = delete;

  // Takes one connection; further ones are refused.
  LiveConnect connect() {
    return [this](const auto&) -> Result<std::unique_ptr<net::ByteStream>> {
      if (server_.joinable()) return fail(ErrorKind::io, "pbx:5038: connection refused");
      server_ = std::thread([this] { serve(); });
      return std::make_unique<End>(wire_);
    };
  }
  void close() { wire_->close(); }

 private:
  struct End final : net::ByteStream {
    explicit End(std::shared_ptr<net::MemoryStream> w) : wire(std::move(w)) {}
    Result<size_t> read(std::span<char> out, std::chrono::milliseconds within) override {
      return wire->read(out, within);
    }
    Status write(std::string_view bytes, std::chrono::milliseconds within) override {
      return wire->write(bytes, within);
    }
    void close() override { wire->close(); }
    std::string peer() const override { return "pbx:5038"; }
    std::shared_ptr<net::MemoryStream> wire;
  };

  void serve() {
    wire_->feed("Asterisk Call Manager/5.0.4\r\n");
    if (!answer("Challenge", "Challenge: 1\r\n") || !answer("Login", "Message: Authentication accepted\r\n") ||
        !answer("CoreSettings", "AsteriskVersion: 16.28.0\r\n"))
      return;
    for (size_t at = 0; at < stream_.size(); at += 1448) wire_->feed(std::string_view(stream_).substr(at, 1448));
  }
  bool answer(const std::string& action, const std::string& lines) {
    constexpr std::chrono::seconds kGuard{20};
    const size_t at = wire_->wait_written("Action: " + action + "\r\n", asked_, kGuard);
    if (at == std::string::npos) return false;
    const size_t id = wire_->wait_written("ActionID: ", at, kGuard);
    asked_ = wire_->wait_written("\r\n", id, kGuard);
    wire_->feed("Response: Success\r\nActionID: " + wire_->written().substr(id, asked_ - 2 - id) + "\r\n" + lines +
                "\r\n");
    return true;
  }

  const std::string stream_;
  const std::shared_ptr<net::MemoryStream> wire_ = std::make_shared<net::MemoryStream>();
  size_t asked_ = 0;
  std::thread server_;
};

}  // namespace hf::pbx
