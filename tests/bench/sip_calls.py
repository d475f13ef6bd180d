#!/usr/bin/env python3
"""sip_calls.py CALLS: a packet capture on standard output: that many calls of one trunk as SIPp makes them, six messages each, a call every 10 ms."""
import socket
import struct
import sys

A, B = ("192.0.2.10", 5060), ("192.0.2.20", 5060)
SDP = "v=0\r\no=a 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"


def message(first, call, cseq, tag, contact, body=""):
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (f"{first}\r\nVia: SIP/2.0/UDP {A[0]}:{A[1]};branch=z9hG4bK-{call}-{cseq.split()[0]}\r\nFrom: <sip:+4930{call:07d}@{A[0]}>;tag=a{call}\r\n"
            f"To: <sip:5550101@{B[0]}>{f';tag={tag}' if tag else ''}\r\nCall-ID: {call}-7@{A[0]}\r\nCSeq: {cseq}\r\nContact: <sip:{contact[0]}:{contact[1]}>\r\n"
            f"Max-Forwards: 70\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}").encode()


def messages(call):
    """(seconds after the call's first, from, to, bytes)"""
    tag, to = f"b{call}", f"sip:5550101@{B[0]}"
    yield 0.0, A, B, message(f"INVITE {to} SIP/2.0", call, "1 INVITE", "", A, SDP.format(A[0]))
    yield 0.02, B, A, message("SIP/2.0 180 Ringing", call, "1 INVITE", tag, B)
    yield 1.0, B, A, message("SIP/2.0 200 OK", call, "1 INVITE", tag, B, SDP.format(B[0]))
    yield 1.02, A, B, message(f"ACK {to} SIP/2.0", call, "1 ACK", tag, A)
    yield 4.0, A, B, message(f"BYE {to} SIP/2.0", call, "2 BYE", tag, A)
    yield 4.02, B, A, message("SIP/2.0 200 OK", call, "2 BYE", tag, B)


def packet(source, target, payload):
    udp = struct.pack("!HHHH", source[1], target[1], 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, socket.inet_aton(source[0]), socket.inet_aton(target[0]))
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    head = head[:10] + struct.pack("!H", ~total & 0xFFFF) + head[12:]
    return bytes(12) + b"\x08\x00" + head + udp


def main():
    frames = sorted(((call * 0.01 + after, source, target, payload) for call in range(int(sys.argv[1])) for after, source, target, payload in messages(call)), key=lambda f: f[0])
    out = sys.stdout.buffer
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    for at, source, target, payload in frames:
        frame, micros = packet(source, target, payload), round((1_772_445_600 + at) * 1_000_000)
        out.write(struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(frame), len(frame)) + frame)


main()
