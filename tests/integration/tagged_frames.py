#!/usr/bin/env python3
"""Calls in Ethernet frames with VLAN tags, as a mirror port hands them out: written to an interface by a raw socket, so that the kernel needs no
VLANs of its own. Run inside a network namespace: tagged_frames.py INTERFACE CALLS TAGS, where TAGS is 1 (802.1Q) or 2 (QinQ)."""
import socket
import struct
import sys
import time

CALLER, PHONE = "10.79.0.1", "10.79.0.2"


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(tags, sender, receiver, message):
    payload = message.encode()
    udp = struct.pack("!HHHH", 5060, 5060, 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, socket.inet_aton(sender), socket.inet_aton(receiver))
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    tagging = b"".join(struct.pack("!HH", 0x88A8 if tags == 2 and i == 0 else 0x8100, 7 + i) for i in range(tags))
    return b"\2\0\0\0\0\2" + b"\2\0\0\0\0\1" + tagging + struct.pack("!H", 0x0800) + head + udp


def message(start, call, number, method, answered):
    tag = ";tag=phone" if answered else ""
    return (f"{start}\r\nVia: SIP/2.0/UDP {CALLER}:5060;branch=z9hG4bK{call}{number}\r\nFrom: <sip:caller@{CALLER}>;tag=caller\r\nTo: <sip:phone@{PHONE}>{tag}\r\n"
            f"Call-ID: {call}@{CALLER}\r\nCSeq: {number} {method}\r\nContact: <sip:x@{CALLER}>\r\nContent-Length: 0\r\n\r\n")


def call(tags, name):
    """The frames of one call, answered and hung up by the caller."""
    for sender, start, number, method, answered in ((CALLER, f"INVITE sip:phone@{PHONE} SIP/2.0", 1, "INVITE", False), (PHONE, "SIP/2.0 180 Ringing", 1, "INVITE", True),
                                                    (PHONE, "SIP/2.0 200 OK", 1, "INVITE", True), (CALLER, f"ACK sip:phone@{PHONE} SIP/2.0", 1, "ACK", True),
                                                    (CALLER, f"BYE sip:phone@{PHONE} SIP/2.0", 2, "BYE", True), (PHONE, "SIP/2.0 200 OK", 2, "BYE", True)):
        yield frame(tags, sender, PHONE if sender == CALLER else CALLER, message(start, name, number, method, answered))


def main(interface, calls, tags):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((interface, 0))
        for n in range(int(calls)):
            for one in call(int(tags), f"tagged{tags}-{n}"):
                wire.send(one)
                time.sleep(0.002)


if __name__ == "__main__":
    main(*sys.argv[1:])
