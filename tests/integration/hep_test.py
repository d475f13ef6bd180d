#!/usr/bin/env python3
"""Kamailio as a HEP sender: SIPp calls through it, Kamailio's siptrace sends what it saw, an agent must tell every call once although
Kamailio shows each on both of its sides. Loopback alone. Needs kamailio and sip-tester."""
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from agent_api import Agent

CALLS = 30
EVENTS = 3 + 5 * CALLS  # the source is up and an empty picture; a call begins, rings, is answered, hung up and ends
CONFIGURATION = """#!KAMAILIO
log_stderror=yes
children=1
listen=udp:127.0.0.1:{proxy}
loadmodule "tm.so"
loadmodule "textops.so"
loadmodule "sl.so"
loadmodule "siputils.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "siptrace.so"
modparam("siptrace", "trace_on", 1)
modparam("siptrace", "trace_mode", 1)
modparam("siptrace", "trace_to_database", 0)
modparam("siptrace", "hep_mode_on", 1)
modparam("siptrace", "hep_version", 3)
modparam("siptrace", "duplicate_uri", "sip:127.0.0.1:{hep}")
request_route {{
  if (is_method("INVITE")) record_route();
  if (!has_totag() || !loose_route()) {{ $du = "sip:127.0.0.1:{phone}"; }}
  t_relay();
}}
"""


def free_port():
    """A UDP port that nobody has now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class HepAgent(Agent):
    def __init__(self, folder, port):
        super().__init__(folder, "none")
        self.hep = port

    def pbx_settings(self):
        return f'[pbx]\nkind = "hep"\n[sip]\naddress = "127.0.0.1"\nport = {self.hep}\n'


def quiet(*command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def story(agent, folder, started):
    proxy, phone, caller = free_port(), free_port(), free_port()
    (folder / "kamailio.cfg").write_text(CONFIGURATION.format(proxy=proxy, hep=agent.hep, phone=phone))
    started.append(quiet("kamailio", "-f", str(folder / "kamailio.cfg"), "-DD", "-E", "-Y", str(folder)))
    started.append(quiet("sipp", "-sn", "uas", "-i", "127.0.0.1", "-p", str(phone), "-m", str(CALLS)))
    time.sleep(3)
    subprocess.run(["sipp", "-sn", "uac", "-i", "127.0.0.1", "-p", str(caller), f"127.0.0.1:{proxy}", "-m", str(CALLS), "-r", "20", "-d", "200"],
                   check=True, capture_output=True, timeout=60)
    until = time.monotonic() + 15
    while time.monotonic() < until and agent.source()["events"] < EVENTS:
        time.sleep(0.2)
    time.sleep(1)
    return agent.source()


def main():
    missing = [program for program in ("kamailio", "sipp") if shutil.which(program) is None]
    if missing:
        print(f"hep: {' and '.join(missing)} not installed")
        return 1
    agent, started, claims = None, [], []
    with tempfile.TemporaryDirectory() as folder:
        try:
            agent = HepAgent(pathlib.Path(folder) / "agent", free_port())
            agent.start()
            source = story(agent, pathlib.Path(folder), started)
            claims.append((source["events"] == EVENTS, f"Kamailio: {CALLS} calls, {source['events']} of {EVENTS} events told"))
            claims.append((source["malformed_messages"] == 0 and source["state"] == "healthy", f"{source['state']}: {source['what']}"))
        finally:
            for process in started:
                process.terminate()
                process.wait(timeout=20)
            if agent:
                agent.close()
    for good, text in claims:
        print(f"hep: {'good' if good else 'bad'} {text}")
    failed = sum(not good for good, _ in claims)
    print(f"[  PASSED  ] {len(claims) - failed} tests.")
    if failed:
        print(f"[  FAILED  ] {failed} tests.")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
