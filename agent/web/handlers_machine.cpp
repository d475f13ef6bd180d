// The machine below the agent: network, clock, name, power, reset. Each request goes to the device service as it is; its answer comes back from the desk's worker.
#include <algorithm>
#include <array>

#include "agent/machine/desk.hpp"
#include "agent/web/fields.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/machine_json.hpp"
#include "agent/web/to_json.hpp"
#include "agent/web/told.hpp"

namespace hf::web {

namespace {

using Held = std::shared_ptr<Exchange>;

constexpr TextSize kAddress{0, 64}, kName{1, 64}, kServer{1, 253}, kWord{1, 32};
constexpr size_t kAuditLines = 100;
constexpr std::string_view kNone = "this machine is kept by its own administrator: it has no device service";

machine::Visit visit_of(const Exchange& exchange) { return {exchange.session->user + "@" + exchange.request.peer_address, exchange.request.own_address}; }

// The device service's limits begin with the field's name: "address: must be like 192.0.2.7/24". Names are the same here and there.
std::string_view field_in(std::string_view what, std::string_view otherwise) {
  constexpr std::array<std::string_view, 14> kFields{"interface", "dhcp", "address", "gateway", "dns", "confirm_within", "token", "at", "servers", "zone", "name", "not_after", "level", "sure"};
  const auto found = std::ranges::find(kFields, what.substr(0, what.find(':')));
  return found == kFields.end() ? otherwise : *found;
}

// What the service refuses, and what it says of systemd, is told in its words: the admin must know.
http::Response refusal(const Error& error, std::string_view field) {
  switch (error.kind) {
    case ErrorKind::invalid_input: return error_answer(error, field_in(error.what, field));
    case ErrorKind::timed_out:
    case ErrorKind::closed: return error_answer(503, "unavailable", error.what);
    default: return error_answer(409, "conflict", error.what);
  }
}

// What was asked for, as the audit log keeps it.
struct Deed {
  std::string action, target, field;  // field: that an error without one is about
};

// As told() of told.hpp, with the device service's refusals in its own words.
http::Response told(Context& context, const Exchange& exchange, const Deed& deed, const Status& done, http::Response good) {
  const access::AuditEntry row{.action = deed.action, .target = deed.target.substr(0, 200)};
  if (auto written = write_down(context, exchange, row, done); !written) return error_answer(written.error());
  return done ? std::move(good) : refusal(done.error(), deed.field);
}

void send(Context& context, const Held& exchange, device::Request request, Deed deed) {
  if (context.machine == nullptr) return exchange->answer(error_answer(409, "conflict", kNone));
  context.machine->ask(visit_of(*exchange), std::move(request), [&context, exchange, deed = std::move(deed)](const Result<device::Fields>& answer) {
    exchange->answer(told(context, *exchange, deed, status_of(answer), empty_answer()));
  });
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

// {"what": "restart" | "power_off", "when": "now" | "window"}
struct Power {
  bool power_off = false;
  updates::Restart when{};
  std::string words;
};
std::optional<Power> read_power(const Exchange& exchange, std::optional<BadField>& bad) {
  FieldReader in(exchange.body, bad);
  std::string what, when;
  in.text("what", what, kWord);
  in.text("when", when, kWord);
  in.done();
  if (!bad && what != "restart" && what != "power_off") in.refuse("what", "must be restart or power_off");
  if (!bad && when != "now" && when != "window") in.refuse("when", "must be now or window");
  if (bad) return std::nullopt;
  return Power{what == "power_off", when == "now" ? updates::Restart::now : updates::Restart::window, what + " " + when};
}

http::Response window_answer(const updates::Window& window) { return json_answer(200, boost::json::object{{"from", json(window.from)}, {"to", json(window.to)}}); }

device::ResetLevel level_of(std::string_view word) {
  using enum device::ResetLevel;
  return word == "settings" ? settings : word == "data" ? data : word == "everything" ? everything : none;
}

}  // namespace

void machine_now(Context& context, const Held& exchange) {
  if (context.machine == nullptr) return exchange->answer(json_answer(200, to_json(machine::View{}, context.clock.now())));
  context.machine->look(visit_of(*exchange), [&context, exchange](const Result<machine::View>& view) {
    exchange->answer(view ? json_answer(200, to_json(*view, context.clock.now())) : error_answer(view.error()));
  });
}

void set_network(Context& context, const Held& exchange) {
  std::optional<BadField> bad;
  FieldReader in(exchange->body, bad);
  device::SetNetwork set;
  int64_t within = 0;
  in.text("interface", set.interface, {1, 15});
  in.boolean("dhcp", set.dhcp);
  in.text("address", set.address, kAddress);
  in.text("gateway", set.gateway, kAddress);
  in.texts("dns", set.dns, 3, kAddress);
  in.integer("confirm_within", within, 30, 600);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  if (context.machine == nullptr) return exchange->answer(error_answer(409, "conflict", kNone));
  set.confirm_within = device::Seconds(within);
  Deed deed{"machine.network", set.interface + " " + (set.dhcp ? "dhcp" : set.address + " via " + set.gateway) + " dns " + joined(set.dns), "interface"};
  context.machine->ask(visit_of(*exchange), std::move(set), [&context, exchange, deed = std::move(deed), within](const Result<device::Fields>& answer) {
    const std::string token(answer ? device::find(*answer, "token").value_or(std::string_view()) : std::string_view());
    exchange->answer(told(context, *exchange, deed, status_of(answer), json_answer(202, {{"token", token}, {"confirm_within", within}})));
  });
}

void confirm_network(Context& context, const Held& exchange) {
  std::optional<BadField> bad;
  FieldReader in(exchange->body, bad);
  device::ConfirmNetwork confirm;
  in.text("token", confirm.token, {32, 32});
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  send(context, exchange, std::move(confirm), {"machine.network_keep", exchange->request.own_address, "token"});
}

void revert_network(Context& context, const Held& exchange) { send(context, exchange, device::RevertNetwork{}, {"machine.network_revert", "", ""}); }

void set_time_servers(Context& context, const Held& exchange) {
  std::optional<BadField> bad;
  FieldReader in(exchange->body, bad);
  device::SetTimeServers set;
  in.texts("servers", set.servers, 4, kServer);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  std::string target = joined(set.servers);
  send(context, exchange, std::move(set), {"machine.time_servers", std::move(target), "servers"});
}

void set_zone(Context& context, const Held& exchange) {
  std::optional<BadField> bad;
  FieldReader in(exchange->body, bad);
  device::SetZone set;
  in.text("zone", set.zone, kName);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  send(context, exchange, set, {"machine.zone", set.zone, "zone"});
}

void set_hostname(Context& context, const Held& exchange) {
  std::optional<BadField> bad;
  FieldReader in(exchange->body, bad);
  device::SetHostname set;
  in.text("name", set.name, kName);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  send(context, exchange, set, {"machine.hostname", set.name, "name"});
}

void set_time(Context& context, const Held& exchange) {
  std::optional<BadField> bad;
  FieldReader in(exchange->body, bad);
  int64_t at = 0;
  in.integer("at", at, 0, UINT32_MAX);
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  send(context, exchange, device::SetTime{device::Moment(device::Seconds(at))}, {"machine.time", std::to_string(at), "at"});
}

// A version that waits for its start is started by who brought it: one who starts the box, not two.
void shut_down(Context& context, const Held& exchange) {
  std::optional<BadField> bad;
  const auto power = read_power(*exchange, bad);
  if (!power) return exchange->answer(error_answer(*bad));
  if (context.machine == nullptr) return exchange->answer(error_answer(409, "conflict", kNone));
  const Deed deed{"machine.power", power->words, "when"};
  const auto waiting = context.updates != nullptr && !power->power_off ? std::optional(context.updates->overview()) : std::nullopt;
  if (waiting && waiting->stage == updates::Stage::installed) {
    const auto asked = context.updates->restart(power->when, visit_of(*exchange).actor);
    const Time now = context.clock.now();
    const updates::Window window = power->when == updates::Restart::window && waiting->next_window ? *waiting->next_window : updates::Window{now, now};
    return exchange->answer(told(context, *exchange, deed, asked, window_answer(window)));
  }
  context.machine->shut_down(visit_of(*exchange), power->power_off, power->when, [&context, exchange, deed](const Result<updates::Window>& window) {
    exchange->answer(told(context, *exchange, deed, status_of(window), window ? window_answer(*window) : http::Response()));
  });
}

void cancel_shutdown(Context& context, const Held& exchange) {
  const Deed deed{"machine.power", "taken back", ""};
  if (context.updates != nullptr && context.updates->overview().restart) {
    const auto asked = context.updates->restart(updates::Restart::later, visit_of(*exchange).actor);
    return exchange->answer(told(context, *exchange, deed, asked, empty_answer()));
  }
  send(context, exchange, device::CancelShutdown{}, deed);
}

void factory_reset(Context& context, const Held& exchange) {
  std::optional<BadField> bad;
  FieldReader in(exchange->body, bad);
  std::string level, sure, password;
  in.text("level", level, kWord);
  in.text("sure", sure, {0, 32});
  in.secret("password", password, {0, access::kMaxPassword});
  in.done();
  if (bad) return exchange->answer(error_answer(*bad));
  if (context.machine == nullptr || !context.machine->present()) return exchange->answer(error_answer(409, "conflict", kNone));
  const device::FactoryReset reset{level_of(level), sure};
  if (auto good = device::check(device::Request(reset)); !good) return exchange->answer(refusal(good.error(), "level"));
  context.access.confirm_password(exchange->caller(), std::move(password), "machine.reset", [&context, exchange, reset, level](access::Outcome<void> right) {
    if (!right) return exchange->answer(error_answer(right.error()));
    send(context, exchange, reset, {"machine.reset", level, "level"});
  });
}

void write_diagnostics(Context& context, const Held& exchange) { send(context, exchange, device::WriteDiagnostics{}, {"machine.diagnostics", "", ""}); }

void machine_audit(Context& context, const Held& exchange) {
  if (context.machine == nullptr || !context.machine->present()) return exchange->answer(json_answer(200, boost::json::object{{"lines", boost::json::array()}}));
  context.machine->ask(visit_of(*exchange), device::ReadAudit{kAuditLines}, [exchange](const Result<device::Fields>& answer) {
    if (!answer) return exchange->answer(refusal(answer.error(), ""));
    boost::json::array lines;
    for (const auto& [key, line] : *answer) lines.push_back(json(line));
    exchange->answer(json_answer(200, boost::json::object{{"lines", std::move(lines)}}));
  });
}

}  // namespace hf::web
