#!/usr/bin/env python3
"""hal/board in a guest that has an i2c chip, a USB serial line, a keyboard, an NVMe disk and a watchdog: Debian's kernel, QEMU, no network.
usage: board_test.py PROGRAM (guest_board of any build). Prints what the guest prints and, last, the counts of GoogleTest and its own."""
import json
import os
import pathlib
import re
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
KERNELS = ROOT / "build" / "guest"
MODULES = "i2c-dev i2c-stub lm75 atkbd evdev input-leds dummy_hcd usb_f_acm g_serial cdc-acm i6300esb nvme".split()
LIMIT = 300  # seconds, on busy cores


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def debian_kernel():
    """Debian's own kernel package, unpacked beside the builds and never installed: (folder, version)."""
    package = re.search(r"Depends: (linux-image-\S+)", run("apt-cache", "depends", "linux-image-amd64"))[1]
    folder = KERNELS / package
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        run("apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", package, cwd=folder)
        run("dpkg-deb", "-x", str(next(folder.glob("*.deb"))), str(folder))
        run("depmod", "-b", str(folder), package.removeprefix("linux-image-"))
        (folder / "whole").touch()
    return folder, package.removeprefix("linux-image-")


def needed_modules(folder, version):
    """The modules and what they need: paths below lib/modules/VERSION."""
    lines = (folder / "lib/modules" / version / "modules.dep").read_text().splitlines()
    needs = {path: rest.split() for path, rest in (line.split(":", 1) for line in lines)}
    named = {pathlib.PurePath(path).name.split(".")[0].replace("_", "-"): path for path in needs}
    paths = set()
    for module in MODULES:
        path = named.get(module.replace("_", "-"))
        if path:  # else it is built in
            paths |= {path, *needs[path]}
    return sorted(paths)


def put(tree, source, place):
    target = tree / str(place).lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def put_program(tree, program, name):
    put(tree, program, f"bin/{name}")
    for path in re.findall(r"(/\S+) \(0x", run("ldd", str(program))):
        put(tree, path, path)


def initramfs(tree, program, folder, version):
    for place in ("proc", "sys", "dev", "tmp", "run/holdfast-board"):
        (tree / place).mkdir(parents=True)
    put(tree, ROOT / "tests/guest/init", "init")
    put(tree, "/bin/busybox", "bin/busybox")
    put_program(tree, program, "guest_board")
    put_program(tree, "/usr/sbin/smartctl", "smartctl")
    modules = f"lib/modules/{version}"
    for path in needed_modules(folder, version):
        put(tree, folder / modules / path, f"{modules}/{path}")
    run("depmod", "-b", str(tree), version)
    for name in ("modules.builtin", "modules.order"):
        put(tree, folder / modules / name, f"{modules}/{name}")
    names = run("find", ".", "-print", cwd=tree)
    packed = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], input=names.encode(), cwd=tree, check=True, capture_output=True).stdout
    archive = tree.parent / "initramfs"
    archive.write_bytes(packed)
    return archive


class Guest:
    def __init__(self, work, kernel, archive):
        disk, self.place = work / "disk", work / "qmp"
        disk.touch()
        os.truncate(disk, 16 << 20)
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-display", "none", "-nic", "none", "-no-reboot", "-monitor", "none",
             "-serial", "stdio", "-qmp", f"unix:{self.place},server=on,wait=off", "-device", "i6300esb", "-action", "watchdog=poweroff",
             "-drive", f"if=none,id=disk,file={disk},format=raw", "-device", "nvme,serial=holdfast,drive=disk",
             "-kernel", str(kernel), "-initrd", str(archive), "-append", "console=ttyS0 quiet panic=-1 no_timer_check"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.ready = selectors.DefaultSelector()
        self.ready.register(self.process.stdout, selectors.EVENT_READ)
        self.text = ""
        self.qmp = None

    def ask(self, command, **arguments):
        if self.qmp is None:
            self.qmp = socket.socket(socket.AF_UNIX)
            self.qmp.settimeout(60)
            self.qmp.connect(str(self.place))
            self.said = self.qmp.makefile("r")
            self.said.readline()
            self.ask("qmp_capabilities")
        self.qmp.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")

    def wait_for(self, word, limit=LIMIT):
        """True when the guest says it; False when it ends first or stays silent."""
        end = time.monotonic() + limit
        while word not in self.text and time.monotonic() < end:
            if not self.ready.select(1):
                continue
            got = os.read(self.process.stdout.fileno(), 65536)
            if not got:
                return word in self.text
            self.text += got.decode(errors="replace")
            print(got.decode(errors="replace").replace("\r", ""), end="", flush=True)
        return word in self.text

    def bitten(self, limit=LIMIT):
        """Whether QEMU told that the watchdog ran out."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            line = self.said.readline()
            if not line or '"WATCHDOG"' in line:
                return bool(line)
        return False


def main(program):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        folder, version = debian_kernel()
        (work / "tree").mkdir()
        archive = initramfs(work / "tree", program, folder, version)
        guest = Guest(work, folder / f"boot/vmlinuz-{version}", archive)
        try:
            if guest.wait_for("guest: hold the key"):
                guest.ask("send-key", keys=[{"type": "qcode", "data": "f12"}], **{"hold-time": 6000})
            ended = guest.wait_for("guest: nobody feeds the watchdog") and guest.bitten()
        finally:
            guest.process.kill()
            guest.process.wait()
    good = ended and "guest: ended with 0" in guest.text
    print("\n[  PASSED  ] 1 tests." if ended else "\n[  FAILED  ] 1 tests.\nthe machine was not reset by the watchdog that nobody fed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
