#!/usr/bin/env python3
"""A device service on a real socket, for the browser's story of an update. fake_deviced.py SOCKET FILE: FILE holds facts as lines "key value" (version, other, other_good,
confirmed, operation, last_error, progress), read anew for each question; requests that change something are written to FILE.log. A bundle that begins with "holdfast VERSION" is good,
any other has a wrong signature."""
import pathlib
import socket
import sys


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


def answer(ask, path):
    facts, request = facts_of(path), ask.get("request")
    if request == "update_status":
        return status(facts)
    with open(f"{path}.log", "a", encoding="utf-8") as log:
        log.write(" ".join(f"{key}={value}" for key, value in ask.items()) + "\n")
    if request == "inspect_update":
        return inspect(ask["path"])
    if request == "install_update":
        path.write_text(path.read_text() + "operation installing\nprogress 40\n")
    return []


def write(said):
    if said is None:
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
