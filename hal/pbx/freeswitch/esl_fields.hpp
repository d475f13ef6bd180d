// The headers of one Event Socket event, split once. In: the text of a plain or JSON event. Out: the first value of
// each header the agent cares about, decoded. Names are compared as they are: FreeSWITCH writes each in one way.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>

namespace hf::pbx {

enum class EslKey : uint8_t {
  none,
  answer_state,
  application,
  application_data,
  bridge_a_unique_id,
  bridge_b_unique_id,
  cc_action,
  cc_agent,
  cc_agent_aborted_time,
  cc_agent_answered_time,
  cc_agent_called_time,
  cc_agent_contact,
  cc_agent_state,
  cc_agent_status,
  cc_agent_uuid,
  cc_bridge_terminated_time,
  cc_cancel_reason,
  cc_cause,
  cc_hangup_cause,
  cc_member_joined_time,
  cc_member_session_uuid,
  cc_queue,
  call_direction,
  caller_caller_id_number,
  caller_channel_answered_time,
  caller_context,
  caller_destination_number,
  caller_network_addr,
  channel_name,
  event_calling_function,
  event_date_timestamp,
  event_name,
  event_subclass,
  freeswitch_version,
  hangup_cause,
  job_command,
  job_command_arg,
  job_uuid,
  other_leg_unique_id,
  playback_file_path,
  survey_id,
  survey_question,
  survey_queue,
  survey_scale,
  survey_score,
  unique_id,
  uptime_msec,
  body,
  var_cc_agent,
  var_cc_member_session_uuid,
  var_dialed_domain,
  var_dialed_user,
  var_domain_name,
  var_hangup_cause_q850,
  var_last_bridge_hangup_cause,
  var_sip_call_id,
  var_sip_gateway_name,
  var_sip_hangup_disposition,
  var_user_name,
  size
};

class EslFields {
 public:
  // Replaces what was there; the views live as long as `event` does. Plain: lines up to the first blank line, then a
  // body. Of a repeated header the first value stays (sendevent writes Content-Length twice, [1.10.12]).
  void split_plain(std::string_view event);
  void split_json(std::string_view event);

  bool has(EslKey key) const { return present_[static_cast<size_t>(key)]; }
  // Without percent-encoding or escapes; of a list the first entry; empty when the header is missing.
  std::string operator[](EslKey key) const;
  // As it was sent.
  std::string_view raw(EslKey key) const { return has(key) ? values_[static_cast<size_t>(key)] : std::string_view{}; }
  // What the event carries behind its headers: the answer of a background job.
  std::string body() const;

 private:
  void keep(EslKey key, std::string_view value);

  std::array<std::string_view, static_cast<size_t>(EslKey::size)> values_;
  std::bitset<static_cast<size_t>(EslKey::size)> present_;
  bool json_ = false;
};

// EslKey::none for a header nobody reads.
EslKey esl_key(std::string_view name);

// The name of a plain or JSON event without splitting it: "CHANNEL_CREATE"; empty when there is none among the first
// headers. CUSTOM events have others before it.
std::string_view esl_event_name(std::string_view event, bool json);

// "%2B44" -> "+44"; a '%' that no two hex digits follow stays. '+' stays: it is always sent as %2B.
std::string percent_decoded(std::string_view text);

}  // namespace hf::pbx
