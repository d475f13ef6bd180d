#include "firmware/deviced/bus_machine.hpp"

#include <fmt/format.h>
#include <systemd/sd-bus.h>

#include <cerrno>
#include <system_error>

namespace hf::deviced {

namespace {

constexpr uint64_t kPatience = 25'000'000;  // microseconds for one call
constexpr size_t kMaxText = 300, kMaxSlots = 16;

struct Peer {
  const char* name;
  const char* path;
  const char* interface;
};
constexpr Peer kHostname{"org.freedesktop.hostname1", "/org/freedesktop/hostname1", "org.freedesktop.hostname1"};
constexpr Peer kTimedate{"org.freedesktop.timedate1", "/org/freedesktop/timedate1", "org.freedesktop.timedate1"};
constexpr Peer kNetwork{"org.freedesktop.network1", "/org/freedesktop/network1", "org.freedesktop.network1.Manager"};
constexpr Peer kLogin{"org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"};
constexpr Peer kSystemd{"org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"};
constexpr Peer kRauc{"de.pengutronix.rauc", "/", "de.pengutronix.rauc.Installer"};

struct DropMessage {
  void operator()(sd_bus_message* m) const { sd_bus_message_unref(m); }
};
using Message = std::unique_ptr<sd_bus_message, DropMessage>;

struct BusError {
  sd_bus_error error = SD_BUS_ERROR_NULL;
  BusError() = default;
  BusError(const BusError&) = delete;
  BusError& operator=(const BusError&) = delete;
  ~BusError() { sd_bus_error_free(&error); }
};

ErrorKind kind_of(int code, const sd_bus_error& error) {
  if (code == -ETIMEDOUT) return ErrorKind::timed_out;
  if (code == -EACCES || code == -EPERM) return ErrorKind::denied;
  if (code == -EBUSY) return ErrorKind::busy;
  if (code == -EINVAL) return ErrorKind::invalid_input;
  if (sd_bus_error_has_name(&error, SD_BUS_ERROR_SERVICE_UNKNOWN) || sd_bus_error_has_name(&error, SD_BUS_ERROR_NAME_HAS_NO_OWNER)) return ErrorKind::not_found;
  return ErrorKind::io;
}

Error bus_error(const Peer& peer, int code, const sd_bus_error& error) {
  const std::string words = error.message != nullptr ? std::string(error.message) : std::generic_category().message(-code);
  return {kind_of(code, error), fmt::format("{}: {}", peer.name, words.substr(0, kMaxText))};
}

template <class... Args>
Result<Message> call(sd_bus* bus, const Peer& peer, const char* method, const char* types, Args... args) {
  BusError error;
  sd_bus_message *made = nullptr, *reply = nullptr;
  int code = sd_bus_message_new_method_call(bus, &made, peer.name, peer.path, peer.interface, method);
  const Message request(made);
  if constexpr (sizeof...(args) > 0)
    if (code >= 0) code = sd_bus_message_append(made, types, args...);
  if (code >= 0) code = sd_bus_call(bus, made, kPatience, &error.error, &reply);
  if (code < 0) return fail(bus_error(peer, code, error.error));
  return Message(reply);
}

template <class T>
Status status_of(const Result<T>& result) {
  return result ? Status{} : fail(result.error());
}

Result<std::string> text_property(sd_bus* bus, const char* name) {
  BusError error;
  char* text = nullptr;
  const int code = sd_bus_get_property_string(bus, kRauc.name, kRauc.path, kRauc.interface, name, &error.error, &text);
  const std::unique_ptr<char, decltype(&::free)> owned(text, &::free);
  if (code < 0) return fail(bus_error(kRauc, code, error.error));
  return std::string(text).substr(0, kMaxText);
}

Status add_progress(sd_bus* bus, Fields& facts) {
  BusError error;
  sd_bus_message* reply = nullptr;
  int code = sd_bus_get_property(bus, kRauc.name, kRauc.path, kRauc.interface, "Progress", &error.error, &reply, "(isi)");
  const Message owned(reply);
  int32_t percent = 0, depth = 0;
  const char* step = nullptr;
  if (code >= 0) code = sd_bus_message_read(reply, "(isi)", &percent, &step, &depth);
  if (code < 0) return fail(bus_error(kRauc, code, error.error));
  facts.emplace_back("progress", std::to_string(percent));
  facts.emplace_back("step", std::string(step).substr(0, kMaxText));
  return {};
}

// One {sv} of a slot: what we show of it, the rest is passed over.
int read_slot_fact(sd_bus_message* m, const std::string& prefix, Fields& facts) {
  const char *key = nullptr, *contents = nullptr;
  int code = sd_bus_message_read(m, "s", &key);
  if (code >= 0) code = sd_bus_message_peek_type(m, nullptr, &contents);
  if (code < 0) return code;
  const std::string_view name(key);
  const bool shown = name == "bootname" || name == "state" || name == "boot-status" || name == "bundle.version" || name == "installed.timestamp";
  if (!shown || contents == nullptr || std::string_view(contents) != "s") return sd_bus_message_skip(m, "v");
  const char* value = nullptr;
  code = sd_bus_message_read(m, "v", "s", &value);
  if (code < 0) return code;
  std::string field = prefix + std::string(name);
  for (char& c : field)
    if (c == '-') c = '_';
  facts.emplace_back(std::move(field), std::string(value).substr(0, kMaxText));
  return code;
}

int read_slot(sd_bus_message* m, size_t number, Fields& facts) {
  const char* name = nullptr;
  int code = sd_bus_message_enter_container(m, 'r', "sa{sv}");
  if (code <= 0) return code;
  code = sd_bus_message_read(m, "s", &name);
  const std::string prefix = fmt::format("slot.{}.", number);
  if (code >= 0) facts.emplace_back(prefix + "name", std::string(name).substr(0, kMaxText));
  if (code >= 0) code = sd_bus_message_enter_container(m, 'a', "{sv}");
  while (code >= 0 && (code = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
    code = read_slot_fact(m, prefix, facts);
    if (code >= 0) code = sd_bus_message_exit_container(m);
  }
  if (code >= 0) code = sd_bus_message_exit_container(m);
  if (code >= 0) code = sd_bus_message_exit_container(m);
  return code < 0 ? code : 1;
}

Status add_slots(sd_bus* bus, Fields& facts) {
  auto reply = call(bus, kRauc, "GetSlotStatus", "");
  if (!reply) return fail(std::move(reply.error()));
  int code = sd_bus_message_enter_container(reply->get(), 'a', "(sa{sv})");
  for (size_t number = 0; code > 0 && number < kMaxSlots; ++number) {
    code = read_slot(reply->get(), number, facts);
    if (code == 0) return {};
  }
  if (code < 0) return fail(ErrorKind::corrupt, "de.pengutronix.rauc: its slots cannot be read");
  return {};
}

}  // namespace

void BusMachine::Close::operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }

Result<sd_bus*> BusMachine::bus() {
  if (bus_ && sd_bus_is_open(bus_.get()) > 0) {
    while (sd_bus_process(bus_.get(), nullptr) > 0) {}  // what the bus sent meanwhile; also notices that it is gone
    if (sd_bus_is_open(bus_.get()) > 0) return bus_.get();
  }
  sd_bus* opened = nullptr;
  const int code = sd_bus_open_system(&opened);
  if (code < 0) return fail(ErrorKind::io, "the system bus: " + std::generic_category().message(-code));
  bus_.reset(opened);
  return opened;
}

Status BusMachine::set_hostname(const std::string& name) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  if (auto done = call(*b, kHostname, "SetStaticHostname", "sb", name.c_str(), 0); !done) return status_of(done);
  return status_of(call(*b, kHostname, "SetHostname", "sb", name.c_str(), 0));
}

Status BusMachine::set_zone(const std::string& zone) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  return status_of(call(*b, kTimedate, "SetTimezone", "sb", zone.c_str(), 0));
}

Status BusMachine::set_time(Time at) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  return status_of(call(*b, kTimedate, "SetTime", "xbb", static_cast<int64_t>(at.time_since_epoch().count()), 0, 0));
}

Status BusMachine::keep_time(bool by_network) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  if (auto done = call(*b, kTimedate, "SetNTP", "bb", by_network ? 1 : 0, 0); !done || !by_network) return status_of(done);
  return status_of(call(*b, kSystemd, "RestartUnit", "ss", "systemd-timesyncd.service", "replace"));
}

Status BusMachine::reload_network() {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  return status_of(call(*b, kNetwork, "Reload", ""));
}

Result<Fields> BusMachine::inspect_bundle(const std::string& path) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  auto reply = call(*b, kRauc, "Info", "s", path.c_str());
  if (!reply) return fail(std::move(reply.error()));
  const char *compatible = nullptr, *version = nullptr;
  if (sd_bus_message_read(reply->get(), "ss", &compatible, &version) < 0) return fail(ErrorKind::corrupt, "de.pengutronix.rauc: its answer cannot be read");
  return Fields{{"compatible", std::string(compatible).substr(0, kMaxText)}, {"version", std::string(version).substr(0, kMaxText)}};
}

Status BusMachine::install_bundle(const std::string& path) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  return status_of(call(*b, kRauc, "InstallBundle", "sa{sv}", path.c_str(), 0));
}

Result<Fields> BusMachine::update_status() {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  Fields facts;
  for (const auto& [property, key] : {std::pair("Operation", "operation"), {"LastError", "last_error"}, {"BootSlot", "booted"}, {"Compatible", "compatible"}}) {
    auto text = text_property(*b, property);
    if (!text) return fail(std::move(text.error()));
    facts.emplace_back(key, std::move(*text));
  }
  if (auto added = add_progress(*b, facts); !added) return fail(std::move(added.error()));
  if (auto added = add_slots(*b, facts); !added) return fail(std::move(added.error()));
  return facts;
}

Status BusMachine::mark_booted(bool good) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  return status_of(call(*b, kRauc, "Mark", "ss", good ? "good" : "bad", "booted"));
}

Status BusMachine::begin(const char* unit) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  return status_of(call(*b, kSystemd, "StartUnit", "ss", unit, "replace"));
}

Status BusMachine::write_diagnostics() { return begin("holdfast-diagnostics.service"); }
Status BusMachine::take_settings() { return begin("holdfast-settings.service"); }

Status BusMachine::shut_down(bool power_off) {
  auto b = bus();
  if (!b) return fail(std::move(b.error()));
  return status_of(call(*b, kLogin, power_off ? "PowerOff" : "Reboot", "b", 0));
}

}  // namespace hf::deviced
