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


async def nothing_twice(case):
    """Once the last call has ended and its minute is closed: counts equal the PBX's own, gaps are shown as gaps."""
    until = time.monotonic() + 100
    while time.monotonic() < until and case.load.open():
        await asyncio.sleep(1)
    case.claim(not case.load.open(), "all calls have ended")
    wanted = {"offered": logged(case, "ENTERQUEUE"), "answered": logged(case, "CONNECT")}
    counted, until = {}, time.monotonic() + 75  # a minute's end, and some seconds to tell it
    while time.monotonic() < until:
        counted = {field: await asyncio.to_thread(sums, case, field) for field in wanted}
        if all(agree(counted[field], wanted[field]) for field in wanted):
            break
        await asyncio.sleep(3)
    for field, bounds in wanted.items():
        case.claim(agree(counted[field], bounds), f"{field} by queue {counted[field]}, in queue_log (outside, with the gaps) {bounds}")
    await lines_agree(case)
    minutes = await asyncio.to_thread(case.agent.minutes, "queue", "support", case.begin - 60)
    for begin, end in case.gaps:
        shares = [m["completeness"] for m in minutes if m["start"] < end and m["start"] + 60 > begin]
        case.claim(shares and min(shares) < 1, f"the gap is told as a gap: completeness {shares}")


async def lines_agree(case):
    """Every call that the PBX took was offered on its line once, and those cut by the PBX are lost, not abandoned."""
    lines = tuple(sorted({c.did for c in case.load.callers}))
    offered = await asyncio.to_thread(sums, case, "offered", "line", lines)
    bounds = {}
    for line in lines:
        taken = [c.dialled for c in case.load.callers if c.did == line and c.set_up]
        inside = sum(1 for at in taken if any(begin <= at <= end for begin, end in case.gaps))
        bounds[line] = (len(taken) - inside, len(taken))
    case.claim(agree(offered, bounds), f"offered by line {offered}, dialled (outside, with the gaps) {bounds}")
    lost = sum((await asyncio.to_thread(sums, case, "lost", "line", lines)).values())
    case.claim(abs(lost - case.lost) <= 2, f"{lost} calls lost by restart; {case.lost} waited when the PBX went")
