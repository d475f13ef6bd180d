#!/usr/bin/env python3
"""Every source at one real Asterisk at once: SIPp's callers go through it to agents' phones, while one agent hears of them by the manager, by the manager over TLS, from
the queue_log, by holdfast-tap beside the wire and from Asterisk's own res_hep. Prints a table per call. Every difference from what the phones did must
be one that the source's describe() predicts. Run as root; HF_LIVE_VERSIONS=22 runs one version. Needs sip-tester."""
import asyncio
import json
import pathlib
import re
import subprocess
import sys
import time

import asterisk
import call_table
import res_hep_test
import sip_phones
from agent_api import Agent, binary
from sipp_calls import Callers

QUEUES = {"5550101": "support", "5550102": "sales", "5550103": "printers"}
NAMES = {"Anna Berg": "1001", "Omar Haddad": "1002", "Li Wei": "1003", "Ewa Nowak": "1004", "Piotr Lis": "1005", "Maria Costa": "1006", "Jan Novak": "1007"}
ANSWER = 0.5  # seconds for which Answer() waits for the caller's first packet of sound, of which SIPp sends none
WELCOME, HOLD = 3, 6  # seconds before the queue
SOURCES = {"manager": "manager", "secure": "manager over TLS", "log": "queue_log", "tap": "tap", "hep": "res_hep"}  # by the name of its [pbx.NAME]
SETTLED = 30  # seconds, after which an abandon in the queue_log is no time-out any more
NEVER_ANSWER = ("1006", "1007")


class ManyEars(Agent):
    """One agent to which the same PBX is four: one for each way of listening."""

    def __init__(self, folder, secret, queue_log):
        super().__init__(folder, secret)
        self.queue_log = queue_log

    def pbx_settings(self):
        account = 'kind = "ami"\nhost = "127.0.0.1"\nuser = "holdfast"\nsecret_file = "secret"\n'
        return (f'[pbx.manager]\n{account}[pbx.secure]\n{account}transport = "tls"\nca_file = "{self.queue_log.parent}/manager.pem"\n[pbx.log]\nkind = "queue_log"\npath = "{self.queue_log}"\n'
                f'[pbx.tap]\nkind = "tap"\n[sip.tap]\nsocket = "tap.sock"\npbx_addresses = "127.0.0.1"\n[pbx.hep]\nkind = "hep"\n'
                f'[sip.hep]\naddress = "127.0.0.1"\nport = {res_hep_test.HEP}\npbx_addresses = "127.0.0.1"\n')

    def calls(self):
        """[Facts] by the name of the source, from the agent's own journal."""
        told = subprocess.run([str(binary().parents[1] / "tool/holdfast"), "replay", str(self.folder / "state"), "--calls", "-"], capture_output=True, text=True, timeout=60, check=True)
        found = {name: [] for name in SOURCES}
        for call in map(json.loads, told.stdout.splitlines()):
            found[call["uniqueid"].split("|")[0]].append(facts(call))
        return found


def phone(agent):
    """The number of the phone that a source calls by its member's name, its device or its address; what is none of these stays as it is."""
    number = re.search(r"\b10\d\d\b", agent)
    by_address = [number for number, ip in asterisk.PHONES.items() if ip in agent]
    return NAMES.get(agent) or (number[0] if number else by_address[0] if by_address else agent)


def facts(call):
    def own(name):
        return call[name].split("|", 1)[1] if call[name] else None
    return call_table.Facts(float(call["arrived"]), own("line"), own("queue"), call["outcome"], phone(own("agent")) if call["agent"] else None,
                            *(None if call[f"{name}_s"] is None else float(call[f"{name}_s"]) for name in ("caller_wait", "queue_wait", "talk", "hold")))


def crowds(folder):
    """Callers who stay, who leave before the queue, and who leave it while nobody answers."""
    stay = [(("5550101", "5550103")[i % 2], f"+4930100{i:04d}") for i in range(10)]
    before = [("5550101", f"+4930200{i:04d}") for i in range(3)]
    inside = [("5550102", f"+4930300{i:04d}") for i in range(4)]
    return [Callers(folder / "stay", "127.0.0.10", stay, 4), Callers(folder / "before", "127.0.0.11", before, 9, WELCOME + HOLD / 2),
            Callers(folder / "inside", "127.0.0.12", inside, 8, WELCOME + 7)]


def truths(crowd, phones):
    """What SIPp and the phones did, as Facts."""
    answered = {call.number: (number, call) for number, phone in phones.items() for call in phone.calls if call.answered_at}
    for (line, number), one in zip(crowd.calls, crowd.truth().values()):
        phone, call = answered.get(number, (None, None))
        held = ANSWER + WELCOME + (HOLD if line != "5550102" else 0)
        wait = (call.answered_at if call else one["ended"]) - one["dialled"]
        queued = call is not None or one["ended"] - one["taken"] > held
        yield call_table.Facts(one["dialled"], line, QUEUES[line] if queued else None, "answered" if call else "abandoned", phone, wait,
                               wait - held if queued else None, (call.ended_at - call.answered_at) if call else 0.0, call.held if call else 0.0)


def start_tap(folder):
    return subprocess.Popen([str(binary().parents[2] / "hal/tap/holdfast-tap"), "--interface", "lo", "--socket", str(folder / "tap.sock")],
                            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def quiet(agent, limit):
    """Until no source has told anything new for some seconds."""
    until, before = time.monotonic() + limit, None
    while time.monotonic() < until:
        now = [s["events"] for s in (await asyncio.to_thread(agent.get, "sources"))["sources"]]
        if now == before:
            return
        before = now
        await asyncio.sleep(4)


async def story(pbx, agent, folder, started):
    await asyncio.to_thread(pbx.start)
    await asyncio.to_thread(pbx.set_hold, HOLD)
    (pbx.folder / "log/queue_log").touch()
    await asyncio.to_thread(agent.start)
    started.append(start_tap(agent.folder))
    phones = {}
    for number, ip in asterisk.PHONES.items():
        ring = 300 if number in NEVER_ANSWER else 1.5
        phones[number] = await sip_phones.Phone(ip, lambda ring=ring: ring, lambda: 3, lambda number=number: 2 if number in ("1002", "1004") else 0).open()
    await asyncio.sleep(3)
    groups = crowds(folder)
    for crowd in groups:
        crowd.start()
    ends = await asyncio.gather(*(asyncio.to_thread(crowd.wait, 180) for crowd in groups))
    await quiet(agent, 60)
    await asyncio.sleep(SETTLED)
    sources = {s["name"]: s for s in (await asyncio.to_thread(agent.get, "sources"))["sources"]}
    return ends, [t for crowd in groups for t in truths(crowd, phones)], sources


def inside(version, root, space, folder, secret):
    folder = pathlib.Path(folder)
    pbx = asterisk.Asterisk(version, root, secret, space)
    agent, started = ManyEars(folder / "agent", secret, folder / "log/queue_log"), []
    try:
        ends, truth, sources = asyncio.run(story(pbx, agent, folder, started))
        calls = agent.calls()
    finally:
        for process in started:
            process.kill()
        agent.close()
        pbx.stop()
    by = {s["name"].removeprefix("pbx."): s for s in sources.values()}
    table = call_table.Table(truth, {name: (by[name]["can"], calls[name]) for name in SOURCES})
    print(f"Asterisk {version}")
    for line in table.lines():
        print(line)
    claims = [(ends == [0, 0, 0], f"SIPp's callers did as their scenarios say: {ends}"),
              (len(truth) == 17 and table.predicted > 0, f"{len(truth)} calls in {len(SOURCES)} sources, {table.predicted} differences that describe() predicts"),
              (table.faults == 0, f"{table.faults} that it does not")]
    claims += [(s["state"] == "healthy" and s["malformed_messages"] == 0, f"{name} is {s['state']}: {s['what']}") for name, s in by.items()]
    for good, text in claims:
        print(f"table: {'good' if good else 'bad'} Asterisk {version}: {text}", flush=True)


def serve_tls(pbx):
    """The manager over TLS at 5039, with a certificate of its own."""
    key, certificate = pbx.folder / "log/manager.key", pbx.folder / "log/manager.pem"
    asterisk.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=pbx", "-addext", "subjectAltName=IP:127.0.0.1",
                 "-keyout", key, "-out", certificate)
    manager = pbx.folder / "etc/manager.conf"
    manager.write_text(manager.read_text().replace("port = 5038\n", f"port = 5038\ntlsenable = yes\ntlsbindaddr = 127.0.0.1:5039\ntlscertfile = {pbx.inside}/log/manager.pem\n"
                                                                    f"tlsprivatekey = {pbx.inside}/log/manager.key\n", 1))


def configure(pbx):
    res_hep_test.configure(pbx)
    serve_tls(pbx)


def run_version(version):
    return asterisk.in_a_space_of_its_own(version, __file__, configure, 500)


if __name__ == "__main__":
    sys.exit(inside(*sys.argv[1:]) if len(sys.argv) > 1 else asterisk.of_each_version("table", run_version))
