// What each route does, named as its operationId in openapi.yaml. Called on the web worker's thread, after origin, session, role and form were checked.
#pragma once

#include <memory>

#include "agent/web/route.hpp"

namespace hf::web {

// handlers_access.cpp
http::Response openapi(Context&, const Exchange&);
http::Response state(Context&, const Exchange&);
void setup(Context&, const std::shared_ptr<Exchange>&);
void login(Context&, const std::shared_ptr<Exchange>&);
http::Response logout(Context&, const Exchange&);
http::Response session(Context&, const Exchange&);
void change_password(Context&, const std::shared_ptr<Exchange>&);

// handlers_users.cpp
http::Response users(Context&, const Exchange&);
void add_user(Context&, const std::shared_ptr<Exchange>&);
void change_user(Context&, const std::shared_ptr<Exchange>&);
http::Response delete_user(Context&, const Exchange&);
http::Response audit(Context&, const Exchange&);
http::Response verify_audit(Context&, const Exchange&);
http::Response export_audit(Context&, const Exchange&);

// handlers_live.cpp
http::Response live(Context&, const Exchange&);
http::Response live_events(Context&, const Exchange&);
http::Response incidents_list(Context&, const Exchange&);
http::Response incident(Context&, const Exchange&);
http::Response acknowledge(Context&, const Exchange&);
http::Response minutes(Context&, const Exchange&);
http::Response signals(Context&, const Exchange&);
http::Response formulas(Context&, const Exchange&);

// handlers_box.cpp
http::Response site_model(Context&, const Exchange&);
http::Response set_site_model(Context&, const Exchange&);
http::Response post_events(Context&, const Exchange&);
http::Response sources(Context&, const Exchange&);
http::Response outbox(Context&, const Exchange&);
http::Response outbox_item(Context&, const Exchange&);
http::Response hq(Context&, const Exchange&);
http::Response webhook(Context&, const Exchange&);
http::Response set_webhook(Context&, const Exchange&);
http::Response test_webhook(Context&, const Exchange&);
http::Response webhook_deliveries(Context&, const Exchange&);
http::Response health(Context&, const Exchange&);

// handlers_tools.cpp
http::Response coverage(Context&, const Exchange&);
http::Response listening(Context&, const Exchange&);
http::Response listen(Context&, const Exchange&);
http::Response propose_smdr(Context&, const Exchange&);
http::Response surveys(Context&, const Exchange&);
http::Response voice(Context&, const Exchange&);
http::Response import_surveys(Context&, const Exchange&);

// handlers_updates.cpp
http::Response updates_now(Context&, const Exchange&);
http::Response begin_upload(Context&, const Exchange&);
http::Response append_upload(Context&, const Exchange&);
http::Response inspect_bundle(Context&, const Exchange&);
http::Response install_bundle(Context&, const Exchange&);
http::Response discard_bundle(Context&, const Exchange&);
http::Response restart_box(Context&, const Exchange&);

// handlers_settings.cpp
http::Response settings(Context&, const Exchange&);
http::Response check_settings(Context&, const Exchange&);
http::Response set_settings(Context&, const Exchange&);
http::Response keep_settings_file(Context&, const Exchange&);
http::Response remove_settings_file(Context&, const Exchange&);
http::Response make_enrolment_request(Context&, const Exchange&);

// handlers_machine.cpp
void machine_now(Context&, const std::shared_ptr<Exchange>&);
void set_network(Context&, const std::shared_ptr<Exchange>&);
void confirm_network(Context&, const std::shared_ptr<Exchange>&);
void revert_network(Context&, const std::shared_ptr<Exchange>&);
void set_time_servers(Context&, const std::shared_ptr<Exchange>&);
void set_zone(Context&, const std::shared_ptr<Exchange>&);
void set_hostname(Context&, const std::shared_ptr<Exchange>&);
void set_time(Context&, const std::shared_ptr<Exchange>&);
void shut_down(Context&, const std::shared_ptr<Exchange>&);
void cancel_shutdown(Context&, const std::shared_ptr<Exchange>&);
void factory_reset(Context&, const std::shared_ptr<Exchange>&);
void write_diagnostics(Context&, const std::shared_ptr<Exchange>&);
void machine_audit(Context&, const std::shared_ptr<Exchange>&);

// handlers_rules.cpp
http::Response rules_list(Context&, const Exchange&);
http::Response add_rule(Context&, const Exchange&);
http::Response set_rule(Context&, const Exchange&);
http::Response delete_rule(Context&, const Exchange&);
http::Response snooze_rule(Context&, const Exchange&);
http::Response check_rule(Context&, const Exchange&);
http::Response firings(Context&, const Exchange&);
http::Response begin_backtest(Context&, const Exchange&);
http::Response backtest(Context&, const Exchange&);
http::Response cancel_backtest(Context&, const Exchange&);
http::Response hypotheses(Context&, const Exchange&);
http::Response add_hypothesis(Context&, const Exchange&);
http::Response delete_hypothesis(Context&, const Exchange&);
http::Response changes(Context&, const Exchange&);
http::Response declare_change(Context&, const Exchange&);
http::Response end_change(Context&, const Exchange&);

}  // namespace hf::web
