// Versions of a box for tests of the page: one of everything, and what was asked for is kept.
#pragma once

#include "agent/updates/updates.hpp"

namespace hf::test {

class FakeUpdates final : public updates::Updates {
 public:
  updates::Overview overview() override {
    const Time at(std::chrono::hours(490'000));
    updates::Overview o;
    o.keeper = updates::Keeper::box, o.version = "1.0.0", o.compatible = "holdfast-x86_64", o.window = "02:00-04:00", o.confirmed = true, o.max_size = 1 << 30;
    o.next_window = updates::Window{at, at + std::chrono::hours(2)};
    o.upload = transfer, o.stage = stage;
    if (waits) o.restart = o.next_window;
    o.bundles = {{"usb.new.raucb", "new.raucb", "1.1.0", "holdfast-x86_64", "", 1000, updates::Origin::usb, updates::Verdict::good, updates::Reason::none}};
    o.history = {{"0.9.0", "1.0.0", "anna@192.0.2.7", "page: answers 503", at, at, updates::Origin::upload, updates::Outcome::given_back, updates::Reason::health}};
    return o;
  }
  Result<updates::Transfer> begin_upload(const std::string& name, uint64_t size, const std::string& sha256, const std::string& who) override {
    if (size > 1 << 30) return fail(ErrorKind::invalid_input, "too large");
    transfer = {name, sha256, who, size, 0, Time(std::chrono::hours(490'000))};
    return *transfer;
  }
  Result<updates::Transfer> append(uint64_t offset, std::string_view bytes) override {
    if (!transfer || offset != transfer->offset) return fail(ErrorKind::denied, "the next piece begins elsewhere");
    kept += bytes, transfer->offset += bytes.size();
    return *transfer;
  }
  Status discard(std::string_view id) override { return did("discard", id); }
  Status inspect(std::string_view id, const std::string& who) override { return did("inspect " + who, id); }
  Status install(std::string_view id, updates::Restart restart, const std::string& who) override {
    return did("install " + std::to_string(static_cast<int>(restart)) + " " + who, id);
  }
  Status restart(updates::Restart when, const std::string& who) override { return did("restart " + who, std::to_string(static_cast<int>(when))); }

  std::optional<updates::Transfer> transfer;
  std::string kept;
  updates::Stage stage{};
  bool waits = false;  // a restart was asked for
  std::vector<std::string> done;

 private:
  Status did(std::string what, std::string_view id) {
    if (id == "none") return fail(ErrorKind::not_found, "no such bundle");
    done.push_back(what + " " + std::string(id));
    return {};
  }
};

}  // namespace hf::test
