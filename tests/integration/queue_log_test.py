#!/usr/bin/env python3
"""A queue_log that grows, as a site has it: one agent follows the file across a rotation by rename, one gets it from a real rsyslog (imfile, omfwd over TCP).
Both must tell the same events, across a stop of the daemon. Needs rsyslog; everything on loopback, all of it its own."""
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

from agent_api import ROOT, Agent

LINES = (ROOT / "tests/golden/captures/asterisk-16.28/restart/queue_log").read_text().splitlines(keepends=True)
failed = passed = 0


def claim(good, text):
    global failed, passed
    passed, failed = passed + good, failed + (not good)
    print(f"queue_log: {'good' if good else 'bad'} {text}", flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class FileAgent(Agent):
    def pbx_settings(self):
        return f'[pbx]\nkind = "queue_log"\npath = "{self.secret}"\n'


class SyslogAgent(Agent):
    def pbx_settings(self):
        return f'[pbx]\nkind = "syslog"\n[syslog]\nlisten_address = "127.0.0.1"\nlisten_port = {self.port}\n'


class Daemon:
    """rsyslogd with a configuration, a state and a process of its own."""

    def __init__(self, folder, log, port):
        self.folder = folder
        (folder / "work").mkdir()
        self.config = folder / "rsyslog.conf"
        self.config.write_text(
            f'global(workDirectory="{folder}/work")\nmodule(load="imfile" mode="polling" PollingInterval="1")\n'
            f'input(type="imfile" File="{log}" Tag="queue_log:" addMetadata="off" ruleset="holdfast" reopenOnTruncate="on")\n'
            'ruleset(name="holdfast") { action(type="omfwd" target="127.0.0.1" port="' + str(port) + '" protocol="tcp" queue.type="LinkedList" '
            'queue.filename="holdfast" queue.saveOnShutdown="on" action.resumeRetryCount="-1" action.resumeInterval="1") }\n')
        self.process = None

    def start(self):
        self.process = subprocess.Popen(["rsyslogd", "-n", "-f", str(self.config), "-i", str(self.folder / "pid")], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)


def settled(agent, least):
    """The source's facts once it has told `least` events and told no more for two seconds."""
    until, before = time.monotonic() + 40, None
    while time.monotonic() < until:
        now = agent.source()
        if now["events"] >= least and before == now["events"]:
            return now
        before = now["events"]
        time.sleep(2)
    return agent.source()


def append(log, lines):
    with open(log, "a", encoding="utf-8") as out:
        out.writelines(lines)


def story(folder):
    log, port = folder / "queue_log", free_port()
    third = len(LINES) // 3
    append(log, LINES[:third])
    follower, listener = FileAgent(folder / "follower", str(log)), SyslogAgent(folder / "listener", "none", port)
    daemon = Daemon(folder, log, port)
    try:
        follower.start()
        listener.start()
        daemon.start()
        file_facts, sent_facts = settled(follower, 3), settled(listener, 2)
        claim(file_facts["state"] == "healthy" and sent_facts["state"] == "healthy", f"both hear the log: {file_facts['what']} / {sent_facts['what']}")
        claim(file_facts["events"] == sent_facts["events"] + 1, f"the same events from the file and from the daemon: {file_facts['events']} with one more for having caught up, {sent_facts['events']}")
        log.rename(folder / "queue_log.1")
        append(folder / "queue_log.1", LINES[third:third + 5])  # the PBX writes on until it opens the new file
        append(log, LINES[third + 5:2 * third])
        after = settled(follower, file_facts["events"] + third // 2)
        claim(after["state"] == "healthy" and after["events"] > file_facts["events"], f"a rotation is followed: {after['what']}")
        daemon.stop()
        append(log, LINES[2 * third:])
        daemon.start()
        file_facts, sent_facts = settled(follower, after["events"] + third // 2), settled(listener, after["events"])
        claim(file_facts["events"] == sent_facts["events"] + 1, f"nothing is lost or doubled over a stop of the daemon: {file_facts['events']} and {sent_facts['events']}")
        claim(file_facts["malformed_messages"] == 0 and sent_facts["malformed_messages"] == 0, "every line was read")
    finally:
        daemon.stop()
        follower.close()
        listener.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        story(pathlib.Path(folder))
    print(f"[  PASSED  ] {passed} tests.")
    if failed:
        print(f"[  FAILED  ] {failed} tests.")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
