#!/usr/bin/env python3
"""The main job on one real Asterisk, inside its namespace (started by live_test.py): a baseline, an artificial hold laid on two of three lines and taken
off again, a second agent that stops reading, the PBX killed and restarted. Prints one `live: good ..` or `live: bad ..` a claim, with the figures."""
import asyncio
import os
import pathlib
import random
import statistics
import sys
import time

import agent_api
import asterisk
import counting
import sip_phones

SUPPORT, SALES, PRINTERS = "5550101", "5550102", "5550103"
QUEUES = {SUPPORT: "support", SALES: "sales", PRINTERS: "printers"}
HELD_LINES = {SUPPORT, PRINTERS}
RATES = {SUPPORT: 7, PRINTERS: 5, SALES: 5}  # calls a minute
HOLD, WELCOME = 120, 3
STOPPED = 600 if os.environ.get("HF_FULL") == "1" else 300  # seconds for which the second agent does not read
SETUP_ALLOWANCE, MEMORY_ALLOWANCE = 0.050, 64 << 20


async def aside(function, *arguments):
    """Runs what blocks beside the callers, so that nobody's SIP answer is late."""
    return await asyncio.to_thread(function, *arguments)


async def until(condition, limit):
    """The first true value of condition(), asked once a second; False after `limit` seconds."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            found = await aside(condition)
        except (OSError, RuntimeError) as why:
            found = print("while waiting:", why)
        if found:
            return found
        await asyncio.sleep(1)
    return False


class Case:
    def __init__(self, version, root, space, folder, secret):
        self.version, self.folder, self.secret = version, pathlib.Path(folder), secret
        self.pbx = asterisk.Asterisk(version, root, secret, space)
        self.agent, self.sleeper = self.new_agent("agent"), self.new_agent("sleeper")
        self.load, self.begin, self.bad, self.gaps, self.lost = None, time.time(), 0, [], 0
        self.figures, self.phones = {}, []

    def new_agent(self, name, **other):
        return agent_api.Agent(self.folder / name, other.pop("secret", self.secret), **other)

    def claim(self, good, text):
        self.bad += not good
        print(f"live: {'good' if good else 'bad'} Asterisk {self.version}, {time.time() - self.begin:.0f} s: {text}", flush=True)

    async def begin_work(self):
        seed = int(os.environ.get("HF_SEED") or random.getrandbits(31))
        await aside(self.pbx.start)
        print(f"{await aside(self.pbx.release)}, seed {seed}", flush=True)
        dice = random.Random(seed)
        for ip in asterisk.PHONES.values():
            self.phones.append(await sip_phones.Phone(ip, lambda: dice.uniform(1, 2.5), lambda: dice.uniform(4, 9)).open())
        trunk = await sip_phones.Endpoint("127.0.0.10").open()
        await asyncio.gather(aside(self.agent.start), aside(self.sleeper.start))
        for agent, name in ((self.agent, "the agent"), (self.sleeper, "the second agent")):
            self.claim(await until(agent.healthy, 30), f"{name} is connected: {(await aside(agent.source))['what']}")
        self.load = sip_phones.Load(trunk, seed, lambda r: r.uniform(2, 6) if r.random() < 0.15 else None)
        self.load.start(RATES)

    def of(self, line):
        return [c for c in self.load.callers if c.did == line]

    async def baseline(self):
        await asyncio.sleep(75)
        await until(lambda: all(sum(1 for c in self.of(line) if c.ended and not c.by_caller) >= 6 for line in RATES), 45)
        seen = sum(q["today"]["offered"] for q in (await aside(self.agent.get, "live"))["lines"])
        made = [c.dialled for c in self.load.callers if c.set_up]
        closed = sum(1 for at in made if at < time.time() // 60 * 60 - 2)  # counts are told when their minute has closed
        self.claim(closed <= seen <= len(made), f"{seen} calls seen of {closed} in closed minutes, {len(made)} in all")
        self.claim(not (await aside(self.agent.get, "incidents"))["incidents"], "no incident in ordinary work")

    def setups(self, begin, end):
        return [c.set_up - c.dialled for c in self.load.callers if c.set_up and begin <= c.dialled < end]

    async def stop_second(self):
        self.figures |= {"memory": self.pbx.memory(), "most": 0, "stopped": time.time()}
        self.sleeper.stop_reading()

    async def watch_memory(self):
        while True:
            try:
                self.figures["most"] = max(self.figures.get("most", 0), self.pbx.memory())
            except (OSError, ValueError):
                pass  # between two lives
            await asyncio.sleep(1)

    async def second_goes_on(self):
        await asyncio.sleep(max(0, self.figures["stopped"] + STOPPED - time.time()))
        stopped, now = self.figures["stopped"], time.time()
        grown = self.figures["most"] - self.figures["memory"]
        before, during = statistics.median(self.setups(self.begin, stopped)), statistics.median(self.setups(stopped, now))
        self.claim(during <= 2 * before + SETUP_ALLOWANCE,
                   f"an agent that stopped reading for {now - stopped:.0f} s: call set-up {before * 1000:.1f} ms before, {during * 1000:.1f} ms during (medians)")
        self.claim(grown < MEMORY_ALLOWANCE, f"and Asterisk's memory grew by {grown / 2**20:.1f} MiB from {self.figures['memory'] / 2**20:.1f} MiB")
        self.sleeper.go_on()
        back = await until(self.sleeper_is_back, 60)
        self.claim(back, f"it is healthy again {time.time() - now:.1f} s after it went on: {back}")

    def sleeper_is_back(self):
        """Healthy, and its newest event is a fresh one."""
        source = self.sleeper.source()
        if source["state"] == "healthy" and time.time() - (source["last_event"] or 0) < 15:
            return f"{source['reconnects']} reconnects, {source['what']}"
        return False

    async def hold_on(self):
        await aside(self.pbx.set_hold, HOLD)
        self.figures["held_from"] = time.time()

    def held(self, line):
        """Truth: who came to the hold after it began and before it ended, by arrival."""
        begin, end = self.figures["held_from"] - WELCOME, self.figures.get("held_to", time.time()) - WELCOME
        return [c for c in self.of(line) if c.set_up and begin < c.set_up < end and (c.ended or time.time()) - c.set_up > WELCOME + 0.3]

    async def hold_is_seen(self):
        """Incident within 180 s, lines within 180 s of their third held caller; sales never."""
        named = await until(lambda: next((i for i in self.agent.holds() if {n["id"] for n in i["lines"]} >= HELD_LINES), None), 200)
        if not named:
            return self.claim(False, f"both lines named: {await aside(self.agent.holds)}")
        first = min(c.dialled for line in HELD_LINES for c in self.held(line))
        self.claim(named["signalled"] - first < 180, f"signalled {named['signalled'] - first:.1f} s after the first held caller dialled; "
                                                     f"Time-to-Signal as told {named['time_to_signal_s']:.1f} s")
        for line in named["lines"]:
            third = ([c.dialled for c in self.held(line["id"])] + [time.time()] * 3)[2] if line["id"] in HELD_LINES else 0
            self.claim(line["named"] - third < 180, f"line {line['id']} named {line['named'] - first:.1f} s after the first, {line['named'] - third:.1f} s after its third held caller")
        self.claim(named["onset_low"] - 1 <= first and named["onset_high"] + 1 >= self.figures["held_from"] - WELCOME,
                   f"onset {named['onset_low'] - first:+.1f} .. {named['onset_high'] - first:+.1f} s from the first held caller")
        imposed = await until(lambda: self.agent.holds()[0]["imposed_wait_s"], max(1, first + HOLD + 80 - time.time()))
        self.claim(imposed and abs(imposed - HOLD) <= 3, f"imposed wait {imposed} s, true {HOLD} s")

    async def hold_off(self):
        await aside(self.pbx.set_hold, 0)
        self.figures["held_to"] = time.time()

    async def hold_is_over(self):
        """The incident closes itself, with the total harm."""
        done = await until(lambda: all(i["closed"] for i in self.agent.holds()), HOLD + 240)
        holds = await aside(self.agent.holds)
        self.claim(done and len(holds) == 1, f"{len(holds)} artificial hold in all, closed {(holds[0]['closed'] or 0) - self.figures['held_to']:.0f} s after the hold was taken off")
        self.claim({n["id"] for i in holds for n in i["lines"]} == HELD_LINES, "sales, which was not held, was never accused")
        held = [c for line in HELD_LINES for c in self.held(line)]
        harm = sum(min(HOLD, (c.ended or time.time()) - c.set_up - WELCOME) for c in held)
        told = holds[0]["imposed_caller_s"]
        self.claim(0.75 * harm <= told <= 1.1 * harm, f"harm told {told:.0f} caller-seconds over {holds[0]['affected_calls']} calls; true {harm:.0f} over {len(held)}")

    async def straight_on(self):
        """After the hold each held line has a caller who was served as before."""
        def served(line):
            return [c for c in self.of(line) if c.dialled > self.figures["held_to"] and c.ended and not c.by_caller]
        done = await until(lambda: all(served(line) for line in HELD_LINES), 100)
        waits = [round(c.ended - c.dialled) for line in HELD_LINES for c in served(line)]
        self.claim(done and max(waits) < HOLD, f"new callers go straight on: whole calls of {waits} s")

    async def outage(self, name, command):
        """The PBX goes and comes back; the agent reconnects within 40 s of its being there."""
        reconnects = (await aside(self.agent.source))["reconnects"]
        for _ in range(4):
            self.load.call(SALES)
        await asyncio.sleep(WELCOME / 2)  # these hear the welcome when the PBX goes
        gone = time.time()
        self.lost += len(self.load.open()) - sum(phone.talks() for phone in self.phones)  # who is being served was answered
        if command == "crash":
            await aside(self.pbx.crash)
            self.load.cut()
            await asyncio.sleep(4)
            await aside(self.pbx.start)
        else:
            await aside(self.pbx.restart)
            await asyncio.sleep(1)
            self.load.cut()
        back = await until(lambda: self.agent.source()["reconnects"] > reconnects and self.agent.healthy(), 40)
        self.gaps.append((gone - 1, time.time() + 2))
        self.claim(back, f"{name}: connected again {time.time() - gone:.1f} s after it went")

    async def run(self):
        await self.begin_work()
        watch = asyncio.ensure_future(self.watch_memory())
        await self.baseline()
        await self.stop_second()
        await self.hold_on()
        await asyncio.gather(counting.wrong_secret(self), counting.stranger(self), self.hold_is_seen())
        await self.hold_off()
        await asyncio.gather(self.straight_on(), self.hold_is_over())
        await self.second_goes_on()
        watch.cancel()
        await self.outage("PBX killed", "crash")
        await asyncio.sleep(15)
        await self.outage("PBX restarted", "restart")
        await asyncio.sleep(10)
        self.load.quiet()
        await counting.nothing_twice(self)

    def close(self):
        if self.load:
            self.load.stop()
        for agent in (self.agent, self.sleeper):
            if self.bad:
                print(agent.folder.name, "said:", agent.log()[-3000:] if (agent.folder / "log").exists() else "nothing")
            agent.close()
        self.pbx.stop()


async def main():
    case = Case(*sys.argv[1:6])
    try:
        await case.run()
    except BaseException:
        case.bad += 1
        raise
    finally:
        await aside(case.close)
    return 1 if case.bad else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
