"""Callers and agents' phones for the live tests: just enough SIP over UDP to ring, answer, talk and hang up, with the truth of every call.
Callers come from the trunk's address, phones answer at addresses of their own; nothing but loopback is used."""
import asyncio
import random
import time

PBX = ("127.0.0.1", 5060)
NO_ANSWER = 10  # seconds until a caller whom the PBX does not answer is gone
SDP = "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"


def headers_of(text):
    head, _, _ = text.partition("\r\n\r\n")
    lines = head.split("\r\n")
    found = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        found.setdefault(name.strip().lower(), []).append(value.strip())
    return lines[0], found


class Endpoint(asyncio.DatagramProtocol):
    """One SIP address. Dialogs by Call-ID; each is fed the start line and headers of what arrives for it."""

    def __init__(self, ip):
        self.ip, self.dialogs, self.transport = ip, {}, None

    async def open(self):
        self.transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=(self.ip, 5060))
        return self

    def datagram_received(self, data, _address):
        start, found = headers_of(data.decode("utf-8", "replace"))
        call_id = found.get("call-id", [""])[0]
        if start.startswith("OPTIONS"):
            self.reply(found, "200 OK")
        elif call_id in self.dialogs:
            self.dialogs[call_id].on(start, found)
        elif start.startswith("INVITE"):
            self.incoming(call_id, found)
        elif not start.startswith(("SIP/2.0", "ACK")):
            self.reply(found, "481 Call/Transaction Does Not Exist")

    def incoming(self, call_id, found):
        self.reply(found, "486 Busy Here", tag="busy")

    def send(self, text, body=""):
        self.transport.sendto(f"{text}Content-Length: {len(body)}\r\n\r\n{body}".encode(), PBX)

    def reply(self, found, status, tag=None, body=""):
        to = found["to"][0] + (f";tag={tag}" if tag and "tag=" not in found["to"][0] else "")
        via = "".join(f"Via: {v}\r\n" for v in found["via"])
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self.send(f"SIP/2.0 {status}\r\n{via}From: {found['from'][0]}\r\nTo: {to}\r\nCall-ID: {found['call-id'][0]}\r\nCSeq: {found['cseq'][0]}\r\n"
                  f"Contact: <sip:{self.ip}:5060>\r\n{kind}", body)

    def request(self, method, uri, sender, to, call_id, number, body=""):
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self.send(f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {self.ip}:5060;branch=z9hG4bK{random.getrandbits(64):x};rport\r\nMax-Forwards: 70\r\n"
                  f"From: {sender}\r\nTo: {to}\r\nCall-ID: {call_id}\r\nCSeq: {number} {method}\r\nContact: <sip:{self.ip}:5060>\r\n{kind}", body)


class Phone(Endpoint):
    """An agent's phone: rings, answers, talks, puts the caller on hold for a while if told so, hangs up. Keeps its calls for the truth."""

    def __init__(self, ip, ring, talk, hold=lambda: 0):
        super().__init__(ip)
        self.ring, self.talk, self.hold = ring, talk, hold
        self.calls = []

    def incoming(self, call_id, found):
        if any(not d.ended for d in self.dialogs.values()):
            self.reply(found, "486 Busy Here", tag="busy")
        else:
            self.dialogs[call_id] = PhoneCall(self, call_id, found)
            self.calls.append(self.dialogs[call_id])

    def talks(self):
        return any(d.answered and not d.ended for d in self.dialogs.values())


class PhoneCall:
    def __init__(self, phone, call_id, invite):
        self.phone, self.call_id, self.invite, self.tag = phone, call_id, invite, f"{random.getrandbits(40):x}"
        self.ended = self.answered = False
        self.answered_at = self.ended_at = None  # unix seconds
        self.held = 0
        self.number = invite["from"][0].partition("sip:")[2].partition("@")[0]
        self.me, self.other = f"{invite['to'][0]};tag={self.tag}", invite["from"][0]
        self.contact = invite["contact"][0].split("<")[-1].split(">")[0]
        self.task = asyncio.ensure_future(self.live())

    async def live(self):
        self.phone.reply(self.invite, "180 Ringing", self.tag)
        await asyncio.sleep(self.phone.ring())
        self.phone.reply(self.invite, "200 OK", self.tag, SDP.format(ip=self.phone.ip, port=12000))
        self.answered, self.answered_at = True, time.time()
        await asyncio.sleep(self.phone.talk())
        hold = self.phone.hold()
        if hold > 0:
            await self.put_on_hold(hold)
        self.request("BYE", 100)
        self.over()

    async def put_on_hold(self, length):
        self.request("INVITE", 2, SDP.format(ip=self.phone.ip, port=12000) + "a=sendonly\r\n")
        begun = time.time()
        await asyncio.sleep(length)
        self.request("INVITE", 3, SDP.format(ip=self.phone.ip, port=12000) + "a=sendrecv\r\n")
        self.held = time.time() - begun
        await asyncio.sleep(1)

    def request(self, method, number, body=""):
        self.phone.request(method, self.contact, self.me, self.other, self.call_id, number, body)

    def on(self, start, found):
        if start.startswith("SIP/2.0 2") and "INVITE" in found["cseq"][0]:
            self.request("ACK", int(found["cseq"][0].split()[0]))
        elif start.startswith("CANCEL"):
            self.phone.reply(found, "200 OK", self.tag)
            self.phone.reply(self.invite, "487 Request Terminated", self.tag)
            self.over()
        elif start.startswith("BYE"):
            self.phone.reply(found, "200 OK")
            self.over()

    def over(self):
        self.ended, self.ended_at = True, self.ended_at or time.time()
        self.task.cancel()


class Caller:
    """One caller: dials `did`, stays until the PBX hangs up or patience ends. Times are unix seconds; None = never."""

    def __init__(self, trunk, did, number, patience=None):
        self.trunk, self.did, self.number, self.patience = trunk, did, number, patience
        self.call_id = f"{random.getrandbits(64):x}@{trunk.ip}"
        self.sender = f"<sip:{number}@{trunk.ip}>;tag={random.getrandbits(40):x}"
        self.to = f"<sip:{did}@127.0.0.1>"
        self.dialled = self.set_up = self.ended = None
        self.by_caller = self.leaves = False
        self.done = asyncio.get_running_loop().create_future()

    async def run(self, limit):
        self.dialled = time.time()
        self.trunk.dialogs[self.call_id] = self
        self.trunk.request("INVITE", f"sip:{self.did}@127.0.0.1", self.sender, self.to, self.call_id, 1, SDP.format(ip=self.trunk.ip, port=14000))
        asyncio.get_running_loop().call_later(NO_ANSWER, self.give_up)
        try:
            await asyncio.wait_for(asyncio.shield(self.done), min(limit, self.patience or limit))
        except asyncio.TimeoutError:
            if self.set_up is None:  # in the very second of the set-up: hang up when it is done
                self.leaves = True
                return
            self.hang_up()

    def hang_up(self):
        self.by_caller = True
        self.trunk.request("BYE", f"sip:{self.did}@127.0.0.1", self.sender, self.to, self.call_id, 2)
        self.finish()

    def give_up(self):
        if self.set_up is None:
            self.finish()

    def on(self, start, found):
        if start.startswith("SIP/2.0 2") and "INVITE" in found["cseq"][0]:
            if self.set_up is None:
                self.set_up = time.time()
            self.to = found["to"][0]
            self.trunk.request("ACK", f"sip:{self.did}@127.0.0.1", self.sender, self.to, self.call_id, 1)
            if self.ended or self.leaves:
                self.hang_up()
        elif start.startswith("BYE"):
            self.trunk.reply(found, "200 OK")
            self.finish()
        elif start.startswith(("SIP/2.0 4", "SIP/2.0 5", "SIP/2.0 6")) and "INVITE" in found["cseq"][0]:
            self.to = found["to"][0]
            self.trunk.request("ACK", f"sip:{self.did}@127.0.0.1", self.sender, self.to, self.call_id, 1)
            self.finish()

    def finish(self):
        self.ended = self.ended or time.time()
        if not self.done.done():
            self.done.set_result(None)


class Load:
    """Callers on several lines at random: `rates` is about so many calls a minute by number dialled. Keeps every Caller for the truth."""

    def __init__(self, trunk, seed, patience):
        self.trunk, self.random, self.patience = trunk, random.Random(seed), patience
        self.callers, self.tasks, self.dialling = [], [], []

    def start(self, rates):
        for did, rate in rates.items():
            self.dialling.append(asyncio.ensure_future(self.dial(did, rate)))

    async def dial(self, did, rate):
        while True:
            await asyncio.sleep(min(self.random.expovariate(rate / 60), 120 / rate))  # no long lull: a baseline needs its callers
            self.call(did, self.patience(self.random))

    def call(self, did, patience=None):
        caller = Caller(self.trunk, did, f"+4930{len(self.callers):07d}", patience)
        self.callers.append(caller)
        self.tasks.append(asyncio.ensure_future(caller.run(600)))

    def open(self):
        return [c for c in self.callers if c.set_up and not c.ended]

    def cut(self):
        """The PBX is gone: nobody hangs up on those who were connected. Returns them."""
        lost = self.open()
        for caller in lost:
            caller.finish()
        return lost

    def quiet(self):
        """No new callers; those who are there stay."""
        for task in self.dialling:
            task.cancel()

    def stop(self):
        for task in self.dialling + self.tasks:
            task.cancel()
