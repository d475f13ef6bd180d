#include "hal/pbx/sip/sip_message.hpp"

#include <gmock/gmock.h>

#include "hal/pbx/sip/sip_stream.hpp"
#include "sip_words.hpp"

namespace hf::pbx {
namespace {

const std::string kInvite = message({"INVITE sip:5550101@192.0.2.1;user=phone SIP/2.0"});

TEST(SipMessage, reads_the_fields_that_tell_of_calls) {
  const auto m = parse_sip(kInvite);
  ASSERT_TRUE(m) << m.error().what;
  EXPECT_TRUE(m->request());
  EXPECT_EQ(m->method, SipMethod::invite);
  EXPECT_EQ(parse_sip_party(m->uri).user, "5550101");
  EXPECT_EQ(m->call_id, "c1");
  EXPECT_EQ(m->cseq, 1u);
  EXPECT_EQ(m->from.user, "+493028100017");
  EXPECT_EQ(m->from.tag, "f1");
  EXPECT_EQ(m->to.tag, "");
}

TEST(SipMessage, reads_compact_names_folded_lines_and_bare_line_feeds) {
  const auto m = parse_sip(
      "SIP/2.0 200\nv: SIP/2.0/UDP 192.0.2.9\n ;branch=z9\nf:\"Ann \\\"<x>;tag=no\\\"\" <sip:ann@a>\r\n\t;tag=f2\nt : "
      "<tel:+4930281;ext=1>;TAG=t2\n"
      "i: c2\ncSEQ: 7  INVITE\nl: 3\n\nabcdef");
  ASSERT_TRUE(m) << m.error().what;
  EXPECT_EQ(m->status, 200);
  EXPECT_EQ(m->method, SipMethod::invite);
  EXPECT_EQ(m->from.user, "ann");
  EXPECT_EQ(m->from.tag, "f2");
  EXPECT_EQ(m->to.user, "+4930281");
  EXPECT_EQ(m->to.tag, "t2");
  EXPECT_EQ(m->body, "abc") << "what lies behind Content-Length is not the body";
}

TEST(SipMessage, takes_the_q850_reason_of_two) {
  const std::string bytes = message(
      {.start = "BYE sip:a@b SIP/2.0",
       .method = "BYE",
       .more =
           "Reason: SIP;cause=200\r\nReason: Q.850;cause=31;text=\"x;y\"\r\n"});
  const auto m = parse_sip(bytes);
  ASSERT_TRUE(m) << m.error().what;
  EXPECT_EQ(q850_cause(m->reason), 31);
}

TEST(SipMessage, keeps_the_headers_of_a_message_that_the_capture_has_cut) {
  const std::string bytes = kInvite.substr(0, kInvite.find("Content-Length")) + "Content-Length: 400\r\n\r\nv=0\r\n";
  const auto m = parse_sip(bytes);
  ASSERT_TRUE(m) << m.error().what;
  EXPECT_TRUE(m->cut);
  EXPECT_EQ(m->body, "v=0\r\n");
}

TEST(SipMessage, names_what_is_wrong) {
  const auto wrong = [](std::string bytes) {
    const auto m = parse_sip(bytes);
    return m ? std::string("read") : m.error().what;
  };
  const auto without = [](const std::string& header) {
    std::string bytes = kInvite;
    const size_t at = bytes.find(header);
    return bytes.erase(at, bytes.find('\n', at) + 1 - at);
  };
  EXPECT_EQ(wrong("hello\r\n\r\n"), "SIP: neither a request line nor a status line of SIP/2.0");
  EXPECT_EQ(wrong("SIP/2.0 777 Lucky\r\n\r\n"), "SIP: the status line has no status of 100 to 699");
  EXPECT_EQ(wrong("INVITE"), "SIP: the first line has no end");
  EXPECT_EQ(wrong(without("Call-ID")), "SIP: Call-ID is missing");
  EXPECT_EQ(wrong(without("CSeq")), "SIP: CSeq is missing");
  EXPECT_EQ(wrong(message({.start = "INVITE sip:a@b SIP/2.0", .more = "Call-ID: other\r\n"})),
            "SIP: Call-ID is given twice");
  EXPECT_EQ(wrong(message({.start = "INVITE sip:a@b SIP/2.0", .method = "BYE"})),
            "SIP: the method of CSeq is not that of the request");
  EXPECT_EQ(wrong(message({.start = "INVITE sip:a@b SIP/2.0", .more = "Content-Length: 99999999999999999999999\r\n"})),
            "SIP: Content-Length is no number or given twice");
  EXPECT_EQ(wrong("OPTIONS sip:a@b SIP/2.0\r\nno colon here\r\n\r\n"), "SIP: header 1 has no name");
  EXPECT_EQ(wrong(message({.start = "INVITE sip:a@b SIP/2.0", .more = "X: " + std::string(20'000, 'x') + "\r\n"})),
            "SIP: a header of more than 16384 bytes");
  std::string many;
  for (int i = 0; i < 300; ++i) many += "X: y\r\n";
  EXPECT_EQ(wrong(message({.start = "INVITE sip:a@b SIP/2.0", .more = many})), "SIP: more than 256 headers");
}

TEST(SipMessage, undoes_the_escapes_of_a_replaced_call) {
  EXPECT_EQ(replaced_call_id_of("<sip:7@pbx?a=b&Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>"), "a@b");
  EXPECT_EQ(replaced_call_id("x@y;to-tag=1;from-tag=2"), "x@y");
  EXPECT_EQ(replaced_call_id_of("<sip:7@pbx>"), "");
  EXPECT_EQ(replaced_call_id_of("<sip:7@pbx?Replaces=a%4"), "a%4");
}

TEST(SipCause, follows_rfc_3398) {
  EXPECT_EQ(q850_of_status(486), 17);
  EXPECT_EQ(q850_of_status(404), 1);
  EXPECT_EQ(q850_of_status(503), 41);
  EXPECT_EQ(q850_of_status(603), 21);
  EXPECT_EQ(q850_of_status(499), 127);
  EXPECT_EQ(q850_cause("SIP;cause=200"), std::nullopt);
  EXPECT_EQ(q850_cause("q.850 ; cause=16"), 16);
  EXPECT_EQ(q850_cause("Q.850;cause=900"), std::nullopt);
}

std::vector<std::string> cut_out(std::string_view bytes, size_t chunk, SipStream& stream) {
  std::vector<std::string> all;
  for (size_t at = 0; at < bytes.size(); at += chunk) {
    stream.feed(bytes.substr(at, chunk));
    for (std::string_view m; stream.next(m);) all.emplace_back(m);
  }
  return all;
}

TEST(SipStream, cuts_messages_by_their_length_however_the_bytes_come) {
  const std::string bye =
      message({.start = "BYE sip:a@b SIP/2.0", .method = "BYE", .body = "INVITE sip:x SIP/2.0\r\n\r\n"});
  for (const size_t chunk : {1u, 7u, 100u, 5000u}) {
    SipStream stream;
    EXPECT_THAT(cut_out("\r\n\r\n" + kInvite + "\r\n\r\n" + bye + kInvite, chunk, stream),
                testing::ElementsAre(kInvite, bye, kInvite))
        << chunk;
    EXPECT_EQ(stream.malformed(), 0u);
  }
}

TEST(SipStream, finds_its_way_back_after_garbage_and_after_a_gap) {
  for (const size_t chunk : {1u, 64u, 5000u}) {
    SipStream stream;
    EXPECT_THAT(cut_out("GET / HTTP/1.1\r\nHost: x\r\n\r\n" + kInvite, chunk, stream), testing::ElementsAre(kInvite))
        << chunk;
    EXPECT_EQ(stream.malformed(), 1u);
    EXPECT_THAT(cut_out(kInvite.substr(0, 60), chunk, stream), testing::IsEmpty());
    stream.gap();
    EXPECT_THAT(cut_out("f tail\r\n\r\n" + kInvite, chunk, stream), testing::ElementsAre(kInvite));
  }
}

TEST(SipStream, does_not_wait_for_a_message_that_is_too_long) {
  SipStream stream;
  std::string endless = "INVITE sip:a@b SIP/2.0\r\n";
  for (int i = 0; i < 9'000; ++i) endless += "X: yyyyyyyyyy\r\n";
  EXPECT_THAT(cut_out(endless, 1000, stream), testing::IsEmpty());
  EXPECT_GE(stream.malformed(), 1u);
  EXPECT_THAT(cut_out("\r\n\r\n" + kInvite, 1000, stream), testing::ElementsAre(kInvite));
}

}  // namespace
}  // namespace hf::pbx
