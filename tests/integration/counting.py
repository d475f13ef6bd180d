"""Claims of the live case that compare what the agent counted with what Asterisk wrote in its queue_log, and the two wrong ways to connect."""
import asyncio
import time

QUEUES = ("support", "printers", "sales")


async def wrong_secret(case):
    agent = case.new_agent("wrong", secret="not the secret at all")
    await refused(case, agent, 'user "holdfast"', "secret")


async def stranger(case):
    async def greet(_reader, writer):
        writer.write(b"220 hello\r\n")
        await asyncio.sleep(20)
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    try:
        await refused(case, case.new_agent("stranger", port=server.sockets[0].getsockname()[1]), "220 hello", "Check host and port")
    finally:
        server.close()


async def refused(case, agent, thing, remedy):
    """Its source must say what is wrong and what to do."""
    try:
        await asyncio.to_thread(agent.start)
        what, until = None, time.monotonic() + 40
        while time.monotonic() < until:
            source = await asyncio.to_thread(agent.source)
            what = source["what"]
            if source["state"] in ("failed", "degraded"):
                break
            await asyncio.sleep(1)
        case.claim(source["state"] in ("failed", "degraded") and thing in what and remedy in what, f"{agent.folder.name}: {source['state']}: {what}")
    finally:
        await asyncio.to_thread(agent.close)


def logged(case, event):
    """(least, most) that may be counted by queue: what the log has outside the gaps, and with them. Who joined while nobody listened and
    still waits when the agent is back is counted once; who left meanwhile cannot be known."""
    bounds = {}
    for queue in QUEUES:
        times = [int(line[0]) for line in case.pbx.queue_log() if len(line) > 4 and line[2] == queue and line[4] == event]
        inside = sum(1 for at in times if any(begin - 1 <= at <= end for begin, end in case.gaps))
        bounds[queue] = (len(times) - inside, len(times))
    return bounds


def sums(case, field, scope="queue", names=QUEUES):
    return {name: sum(m[field] for m in case.agent.minutes(scope, name, case.begin - 60)) for name in names}


def agree(counted, bounds):
    return all(bounds[q][0] <= counted[q] <= bounds[q][1] for q in bounds)


def dialled(case):
    """As `logged`, by line: every call that the PBX took."""
    bounds = {}
    for line in sorted({c.did for c in case.load.callers}):
        taken = [c.dialled for c in case.load.callers if c.did == line and c.set_up]
        inside = sum(1 for at in taken if any(begin <= at <= end for begin, end in case.gaps))
        bounds[line] = (len(taken) - inside, len(taken))
    return bounds


class Counts:
    """What the agent tells beside what it should: (name, counted, bounds) each."""

    def __init__(self, case):
        self.case, self.lines = case, dialled(case)
        self.wanted = {"offered": logged(case, "ENTERQUEUE"), "answered": logged(case, "CONNECT")}
        self.rows, self.lost = [], 0

    def read(self):
        """True when all agree. Lost calls may differ by two: some begin or end in the very moment in which the PBX goes."""
        self.rows = [(f"{field} by queue", sums(self.case, field), bounds) for field, bounds in self.wanted.items()]
        self.rows.append(("offered by line", sums(self.case, "offered", "line", tuple(self.lines)), self.lines))
        self.lost = sum(sums(self.case, "lost", "line", tuple(self.lines)).values())
        return self.lost_agree() and all(agree(counted, bounds) for _, counted, bounds in self.rows)

    def lost_agree(self):
        return abs(self.lost - self.case.lost) <= 2


async def nothing_twice(case):
    """Once the last call has ended and its minute is closed: counts equal the PBX's own, gaps are shown as gaps."""
    until = time.monotonic() + 100
    while time.monotonic() < until and case.load.open():
        await asyncio.sleep(1)
    case.claim(not case.load.open(), "all calls have ended")
    counts, until = Counts(case), time.monotonic() + 75  # a minute's end, and some seconds to tell it
    while not await asyncio.to_thread(counts.read) and time.monotonic() < until:
        await asyncio.sleep(3)
    for name, counted, bounds in counts.rows:
        case.claim(agree(counted, bounds), f"{name}: {counted}; true, without and with what fell into the gaps: {bounds}")
    case.claim(counts.lost_agree(), f"{counts.lost} calls lost by restart; {case.lost} waited when the PBX went")
    minutes = await asyncio.to_thread(case.agent.minutes, "queue", "support", case.begin - 60)
    for begin, end in case.gaps:
        shares = [m["completeness"] for m in minutes if m["start"] < end and m["start"] + 60 > begin]
        case.claim(shares and min(shares) < 1, f"the gap is told as a gap: completeness {shares}")
