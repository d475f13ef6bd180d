#!/usr/bin/env python3
"""Asterisk's own res_hep as a sender, beside its manager: one agent is told of the same calls by HEPv3 over UDP, another by the manager. Both must count
every call on its line. Run as root; HF_LIVE_VERSIONS=22 runs one version."""
import asyncio
import pathlib
import sys
import time

import asterisk
import sip_phones
from agent_api import Agent

LINES = {"5550101": 5, "5550102": 4, "5550103": 4}  # dialled and how often
HEP = 9060                                         # in a network namespace of its own


class HepAgent(Agent):
    def pbx_settings(self):
        return f'[pbx]\nkind = "hep"\n[sip]\naddress = "127.0.0.1"\nport = {HEP}\npbx_addresses = "127.0.0.1"\n'


def configure(pbx):
    etc = pbx.folder / "etc"
    (etc / "hep.conf").write_text(f"[general]\nenabled = yes\ncapture_address = 127.0.0.1:{HEP}\ncapture_id = 1\nuuid_type = call-id\n")
    modules = etc / "modules.conf"
    modules.write_text(modules.read_text().replace("noload = res_hep.so\n", ""))


def offered(agent, begin):
    """A line that has no minute yet is not known: 0 so far."""
    counted = {}
    for line in LINES:
        try:
            counted[line] = sum(m["offered"] for m in agent.minutes("line", line, begin))
        except RuntimeError:
            counted[line] = 0
    return counted


async def story(pbx, agents):
    begin = time.time() - 60
    await asyncio.to_thread(pbx.start)
    for agent in agents:
        await asyncio.to_thread(agent.start)
    for ip in asterisk.PHONES.values():
        await sip_phones.Phone(ip, lambda: 1, lambda: 4).open()
    await asyncio.sleep(3)
    load = sip_phones.Load(await sip_phones.Endpoint("127.0.0.10").open(), 1, lambda r: 60)
    for turn in range(max(LINES.values())):
        for line, times in LINES.items():
            if turn < times:
                load.call(line)
                await asyncio.sleep(2)
    until = time.monotonic() + 180
    while time.monotonic() < until:
        await asyncio.sleep(5)
        counted = [await asyncio.to_thread(offered, agent, begin) for agent in agents]
        if all(c == LINES for c in counted):
            break
    return counted, [await asyncio.to_thread(agent.source) for agent in agents]


def inside(version, root, space, folder, secret):
    pbx = asterisk.Asterisk(version, root, secret, space)
    agents = [HepAgent(pathlib.Path(folder) / "hep", secret), Agent(pathlib.Path(folder) / "ami", secret)]
    try:
        counted, sources = asyncio.run(story(pbx, agents))
    finally:
        for agent in agents:
            agent.close()
        pbx.stop()
    for name, count, source in zip(("res_hep", "manager"), counted, sources):
        good = count == LINES and source["state"] == "healthy" and source["malformed_messages"] == 0
        print(f"hep: {'good' if good else 'bad'} Asterisk {version}, {name}: calls by line {count} of {LINES}; {source['state']}: {source['what']}", flush=True)


def run_version(version):
    return asterisk.in_a_space_of_its_own(version, __file__, configure, 400)


if __name__ == "__main__":
    sys.exit(inside(*sys.argv[1:]) if len(sys.argv) > 1 else asterisk.of_each_version("hep", run_version))
