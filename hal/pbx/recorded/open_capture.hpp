// Recorded history as batches of events, for replay, tests and the command line tool.
// In: a capture folder, one AMI stream, or a queue_log, plain or gzipped. Out: the same events a live source would have
// given, in order.
//
// A folder holds ami.log[.gz] with ami.times[.gz] and, if there is one, ami.conns[.gz]; without ami.log its queue_log
// files are read, rotated ones included, oldest first. ami.times has one line a received chunk, "unix-seconds offset
// length"; ami.conns one line a start or end of the connection, "unix-seconds offset connect ...|closed ...|refused
// ...". A single AMI stream is joined with the files of its own name (x.log.gz: x.times, x.conns), else with those
// named ami.* beside it; without times its Timestamp keys must tell.
//
// An Event Socket stream of FreeSWITCH is esl-plain.raw or esl-json.raw with, named like it, .idx ("unix-milliseconds
// offset length"), .conns ({"t": ms, "offset": n, "event": "connected|eof|refused|end"} a line) and .sent ({"t": ms,
// "offset": n, "cmd": "api ..."}: what the recorder asked, without which its answers cannot be read).
//
// sip.hep is SIP as HEPv3 frames, one behind the other.
//
// A table of CDR, CEL or queue_log as CSV, or a folder with such tables and none of the streams above, is joined with
// the others of the folder (history_capture.hpp).
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "hal/pbx/capture.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

// not_found, denied, io; invalid_input when it is neither an AMI stream nor a queue_log, or when nothing tells its
// times (the text names what is missing). `site_key` makes callers' numbers into pseudonyms.
Result<std::unique_ptr<CaptureReader>> open_capture(const std::filesystem::path& path, const SipKey& site_key);
// One path, or several that belong together: tables and queue_logs of one PBX. Errors as above; invalid_input for a
// stream beside another file.
Result<std::unique_ptr<CaptureReader>> open_captures(const std::vector<std::filesystem::path>& paths,
                                                     const SipKey& site_key);

}  // namespace hf::pbx
