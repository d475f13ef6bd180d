// A device service whose machine is a few variables: slots, a running version, what RAUC would say. And a desk on top of it in folders of the test's.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/updates/desk.hpp"
#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::updates {

using namespace std::chrono_literals;

class FakeDevice final : public Device {
 public:
  bool present() const override { return there; }
  Result<device::Fields> ask(const std::string& actor, device::Request request) override {
    if (auto good = device::check(request); !good) return fail(std::move(good.error()));
    asked.push_back(actor + " " + std::string(device::name_of(request)));
    if (away) return fail(ErrorKind::timed_out, "the device service did not answer");
    return std::visit([this](const auto& r) { return answer(r); }, request);
  }

  // The new version is written; RAUC is done.
  void written(const std::string& bundle_version) { operation = "idle", other = bundle_version, other_good = true; }
  void refused(const std::string& why) { operation = "idle", last_error = why; }
  // The machine started anew, into the other slot.
  void start_other() { std::swap(version, other), confirmed = false; }
  // All tries of the other slot are used up, the old one runs.
  void come_back() { other_good = false; }

  std::string version = "1.0.0", other, operation = "idle", last_error, inspected_version = "1.1.0", compatible = "holdfast-x86_64", inspect_error;
  bool there = true, away = false, confirmed = true, other_good = false;
  uint32_t percent = 40;
  std::vector<std::string> asked;
  std::optional<device::Shutdown> shutdown;

 private:
  template <class T>
  static Result<device::Fields> answer(const T&) { return fail(ErrorKind::unsupported, "not of this test"); }
  Result<device::Fields> answer(const device::UpdateStatus&) {
    return device::Fields{{"operation", operation}, {"last_error", last_error}, {"booted", "a"}, {"compatible", "holdfast-x86_64"}, {"progress", std::to_string(percent)},
                          {"step", "Copying image"}, {"slot.0.name", "verity.1"}, {"slot.0.state", "inactive"}, {"slot.0.bundle.version", "9.9.9"},
                          {"slot.1.name", "rootfs.0"}, {"slot.1.bootname", "a"}, {"slot.1.state", "booted"}, {"slot.1.boot_status", "good"},
                          {"slot.2.name", "rootfs.1"}, {"slot.2.bootname", "b"}, {"slot.2.state", "inactive"}, {"slot.2.boot_status", other_good ? "good" : "bad"},
                          {"slot.2.bundle.version", other}, {"version", version}, {"confirmed", confirmed ? "yes" : "no"}};
  }
  Result<device::Fields> answer(const device::InspectUpdate&) {
    if (!inspect_error.empty()) return fail(ErrorKind::io, inspect_error);
    return device::Fields{{"version", inspected_version}, {"compatible", compatible}};
  }
  Result<device::Fields> answer(const device::InstallUpdate&) {
    operation = "installing", last_error.clear(), other_good = false;
    return device::Fields{};
  }
  Result<device::Fields> answer(const device::Shutdown& r) {
    if (shutdown) return fail(ErrorKind::busy, "a shutdown waits already; cancel it first");
    shutdown = r;
    return device::Fields{};
  }
  Result<device::Fields> answer(const device::CancelShutdown&) {
    shutdown.reset();
    return device::Fields{};
  }
};

class DeskTest : public ::testing::Test {
 protected:
  DeskTest() {
    EXPECT_TRUE(make_folder(folder_ / "usb", 0755));
    start();
  }
  // As after a start of the agent: nothing but the files is left.
  void start() {
    desk_.reset();
    desk_ = std::make_unique<Desk>(DeskParts{{folder_ / "updates", folder_ / "usb", folder_ / "updates.json", folder_ / "health.json"}, {10'000, 0, 24h}, "02:00-04:00",
                                             TimeZone::find("UTC").value(), device_, clock_, worker_, [this](const Attempt& a) { ended_.push_back(a); }});
    desk_->tick();
  }
  void later(Duration by) {
    clock_.advance(by);
    desk_->tick();
  }
  static std::string digest(std::string_view bytes) { return to_hex(net::sha256(bytes)); }
  // A good bundle, brought and inspected.
  void bring(const std::string& bytes = "a bundle") {
    ASSERT_TRUE(desk_->begin_upload("new.raucb", bytes.size(), digest(bytes), "anna@192.0.2.7"));
    ASSERT_TRUE(desk_->append(0, bytes));
    desk_->tick();
  }
  void install(Restart restart = Restart::now) {
    ASSERT_TRUE(desk_->install("upload", restart, "anna@192.0.2.7"));
    desk_->tick();
  }
  Bundle only_bundle() {
    const auto o = desk_->overview();
    EXPECT_EQ(o.bundles.size(), 1U);
    return o.bundles.empty() ? Bundle{} : o.bundles[0];
  }
  Attempt newest() {
    const auto o = desk_->overview();
    EXPECT_FALSE(o.history.empty());
    return o.history.empty() ? Attempt{} : o.history[0];
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  test::InlineExecutor worker_;
  FakeDevice device_;
  std::vector<Attempt> ended_;
  std::unique_ptr<Desk> desk_;
};

}  // namespace hf::updates
