"""A guest that images/run started: its console with times, its laboratory shell (images/build --lab), its page."""
import codecs
import gzip
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
SLOW = float(os.environ.get("HOLDFAST_SLOW", "1"))  # how many times longer everything may take than on quiet cores
ESCAPES = re.compile(r"\x1b\[[0-9;?=!]*[a-zA-Z]|\x1b[()][A-Z0-9]|\r")
# Where a processor's guest has its second serial port, which is the laboratory shell's.
LAB_PORT = {"amd64": "-serial chardev:lab", "arm64": "-device pci-serial,chardev=lab"}
# Words before the first program of ours: when none comes after them, the firmware or the kernel is at work, or stands still.
GOING_DOWN, COMING_UP = re.compile(r"reboot: Restarting system|Rebooting in|BdsDxe"), "holdfast-initrd"
STANDS_STILL = 180  # seconds without a word; a start takes a third of it
BEGUN = re.compile(r"\x1b(\[[0-9;?=!]*|[()])?$")  # an escape whose end comes with the next bytes


class Missing(Exception):
    """What was waited for did not come."""


class Machine:
    """One guest at a time. `folder` keeps the disk, the TPM and the logs, so that a machine can be started again as it was."""

    def __init__(self, image, folder, tpm=True, extra=(), arch="amd64"):
        self.folder = pathlib.Path(folder)
        self.image, self.tpm, self.extra, self.arch = image, tpm, list(extra), arch
        self.process, self.seen, self.text, self.gone, self.heard = None, 0, "", False, threading.Event()
        self.console = self.reader = self.lab = self.log = None

    # --- power
    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        for name in ("console.sock", "lab.sock"):
            (self.folder / name).unlink(missing_ok=True)
        serial = " ".join(f"-chardev socket,id={c},path={self.folder}/{c}.sock,server=on,wait=off" for c in ("console", "lab")) + f" -serial chardev:console {LAB_PORT[self.arch]}"
        environment = dict(os.environ, HOLDFAST_MACHINE=str(self.folder), HOLDFAST_ARCH=self.arch, HOLDFAST_TPM="yes" if self.tpm else "no", HOLDFAST_SERIAL=serial)
        self.log = open(self.folder / "qemu.log", "ab")
        self.process = subprocess.Popen([str(ROOT / "images/run"), str(self.image), str(self.port), *self.extra], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True)
        self.started = time.monotonic()
        self.seen, self.text, self.gone, self.spoke = 0, "", False, self.started
        self.console = self.reader = self.lab = None
        self.console = self.connect("console.sock")
        self.reader = threading.Thread(target=self.listen, daemon=True)
        self.reader.start()
        self.lab = self.connect("lab.sock")
        self.lab.settimeout(60 * SLOW)  # QEMU itself may stand still
        return self

    def connect(self, name):
        for _ in range(600):
            if self.process.poll() is not None:
                raise Missing(f"QEMU ended: {(self.folder / 'qemu.log').read_text()[-500:]}")
            try:
                channel = socket.socket(socket.AF_UNIX)
                channel.connect(str(self.folder / name))
                return channel
            except OSError:
                channel.close()
                time.sleep(0.1)
        raise Missing(f"no {name}")

    def cut_power(self):
        """As if the plug was pulled: nothing is told to the guest."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()
            if self.reader:
                self.reader.join()
            for channel in (self.console, self.lab, self.log):
                if channel:
                    channel.close()
        self.process = None

    def forget(self):
        self.cut_power()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- what it says
    def listen(self):
        """Reads the console all the time: a guest whose words nobody takes stands still after some three hundred bytes."""
        decoder, begun = codecs.getincrementaldecoder("utf-8")("replace"), ""
        with open(self.folder / "console.log", "a", encoding="utf-8") as log:
            while True:
                try:
                    data = self.console.recv(65536)
                except OSError:
                    data = b""
                if not data:
                    break
                said = begun + decoder.decode(data)
                whole = BEGUN.search(said).start() if BEGUN.search(said) else len(said)
                fresh, begun = ESCAPES.sub("", said[:whole]), said[whole:]
                self.text += fresh
                self.spoke = time.monotonic()
                log.write(fresh.replace("\n", f"\n[{time.monotonic() - self.started:7.1f}] "))
                log.flush()
                self.heard.set()
        self.gone = True
        self.heard.set()

    def read_console(self, seconds):
        """Until the console says something, but no longer than that."""
        self.heard.wait(seconds)
        self.heard.clear()
        if self.gone:
            raise Missing("the guest is gone; its last words: " + self.text[-800:])
        self.wake_firmware()

    def wake_firmware(self):
        """QEMU's firmware stands still at a restart now and then, its processor in a loop, before anything of the box runs. It is reset, as whoever stands before it would do."""
        down = max((match.start() for match in GOING_DOWN.finditer(self.text)), default=-1)
        if down >= self.text.rfind(COMING_UP) and time.monotonic() - self.spoke > STANDS_STILL * SLOW:
            print(f"image: the emulated firmware stood still for {STANDS_STILL * SLOW:.0f} s and was reset", flush=True)
            self.tell_qemu("system_reset")
            self.spoke = time.monotonic()

    def wait(self, pattern, seconds):
        """The match of `pattern` in what the console said since the last match."""
        until = time.monotonic() + seconds * SLOW
        while True:
            found = re.search(pattern, self.text[self.seen:])
            if found:
                self.seen += found.end()
                return found
            left = until - time.monotonic()
            if left <= 0:
                raise Missing(f"{pattern!r} within {seconds * SLOW:.0f} s; the console's last words: {self.text[-800:]}")
            self.read_console(min(left, 1))

    def hear_from_now(self):
        """What was said before does not end the next wait."""
        self.seen = len(self.text)

    def age(self):
        return time.monotonic() - self.started

    # --- the laboratory shell
    def ask(self, command, seconds=60):
        """Runs `command` in the guest; its exit status and output. What the terminal echoes, and what a shell that was not there yet lost, does not count."""
        until, said = time.monotonic() + seconds * SLOW, ""
        while time.monotonic() < until:
            mark = str(time.monotonic_ns())
            self.lab.sendall(f"printf '%s\\n' BEGIN''{mark}; {command}\nprintf '%s %d\\n' END''{mark} $?\n".encode())
            again, said = min(until, time.monotonic() + 20 * SLOW), ""
            while time.monotonic() < (until if f"BEGIN{mark}" in said else again):
                said += self.listen_to_shell()
                done = re.search(rf"BEGIN{mark}\n(.*)END{mark} (\d+)", said, re.S)
                if done:
                    return int(done[2]), done[1].strip()
        raise Missing(f"no answer to {command!r} within {seconds * SLOW:.0f} s: {said[-400:]}")

    def until(self, command, seconds):
        """What `command` says in the guest when it succeeds; asked again until it does."""
        end = time.monotonic() + seconds * SLOW
        while True:
            status, said = self.ask(command, seconds)
            if status == 0:
                return said
            if time.monotonic() > end:
                raise Missing(f"{command!r} did not come true within {seconds * SLOW:.0f} s: {said[-400:]}")
            self.read_console(2)

    def listen_to_shell(self):
        if self.gone:
            raise Missing("the guest is gone; its last words: " + self.text[-800:])
        ready, _, _ = select.select([self.lab], [], [], 1)
        return ESCAPES.sub("", self.lab.recv(65536).decode(errors="replace")) if ready else ""

    def tell(self, command):
        """Sends a command that nobody will answer, such as one that resets the guest."""
        self.lab.sendall((command + "\n").encode())

    def press(self, *keys):
        """Keys of the keyboard before its screen, in QEMU's names: "d", "shift-e"."""
        self.tell_qemu(*(f"sendkey {key}" for key in keys))

    def forward(self, address):
        """A port here that leads to the page at another of the guest's addresses, until the power is cut."""
        port = free_port()
        said = self.tell_qemu(f"hostfwd_add net tcp:127.0.0.1:{port}-{address}:443")
        assert "could not" not in said.lower() and "invalid" not in said.lower(), said
        return port

    def tell_qemu(self, *commands):
        """What its monitor says to them."""
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.connect(str(self.folder / "monitor.sock"))
            monitor.settimeout(60 * SLOW)
            for command in commands:
                monitor.sendall(f"{command}\n".encode())
            said = ""
            while said.count("(qemu)") <= len(commands):  # its prompt, and one after each
                said += monitor.recv(4096).decode(errors="replace")
            return said

    # --- the page
    def get(self, path, seconds=20):
        """Status and body. The guest's certificate is its own and new: who listens here is known by the port that we forwarded."""
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        try:
            with urllib.request.urlopen(f"https://127.0.0.1:{self.port}{path}", timeout=seconds, context=trust) as answer:
                body = answer.read()
                # The page's files lie packed in the program and go out as they lie there.
                return answer.status, gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def certificate(self):
        return ssl.get_server_certificate(("127.0.0.1", self.port), timeout=30)

    def wait_for_page(self, seconds):
        until = time.monotonic() + seconds * SLOW
        while time.monotonic() < until:
            self.read_console(0.1)
            try:
                return self.get("/")
            except (OSError, urllib.error.URLError):
                self.read_console(2)
        raise Missing(f"no page within {seconds * SLOW:.0f} s; the console's last words: {self.text[-800:]}")

    # --- its disk, while it is off
    def kernels(self):
        """The kernels on the ESP by their names, which are the states of the slots."""
        raw = self.folder / "esp.img"
        subprocess.run(["qemu-img", "convert", "-O", "raw", str(self.folder / "disk.qcow2"), str(raw)], check=True)
        try:
            where = ["-i", f"{raw}@@1M"]
            listed = subprocess.run(["mdir", "-b", *where, "::/EFI/Linux"], check=True, capture_output=True, text=True).stdout
            return {path.split("/")[-1]: subprocess.run(["mtype", *where, path], check=True, capture_output=True).stdout for path in sorted(listed.split())}
        finally:
            raw.unlink()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
