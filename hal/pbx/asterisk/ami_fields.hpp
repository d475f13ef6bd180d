// The keys of one AMI message, split once. In: the text of a message. Out: the first value of each key the agent cares
// about. Keys are compared without case (Uniqueid, UniqueID, DestUniqueId are all seen in one stream of Asterisk 16 and
// 22).
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string_view>

namespace hf::pbx {

enum class AmiKey : uint8_t {
  none,
  actionid,
  appdata,
  application,
  applicationdata,
  asteriskversion,
  bridgeid,
  bridgenumchannels,
  bridgeuniqueid,
  calleridnum,
  calls,
  cause,
  challenge,
  channel,
  channelstate,
  context,
  corestartupdate,
  corestartuptime,
  count,
  destuniqueid,
  device,
  dialstatus,
  duration,
  event,
  exten,
  extension,
  holdtime,
  incall,
  interface,
  lastcall,
  linkedid,
  location,
  max,
  membername,
  message,
  metric,
  module,
  name,
  origtransfereruniqueid,
  paused,
  pausedreason,
  penalty,
  position,
  question,
  queue,
  reason,
  response,
  result,
  ringtime,
  scale,
  score,
  servicelevel,
  state,
  stateinterface,
  status,
  talktime,
  timestamp,
  transfereeuniqueid,
  transfereruniqueid,
  transfertargetuniqueid,
  uniqueid,
  userevent,
  value,
  variable,
  wait,
  wrapuptime,
  size
};

class AmiFields {
 public:
  // Replaces what was there; the views live as long as `message` does. Lines without ':' are passed over; of a repeated
  // key the first value stays (TestEvent has State twice, ChanVariable comes once per variable, a UserEvent adds any
  // key the dialplan's author chose).
  void split(std::string_view message);

  bool has(AmiKey key) const { return present_[static_cast<size_t>(key)]; }
  // Empty when the key is missing.
  std::string_view operator[](AmiKey key) const {
    return has(key) ? values_[static_cast<size_t>(key)] : std::string_view{};
  }

 private:
  std::array<std::string_view, static_cast<size_t>(AmiKey::size)> values_;
  std::bitset<static_cast<size_t>(AmiKey::size)> present_;
};

// AmiKey::none for a key nobody reads.
AmiKey ami_key(std::string_view name);

// "Key: value\r" -> value without the one blank after the colon and the end of line; false without a colon.
bool split_ami_line(std::string_view line, std::string_view& key, std::string_view& value);

}  // namespace hf::pbx
