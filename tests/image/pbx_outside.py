#!/usr/bin/env python3
"""A PBX beside the guest, in a network namespace that this and Asterisk are alone in (PbxOutside starts it). Reads commands line by line, answers each with a line:
"call N" lets N callers be served one after the other and tells how many were; the end of the input ends all.
pbx_outside.py VERSION ROOT SPACE SECRET FD    FD: a socket that listens outside of the namespace; whoever comes there is passed on to the PBX's manager"""
import asyncio
import pathlib
import secrets
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

import asterisk  # noqa: E402
import sip_phones  # noqa: E402

LINE, RING, TALK = "5550102", 1, 5  # the line of queue sales, and seconds
TRUNK = "127.0.0.10"


class PbxOutside:
    """Asterisk in its namespace, reached at 127.0.0.1:port by whoever lives outside of it."""

    def __init__(self, folder, version="22"):
        self.pbx = asterisk.Asterisk(version, asterisk.build_root(version, folder), secrets.token_hex(12))
        self.program = None

    def __enter__(self):
        self.pbx.prepare()
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = door.getsockname()[1]
            command = ["ip", "netns", "exec", self.pbx.space, sys.executable, __file__, self.pbx.version, str(self.pbx.root), self.pbx.space, self.pbx.secret, str(door.fileno())]
            self.program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, pass_fds=[door.fileno()])
        self.release = self.answer()
        return self

    def answer(self):
        said = self.program.stdout.readline().strip()
        if not said:
            raise RuntimeError("the PBX outside ended")
        return said

    def serve(self, callers):
        """How many of so many callers a member answered. Takes some ten seconds a caller."""
        self.program.stdin.write(f"call {callers}\n")
        self.program.stdin.flush()
        return int(self.answer())

    def __exit__(self, *_):
        try:
            self.program.stdin.close()
            self.program.wait(timeout=30)
        finally:
            self.pbx.close()


async def pass_on(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side went; the other is told by the close
    finally:
        writer.close()


async def to_the_manager(reader, writer):
    try:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", 5038)
    except OSError:
        writer.close()
        return
    await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))


async def serve_callers(trunk, phones, number):
    def answered():
        return sum(call.answered for phone in phones for call in phone.calls)

    before = answered()
    for n in range(number):
        await sip_phones.Caller(trunk, LINE, f"+4930{n:07d}").run(60)
    return answered() - before


async def main(version, root, space, secret, door):
    pbx = asterisk.Asterisk(version, root, secret, space)
    await asyncio.to_thread(pbx.start)
    try:
        phones = [await sip_phones.Phone(ip, lambda: RING, lambda: TALK).open() for ip in asterisk.PHONES.values()]
        trunk = await sip_phones.Endpoint(TRUNK).open()
        await asyncio.start_server(to_the_manager, sock=socket.socket(fileno=int(door)))
        print((await asyncio.to_thread(pbx.release)).split("\n")[-1], flush=True)
        while command := (await asyncio.to_thread(sys.stdin.readline)).split():
            print(await serve_callers(trunk, phones, int(command[1])), flush=True)
    finally:
        await asyncio.to_thread(pbx.stop)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:6]))
