#!/usr/bin/env python3
"""Records this folder's capture on a real Asterisk: record.py VERSION ROOT OUT, as root. ROOT is an unpacked Debian with that Asterisk (tests/integration
makes one). The account is config/asterisk-manager.conf, word for word. A hold of 90 s is laid before queue 600 for 150 s of the six minutes."""
import asyncio
import hashlib
import json
import os
import pathlib
import random
import shutil
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "integration"))
import asterisk
import sip_phones

SECRET, HOLD = "golden-only", 90


class Recorder:
    """The manager's bytes as they come, with the time of each chunk; asks for the pictures once a minute."""

    def __init__(self, out):
        self.log, self.times, self.conns = (open(out / f"ami.{n}", "wb", buffering=0) for n in ("log", "times", "conns"))
        self.offset, self.seen = 0, b""

    async def run(self):
        reader, self.writer = await asyncio.open_connection("127.0.0.1", 5038)
        self.conns.write(f"{time.time():.3f} 0 connect\n".encode())
        self.send("Action: Challenge", "AuthType: MD5")
        asyncio.ensure_future(self.ask())
        while chunk := await reader.read(65536):
            self.times.write(f"{time.time():.6f} {self.offset} {len(chunk)}\n".encode())
            self.log.write(chunk)
            self.offset += len(chunk)
            if self.seen is not None:
                self.seen += chunk
                if b"Challenge: " in self.seen:
                    challenge = self.seen.split(b"Challenge: ")[1].split(b"\r")[0]
                    key = hashlib.md5(challenge + SECRET.encode()).hexdigest()
                    self.send("Action: Login", "AuthType: MD5", "Username: holdfast", f"Key: {key}", "Events: on")
                    self.seen = None
        self.conns.write(f"{time.time():.3f} {self.offset} closed\n".encode())

    def send(self, *lines):
        self.writer.write("\r\n".join(lines + ("ActionID: rec", "", "")).encode())

    async def ask(self):
        await asyncio.sleep(1)
        while True:
            for action in ("CoreSettings", "CoreStatus", "QueueStatus", "CoreShowChannels"):
                self.send(f"Action: {action}")
            await asyncio.sleep(60)


async def story(pbx, out):
    dice = random.Random(4)
    recorder = Recorder(out)
    recording = asyncio.ensure_future(recorder.run())
    phones = [await sip_phones.Phone(ip, lambda: dice.uniform(1, 2.5), lambda: dice.uniform(4, 9)).open() for ip in asterisk.PHONES.values()]
    load = sip_phones.Load(await sip_phones.Endpoint("127.0.0.10").open(), 7, lambda r: r.uniform(60, 120))
    load.start({"5550101": 9, "5550102": 4, "5550103": 3})
    await asyncio.sleep(110)
    began = time.time()
    await asyncio.to_thread(pbx.set_hold, HOLD)
    await asyncio.sleep(150)
    withdrawn = time.time()
    await asyncio.to_thread(pbx.set_hold, 0)
    await asyncio.sleep(15)
    load.quiet()
    await asyncio.sleep(60)
    calls = [{"did": c.did, "number": c.number, "dialled": c.dialled, "set_up": c.set_up, "ended": c.ended, "by_caller": c.by_caller} for c in load.callers]
    (out / "truth.json").write_text(json.dumps({"began": began, "withdrawn": withdrawn, "hold": HOLD, "phones": len(phones), "calls": calls}, indent=0))
    recording.cancel()


def main():
    version, root, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    inside = len(sys.argv) > 4
    pbx = asterisk.Asterisk(version, root, SECRET, sys.argv[4] if inside else f"hf-golden-{os.getpid()}")
    if inside:
        asyncio.run(story(pbx, out))
        return
    out.mkdir(parents=True, exist_ok=True)
    pbx.prepare()
    try:
        for name in ("extensions.conf", "queues.conf"):
            shutil.copyfile(HERE / name, pbx.folder / "etc" / name)
        pbx.start()
        print(pbx.release(), flush=True)
        asterisk.run("ip", "netns", "exec", pbx.space, sys.executable, __file__, version, root, out, pbx.space, limit=420)
        shutil.copyfile(pbx.folder / "log/queue_log", out / "queue_log")
    finally:
        pbx.close()


if __name__ == "__main__":
    main()
