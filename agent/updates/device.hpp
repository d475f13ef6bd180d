// The seam to the device service. In: a request and for whom. Out: its answer.
#pragma once

#include <string>

#include "hal/device/client.hpp"

namespace hf::updates {

class Device {
 public:
  virtual ~Device() = default;
  virtual bool present() const = 0;  // whether this machine has a device service at all
  virtual Result<device::Fields> ask(const std::string& actor, device::Request request) = 0;
};

class SocketDevice final : public Device {
 public:
  explicit SocketDevice(Path socket = device::kSocket) : socket_(std::move(socket)) {}
  bool present() const override {
    std::error_code none;
    return std::filesystem::exists(socket_, none);
  }
  Result<device::Fields> ask(const std::string& actor, device::Request request) override { return device::ask(socket_, {actor, std::move(request)}, kPatience); }

 private:
  static constexpr auto kPatience = std::chrono::seconds(30);  // the service itself waits 25 s for RAUC
  Path socket_;
};

}  // namespace hf::updates
