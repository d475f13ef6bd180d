"""A table per call: what the phones did beside what each source told of it. A source may differ from the truth only as its describe() says
(`can` of /api/v1/sources): every difference is either predicted, and says by what, or it is a fault."""
import dataclasses

FIELDS = ("line", "queue", "outcome", "agent", "wait", "queue_wait", "talk", "hold")
SLACK = 0.4  # seconds: the way through two sockets on a busy machine


@dataclasses.dataclass
class Facts:
    """Of one call; None = not told. Seconds, but for `arrived` (unix). `outcome` in the words of `holdfast replay`."""
    arrived: float
    line: str | None = None
    queue: str | None = None
    outcome: str | None = None
    agent: str | None = None
    wait: float | None = None
    queue_wait: float | None = None
    talk: float | None = None
    hold: float | None = None

    def cell(self):
        def short(value):
            return "?" if value is None else f"{value:.1f}" if isinstance(value, float) else value
        return f"{self.outcome} {short(self.agent)} {short(self.queue)} {short(self.wait)}/{short(self.queue_wait)} {short(self.talk)}/{short(self.hold)}"


def predicted(truth, can):
    """What a source that can do this should tell of the call, and why that is less than the truth: (Facts or None, {field: reason})."""
    facts, why = dataclasses.replace(truth), {}
    if not can["pre_queue"]:
        if truth.queue is None:
            return None, {"call": "pre_queue is false: who left before the queue is unknown"}
        facts.line = facts.wait = None
        facts.arrived = truth.arrived + truth.wait - truth.queue_wait
        why |= dict.fromkeys(("line", "wait"), "pre_queue is false")
    if not can["queues"]:
        facts.queue = facts.queue_wait = None
        why |= dict.fromkeys(("queue", "queue_wait"), "queues is false")
    if not can["hold_times"]:
        facts.hold = None
        why["hold"] = "hold_times is false"
    return facts, why


def differ(wanted, told, grain):
    if wanted is None or told is None or isinstance(wanted, str):
        return wanted != told
    return abs(wanted - told) > SLACK + grain


class Table:
    """Rows are the true calls. `sources` maps a name to ({"pre_queue": ...}, [Facts])."""

    def __init__(self, truths, sources):
        self.truths, self.sources = sorted(truths, key=lambda t: t.arrived), sources
        self.left = {name: list(told) for name, (_, told) in sources.items()}
        self.predicted = self.faults = 0

    def take(self, name, truth, wanted, grain):
        """The call of this source that is meant: the nearest in time that may be it, taken once."""
        near = [f for f in self.left[name] if abs(f.arrived - wanted.arrived) <= 1.5 + grain and (f.line or f.queue) in (truth.line, truth.queue)]
        found = min(near, key=lambda f: abs(f.arrived - wanted.arrived), default=None)
        if found:
            self.left[name].remove(found)
        return found

    def compare(self, name, truth):
        """(cell, notes) of one call in one source."""
        can = self.sources[name][0]
        wanted, why = predicted(truth, can)
        if wanted is None:
            self.predicted += 1
            return "-", [f"{name}: {why['call']}"]
        told = self.take(name, truth, wanted, can["grain_s"])
        if told is None:
            self.faults += 1
            return "-", [f"{name}: UNPREDICTED: the call is missing"]
        notes = []
        for field in FIELDS:
            good, is_, true = getattr(wanted, field), getattr(told, field), getattr(truth, field)
            if differ(good, is_, can["grain_s"]):
                self.faults += 1
                notes.append(f"{name}: UNPREDICTED: {field} is {is_}, not {good}")
            elif field in why and is_ != true:
                self.predicted += 1
        reasons = sorted({f"{field}: {reason}" for field, reason in why.items()})
        return told.cell(), notes + ([f"{name}: {'; '.join(reasons)}"] if reasons else [])

    def lines(self):
        yield "line    truth: outcome agent queue wait/queue_wait talk/hold | " + " | ".join(self.sources)
        for truth in self.truths:
            cells, notes = zip(*(self.compare(name, truth) for name in self.sources))
            yield f"{truth.line} {truth.cell()} | " + " | ".join(cells)
            for note in (n for some in notes for n in some):
                yield f"        {note}"
        for name, extra in self.left.items():
            for facts in extra:
                self.faults += 1
                yield f"        {name}: UNPREDICTED: a call that nobody made: {facts}"
