// A machine that writes down what it was asked, and a service on top of it in a folder of the test's.
#pragma once

#include <gtest/gtest.h>

#include "firmware/deviced/service.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::deviced {

using namespace std::chrono_literals;

class FakeMachine final : public Machine {
 public:
  Status set_hostname(const std::string& name) override { return did("hostname " + name); }
  Status set_zone(const std::string& zone) override { return did("zone " + zone); }
  Status set_time(Time at) override { return did("time " + std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count())); }
  Status keep_time(bool by_network) override { return did(by_network ? "keep time" : "leave time"); }
  Status reload_network() override { return did("network"); }
  Result<Fields> inspect_bundle(const std::string& path) override {
    if (auto seen = did("inspect " + path); !seen) return fail(std::move(seen.error()));
    return Fields{{"version", "1.2.0"}};
  }
  Status install_bundle(const std::string& path) override { return did("install " + path); }
  Result<Fields> update_status() override { return Fields{{"operation", "idle"}}; }
  Status mark_booted(bool good) override { return did(good ? "good" : "bad"); }
  Status write_diagnostics() override { return did("diagnostics"); }
  Status take_settings() override { return did("settings"); }
  Status shut_down(bool power_off) override { return did(power_off ? "power off" : "reboot"); }

  std::vector<std::string> done;
  bool fails = false;

 private:
  Status did(std::string what) {
    if (fails) return fail(ErrorKind::io, "the bus is away");
    done.push_back(std::move(what));
    return {};
  }
};

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    for (const char* name : {"state", "live", "updates"}) EXPECT_TRUE(make_folder(folder_ / name, 0700));
    places_.state = folder_ / "state", places_.live_network = folder_ / "live", places_.time_servers = folder_ / "timesyncd", places_.bundles = {folder_ / "updates"};
    places_.data_partition = folder_ / "partition", places_.board.sys = folder_ / "sys", places_.board.told = folder_ / "told", places_.release = folder_ / "os-release";
    places_.hostname = folder_ / "hostname", places_.zone = folder_ / "localtime";
    EXPECT_TRUE(write_file(places_.release, "IMAGE_ID=holdfast\nIMAGE_VERSION=1.1.0\n"));
    service_.emplace(places_, std::vector<uid_t>{kAgent}, machine_, board_, clock_, random_, AuditFile::open(places_.state / "audit.log").value());
  }
  Result<Fields> ask(device::Request request, uid_t uid = kAgent) {
    return device::parse_answer(service_->answer({uid, 412, "holdfast-agent"}, device::write_ask({"admin@192.0.2.9", std::move(request)})));
  }
  std::string audit() const { return read_file(places_.state / "audit.log", 1 << 20).value(); }
  static constexpr uid_t kAgent = 998;

  const test::TempFolder folder_;
  Places places_;
  FakeMachine machine_;
  test::ManualClock clock_;
  SeededRandom random_{7};
  BoardDevices board_{BoardSetting{}, clock_};
  std::optional<Service> service_;
};

}  // namespace hf::deviced
