#!/usr/bin/env python3
"""holdfast-tap at a real wire: SIPp on both sides of a veth pair in two network namespaces, the tap beside one of them, an agent behind it.
Over UDP, TCP, IPv6, a VLAN, in tagged frames and in fragments: the agent must tell every call, and nothing else. Needs root, sip-tester and iproute2."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from agent_api import Agent, binary

EVENTS_A_CALL = 5  # began, rang, was answered, hung up, ended
EVENTS_AT_THE_START = 3  # the source is up, and an empty picture
UAC, UAS = f"hft{os.getpid() % 10000}a", f"hft{os.getpid() % 10000}b"
HERE = pathlib.Path(__file__).resolve().parent
failed = passed = 0


def claim(good, text):
    global failed, passed
    passed, failed = passed + good, failed + (not good)
    print(f"tap: {'good' if good else 'bad'} {text}", flush=True)


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, **more).stdout


def inside(space, *command):
    return ["ip", "netns", "exec", space, *command]


def make_wire():
    for space in (UAC, UAS):
        run("ip", "netns", "add", space)
    run("ip", "link", "add", "wire", "netns", UAC, "type", "veth", "peer", "name", "wire", "netns", UAS)
    for host, space in ((1, UAC), (2, UAS)):
        ip = ["ip", "-n", space]
        run(*ip, "addr", "add", f"10.77.0.{host}/24", "dev", "wire")
        run(*ip, "addr", "add", f"2001:db8::{host}/64", "dev", "wire", "nodad")
        run(*ip, "link", "set", "lo", "up")
        run(*ip, "link", "set", "wire", "up")
    return make_vlan()


def make_vlan():
    """False where the kernel has no VLANs (a small virtual machine's)."""
    try:
        for host, space in ((1, UAC), (2, UAS)):
            ip = ["ip", "-n", space]
            run(*ip, "link", "add", "link", "wire", "name", "tagged", "type", "vlan", "id", "7")
            run(*ip, "addr", "add", f"10.78.0.{host}/24", "dev", "tagged")
            run(*ip, "link", "set", "tagged", "up")
    except subprocess.CalledProcessError:
        print("tap: this kernel has no VLANs: not tried")
        return False
    return True


def call(far, near, calls, transport="u1"):
    """`calls` calls from SIPp's own scenario; returns when all have ended."""
    answerer = subprocess.Popen(inside(UAS, "sipp", "-sn", "uas", "-i", far, "-p", "5060", "-t", transport, "-m", str(calls)),
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        run(*inside(UAC, "sipp", "-sn", "uac", "-i", near, "-p", "5060", "-t", transport, "-m", str(calls), "-r", "50", "-d", "200",
                    f"[{far}]:5060" if ":" in far else f"{far}:5060"))
        answerer.wait(timeout=20)
    finally:
        answerer.kill()


class TapAgent(Agent):
    def pbx_settings(self):
        return '[pbx]\nkind = "tap"\n[sip]\nsocket = "tap.sock"\n'


def status_of(process):
    return dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines() if ":\t" in line)


def start_tap(folder):
    tap = subprocess.Popen(inside(UAS, str(binary().parents[2] / "hal/tap/holdfast-tap"), "--interface", "wire", "--socket", str(folder / "tap.sock")),
                           stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    return tap


def wait_for(events, agent):
    until = time.monotonic() + 15
    while time.monotonic() < until and agent.source()["events"] < events:
        time.sleep(0.2)
    return agent.source()


def story(agent, tap, vlan):
    status = status_of(tap)
    claim(int(status["CapEff"], 16) == 0 and int(status["CapBnd"], 16) == 0, f"the tap runs without any capability: CapEff {status['CapEff']}")
    claim(status["Seccomp"] == "2" and status["NoNewPrivs"] == "1", "system calls are restricted, new rights are ruled out")
    ways = [("UDP", "10.77.0.2", "10.77.0.1", 100, "u1"), ("TCP, one connection", "10.77.0.2", "10.77.0.1", 50, "t1"),
            ("IPv6", "2001:db8::2", "2001:db8::1", 50, "u1"), ("a VLAN", "10.78.0.2", "10.78.0.1", 50, "u1"),
            ("frames with a VLAN tag", 1, "", 20, ""), ("frames with two VLAN tags", 2, "", 20, ""), ("fragments", "10.77.0.2", "10.77.0.1", 50, "u1")]
    told = EVENTS_AT_THE_START
    for name, far, near, calls, transport in [way for way in ways if vlan or way[0] != "a VLAN"]:
        if name == "fragments":
            for space in (UAC, UAS):
                run("ip", "-n", space, "link", "set", "wire", "mtu", "300")
        if transport:
            call(far, near, calls, transport)
        else:
            run(*inside(UAC, sys.executable, str(HERE / "tagged_frames.py"), "wire", str(calls), str(far)))
        told += calls * EVENTS_A_CALL
        source = wait_for(told, agent)
        claim(source["events"] == told, f"{name}: {calls} calls, {source['events']} of {told} events told")
    time.sleep(2)
    source = agent.source()
    lost = [int(n) for n in re.findall(r"(?:dropped|unsent|fragments|tcp_gaps)=(\d+)", source["what"])]
    claim(len(lost) == 4 and sum(lost) == 0, f"nothing was lost on the way: {source['what']}")
    claim(source["state"] == "healthy" and source["malformed_messages"] == 0, f"the source is {source['state']}")
    claim(source["can"]["agent_state"] is False and source["can"]["pre_queue"] is True, "it says that who is free cannot be known")


def main():
    if os.geteuid() != 0:
        print("tap: needs root for network namespaces")
        return 1
    tap = agent = None
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder) / "agent"
        try:
            vlan = make_wire()
            agent = TapAgent(folder, "none")
            agent.start()
            tap = start_tap(folder)
            story(agent, tap, vlan)
            tap.send_signal(signal.SIGTERM)
            claim(tap.wait(timeout=5) == 0, "the tap ends when it is asked to")
        finally:
            if tap and tap.poll() is None:
                tap.kill()
            if agent:
                agent.close()
            for space in (UAC, UAS):
                subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)
    print(f"[  PASSED  ] {passed} tests.")
    if failed:
        print(f"[  FAILED  ] {failed} tests.")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
