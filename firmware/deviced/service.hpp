// The device service without its socket: who may ask, what is done, what is written down, what happens later. One thread.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "firmware/deviced/audit_file.hpp"
#include "firmware/deviced/board_devices.hpp"
#include "firmware/deviced/machine.hpp"
#include "firmware/deviced/network_keeper.hpp"
#include "hal/board/survey.hpp"
#include "hal/device/request.hpp"
#include "hal/platform/clock.hpp"

namespace hf::deviced {

struct Places {
  Path state = "/var/lib/holdfast-device";
  Path live_network = "/run/systemd/network";
  Path time_servers = "/run/systemd/timesyncd.conf.d";
  std::vector<Path> bundles{"/var/lib/holdfast-updates", "/run/holdfast-usb"};  // where an update may lie
  Path data_partition = "/dev/disk/by-partlabel/data";
  board::Places board;  // what disks and watchdog are read from
  Path release = "/usr/lib/os-release";
  Path hostname = "/etc/hostname", zone = "/etc/localtime";  // as they are now, whoever set them
};

// Who is at the other end of the socket, by the kernel's word.
struct Peer {
  uid_t uid = static_cast<uid_t>(-1);
  pid_t pid = 0;
  std::string program;  // of /proc/PID/comm: for people, never for a decision
};

class Service {
 public:
  // `allowed`: the users that may ask, beside root.
  Service(Places places, std::vector<uid_t> allowed, Machine& machine, BoardDevices& board, Clock& clock, Random& random, AuditFile audit);

  // One message, one answer. Each request is in the audit log when its answer is made, refused ones too; without a log nothing is done.
  std::string answer(const Peer& peer, std::string_view message);

  // Carries out what is due: a network setting that nobody confirmed, a shutdown whose window has begun, a relay that falls back, the lamp's rhythm.
  void tick();
  // When tick() is wanted next; nothing: not before the next message.
  std::optional<SteadyTime> next_tick() const;

  // After a start: name, zone and time servers as they were set before, since /etc does not survive a reboot. Errors are logged.
  void apply_kept();

 private:
  struct Reading {  // of a request that only reads: written down once an hour
    SteadyTime told{};
    uint64_t since = 0;
  };
  Result<Fields> decide(const Peer& peer, const device::Ask& ask);
  Result<Fields> run(const device::Request& request);
  Status write_down(const Peer& peer, const device::Ask& ask, std::string_view result);
  bool told_lately(const Peer& peer, const device::Ask& ask);
  void note(std::string_view text);
  Status keep(const char* name, const std::string& value) const;
  std::string kept(const char* name) const;
  Status check_bundle_place(const std::string& path) const;

  Result<Fields> operator()(const device::GetStatus&);
  Result<Fields> operator()(const device::SetNetwork& r);
  Result<Fields> operator()(const device::ConfirmNetwork& r);
  Result<Fields> operator()(const device::RevertNetwork&);
  Result<Fields> operator()(const device::SetTime& r);
  Result<Fields> operator()(const device::SetTimeServers& r);
  Result<Fields> operator()(const device::SetZone& r);
  Result<Fields> operator()(const device::SetHostname& r);
  Result<Fields> operator()(const device::InspectUpdate& r);
  Result<Fields> operator()(const device::InstallUpdate& r);
  Result<Fields> operator()(const device::UpdateStatus&);
  Result<Fields> operator()(const device::MarkBooted& r);
  Result<Fields> operator()(const device::Shutdown& r);
  Result<Fields> operator()(const device::CancelShutdown&);
  Result<Fields> operator()(const device::FactoryReset& r);
  Result<Fields> operator()(const device::SetLamp& r);
  Result<Fields> operator()(const device::SetRelay& r);
  Result<Fields> operator()(const device::BoardState&);
  Result<Fields> operator()(const device::WriteDiagnostics&);
  Result<Fields> operator()(const device::TakeSettings&);
  Result<Fields> operator()(const device::ReadAudit& r);

  Places places_;
  std::vector<uid_t> allowed_;
  Machine& machine_;
  BoardDevices& board_;
  Clock& clock_;
  Random& random_;
  AuditFile audit_;
  NetworkKeeper network_;
  std::optional<device::Shutdown> shutdown_;
  std::map<std::string, Reading> readings_;
  bool confirmed_ = false;  // the running version was marked good since this program began; health says so again every five minutes
};

}  // namespace hf::deviced
