"""Callers made by SIPp, and the truth of each from what SIPp wrote down of its messages."""
import datetime
import os
import re
import subprocess

SDP = ("v=0\no=- 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [local_ip]\nt=0 0\nm=audio [auto_media_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\n")
HEAD = ("{method} sip:[field0]@[remote_ip] SIP/2.0\nVia: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]\nMax-Forwards: 70\n"
        "From: <sip:[field1]@[local_ip]>;tag=[call_number]\nTo: <sip:[field0]@[remote_ip]>{tag}\nCall-ID: [call_id]\nCSeq: {number} {method}\n"
        "Contact: <sip:[field1]@[local_ip]:[local_port]>\n")


def send(method, number, tag="", body=""):
    kind = f"Content-Type: application/sdp\nContent-Length: [len]\n\n{body}" if body else "Content-Length: 0\n\n"
    return f"<send><![CDATA[\n{HEAD.format(method=method, number=number, tag=tag)}{kind}]]></send>"


def scenario(leaves_after):
    """Stays until the PBX hangs up, or leaves so many seconds after the PBX took the call."""
    told = "[peer_tag_param]"
    if leaves_after is None:
        end = ("<recv request=\"BYE\" timeout=\"120000\"/><send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n"
               "[last_CSeq:]\nContent-Length: 0\n\n]]></send>")
    else:
        end = f'<pause milliseconds="{leaves_after * 1000:.0f}"/>{send("BYE", 2, told)}<recv response="200"/>'
    return ('<?xml version="1.0" encoding="ISO-8859-1" ?><!DOCTYPE scenario SYSTEM "sipp.dtd"><scenario name="caller">'
            + send("INVITE", 1, body=SDP) + '<recv response="100" optional="true"/><recv response="180" optional="true"/>'
            '<recv response="183" optional="true"/><recv response="200"/>' + send("ACK", 1, told) + end + "</scenario>")


class Callers:
    """One SIPp at an address of the trunk: calls (line, number), one every `every` seconds."""

    def __init__(self, folder, ip, calls, every, leaves_after=None):
        self.folder, self.calls = folder, calls
        folder.mkdir()
        (folder / "scenario.xml").write_text(scenario(leaves_after))
        (folder / "calls.csv").write_text("SEQUENTIAL\n" + "".join(f"{line};{number};\n" for line, number in calls))
        self.command = ["sipp", "127.0.0.1:5060", "-i", ip, "-p", "5060", "-sf", str(folder / "scenario.xml"), "-inf", str(folder / "calls.csv"), "-m", str(len(calls)),
                        "-l", "50", "-r", "1", "-rp", str(int(every * 1000)), "-nd", "-trace_msg", "-message_file", str(folder / "messages"), "-mp", "20000"]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=os.environ | {"TZ": "UTC", "TERM": "dumb"})

    def wait(self, limit):
        """SIPp's exit status: 0 when every call went as its scenario says."""
        try:
            return self.process.wait(timeout=limit)
        finally:
            self.stop()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=10)

    def messages(self):
        """(time, sent, text) of each message."""
        parts = re.split(r"^-{20,} (\d{4}-\d\d-\d\d[ T\t]\d\d:\d\d:\d\d\.\d+).*$", (self.folder / "messages").read_text(errors="replace"), flags=re.M)
        for stamp, text in zip(parts[1::2], parts[2::2]):
            at = datetime.datetime.fromisoformat(stamp.replace("\t", " ")[:26]).replace(tzinfo=datetime.timezone.utc)
            yield at.timestamp(), "message sent" in text[:120], text

    def truth(self):
        """number -> {"dialled", "taken", "ended", "by_caller"}; None for what never was."""
        found = {number: {"dialled": None, "taken": None, "ended": None, "by_caller": False} for _, number in self.calls}
        by_call = {}
        for at, sent, text in self.messages():
            call = re.search(r"^Call-ID: *(\S+)", text, re.M | re.I)
            sender = re.search(r"^From: .*?<sip:([^@>]+)@", text, re.M | re.I)
            if call and sent and "\nINVITE " in text[:300]:
                by_call[call[1]] = found[sender[1]]
            of = by_call.get(call[1]) if call else None
            if of is None:
                continue
            if sent and "\nINVITE " in text[:300]:
                of["dialled"] = of["dialled"] or at
            elif not sent and "SIP/2.0 200" in text[:300] and re.search(r"CSeq: *1 INVITE", text, re.I):
                of["taken"] = of["taken"] or at
            elif "\nBYE " in text[:300]:
                of["ended"], of["by_caller"] = of["ended"] or at, sent
        return found
