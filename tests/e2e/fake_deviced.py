#!/usr/bin/env python3
"""A device service on a real socket, for the browser's stories of an update and of the machine. fake_deviced.py SOCKET FILE: FILE holds facts as lines "key value" (version, other, other_good,
confirmed, operation, last_error, progress), read anew for each question; requests that change something are written to FILE.log. A bundle that begins with "holdfast VERSION" is good,
any other has a wrong signature.
A network setting is on trial until it is confirmed, taken back or its time is over; the fact "hurry SECONDS" makes that time short."""
import pathlib
import socket
import sys
import time


def facts_of(path):
    return dict(line.split(" ", 1) for line in path.read_text().split("\n") if " " in line)


def status(facts):
    slots = [("rootfs.0", "a", "booted", "good", ""), ("rootfs.1", "b", "inactive", facts.get("other_good", "bad"), facts.get("other", ""))]
    said = [("operation", facts.get("operation", "idle")), ("last_error", facts.get("last_error", "")), ("booted", "a"), ("compatible", "holdfast-x86_64"),
            ("progress", facts.get("progress", "0")), ("step", "Copying image to rootfs.1"), ("version", facts["version"]), ("confirmed", facts.get("confirmed", "no"))]
    for number, (name, boot, state, good, version) in enumerate(slots):
        said += [(f"slot.{number}.{key}", value) for key, value in (("name", name), ("bootname", boot), ("state", state), ("boot_status", good), ("bundle.version", version))]
    return said


def inspect(path):
    words = pathlib.Path(path).read_bytes()[:40].split()
    if words[:1] != [b"holdfast"]:
        return None
    return [("version", words[1].decode()), ("compatible", "holdfast-x86_64")]


TOKEN = "0123456789abcdef0123456789abcdef"
SETTING = ("interface", "dhcp", "address", "gateway", "dns")


class Machine:
    """What was set, and the network setting on trial."""

    def __init__(self):
        self.known, self.kept, self.trial, self.last = {}, {}, None, None

    def end(self, how):
        self.last, self.trial = (self.trial, how, time.monotonic()), None

    def due(self, facts):
        if self.trial and "hurry" in facts:
            self.trial["until"] = min(self.trial["until"], self.trial["since"] + int(facts["hurry"]))
        if self.trial and time.monotonic() > self.trial["until"]:
            self.end("taken_back")

    def status(self):
        said = [("service_version", "1"), *self.known.items()]
        shown = [(f"network.{n}.", s) for n, s in enumerate(self.kept.values())] + [("trial.", self.trial), ("last_trial.", self.last and self.last[0])]
        said += [(prefix + key, setting[key]) for prefix, setting in shown if setting for key in SETTING]
        if self.trial:
            said.append(("trial.seconds_left", str(max(0, int(self.trial["until"] - time.monotonic())))))
        if self.last:
            said += [("last_trial.end", self.last[1]), ("last_trial.ago", str(int(time.monotonic() - self.last[2])))]
        return said

    def answer(self, ask):
        """None: nothing that this machine knows."""
        request = ask["request"]
        if request == "set_network":
            self.trial = {key: ask[key] for key in SETTING} | {"since": time.monotonic(), "until": time.monotonic() + int(ask["confirm_within"])}
            return [("token", TOKEN), ("confirm_within", ask["confirm_within"])]
        if request in ("confirm_network", "revert_network"):
            if self.trial is None or ask.get("token", TOKEN) != TOKEN:
                return "denied", "this is not the token of the setting on trial"
            if request == "confirm_network":
                self.kept[self.trial["interface"]] = self.trial
            self.end("kept" if request == "confirm_network" else "reverted")
            return []
        if request == "set_zone" and ask["zone"] == "Europe/Nowhere":
            return "invalid_input", "org.freedesktop.timedate1: Invalid or not installed time zone 'Europe/Nowhere'"
        for name, field in (("set_hostname", "name"), ("set_zone", "zone"), ("set_time_servers", "servers")):
            if request == name:
                self.known[name.removeprefix("set_")] = ask[field]
                return []
        if request == "shutdown":
            self.known |= {"power_off_at" if ask["power_off"] == "yes" else "reboot_at": ask["not_before"], "shutdown_until": ask["not_after"]}
            return []
        if request == "cancel_shutdown":
            self.known = {key: value for key, value in self.known.items() if key not in ("power_off_at", "reboot_at", "shutdown_until")}
            return []
        if request == "read_audit":
            return [("line.0", "2026-11-28T02:00:00Z uid=998 request=set_zone result=done")]
        return None


MACHINE = Machine()


def answer(ask, path):
    facts, request = facts_of(path), ask.get("request")
    MACHINE.due(facts)
    if request == "update_status":
        return status(facts)
    if request == "status":
        return MACHINE.status()
    with open(f"{path}.log", "a", encoding="utf-8") as log:
        log.write(" ".join(f"{key}={value}" for key, value in ask.items()) + "\n")
    if request == "inspect_update":
        return inspect(ask["path"])
    if request == "install_update":
        path.write_text(path.read_text() + "operation installing\nprogress 40\n")
    said = MACHINE.answer(ask)
    return [] if said is None else said


def write(said):
    if isinstance(said, tuple):
        said = [("answer", "failed"), ("kind", said[0]), ("what", said[1])]
    elif said is None:
        said = [("answer", "failed"), ("kind", "io"), ("what", "signature verification failed: Verify error: self-signed certificate")]
    else:
        said = [("answer", "done"), *said]
    return "holdfast-device 1\n" + "".join(f"{key} {value}\n" for key, value in said)


def main():
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(sys.argv[1])
    listener.listen(8)
    print("ready socket", sys.argv[1], flush=True)
    while True:
        with listener.accept()[0] as one:
            lines = one.recv(16384).decode().split("\n")[1:]
            ask = dict(line.split(" ", 1) for line in lines if " " in line)
            one.send(write(answer(ask, pathlib.Path(sys.argv[2]))).encode())


if __name__ == "__main__":
    main()
