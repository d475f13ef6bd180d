"""What somebody who stands before the box does at its screen and keyboard."""
import stick

# What a PBX, an admin and a visitor leave in the log, as a log line of the agent's would.
NUMBER, VISITOR = "+4930901820777", "203.0.113.77"


def diagnostics_go_onto_the_stick_and_name_nobody(box):
    box.guest.cut_power()
    image = box.images / "diagnostics.img"
    box.guest.extra = stick.empty(image)
    box.guest.start()
    guest = box.guest
    guest.wait_for_page(600)
    box.admin()
    box.with_stick()
    guest.ask(f"logger -t holdfast-agent 'call from {NUMBER} for admin@{VISITOR}, refused to {VISITOR}'")
    started = guest.age()
    guest.press("d")
    said = guest.until("grep -E 'pulled out|could not|cannot' /run/holdfast-diagnostics", 300)
    assert "on the stick; it may be pulled out" in said, said
    box.figures["diagnostics onto a stick"] = f"{guest.age() - started:.0f} s"
    box.with_stick()  # it is there to be read again
    assert guest.ask("grep -c holdfast-stick /proc/mounts")[1] == "0"
    guest.cut_power()
    found = stick.texts_on(image)
    assert len(found) == 1 and next(iter(found)).startswith("holdfast-diagnostics-"), list(found)
    text = next(iter(found.values()))
    for section in ("system", "health", "sources", "device", "updates", "board", "log"):
        assert f"\n== {section} ==\n" in text, (section, text[:2000])
    assert "call from <number> for <account>, refused to 203.0.113.*" in text, text[-2000:]
    for person in (NUMBER, NUMBER[1:], VISITOR, "admin@"):
        assert person not in text, person
    box.figures["diagnostics"] = f"{len(text) >> 10} KB, {text.count(chr(10))} lines"
    box.insert_stick()


STEPS = [diagnostics_go_onto_the_stick_and_name_nobody]
