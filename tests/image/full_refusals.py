"""Updates that must not get in: each is refused with its own words, and what runs stays as it is."""
import suite
from bundles import offsets

# What the page says of each, so that whoever brought the update knows what is wrong with it: a reason, for which it has words, and what was found.
WORDS = {"foreign": ("signature", "certificate"), "truncated": ("damaged", ""), "unlisted": ("other", "none of an update's: extra.sh"),
         "oversize": ("no_space", "larger than its partition"), "other": ("other_hardware", "")}


def stays(box, before):
    assert box.version() == before[0], box.version()
    kernels = box.kernels()
    assert before[1] in kernels and len([name for name in kernels if "+0" not in name]) == 1, kernels


def standing(box):
    """The version that runs and its kernel's name, which must be the only one that can start."""
    box.on()
    slot = box.wait_until_good()
    return box.version(), f"holdfast-{slot}.efi"


def wrong_bundles_are_refused_each_with_its_own_words(box):
    before, said = standing(box), {}
    for name, (reason, words) in WORDS.items():
        said[name] = box.refusal(name)
        assert said[name][0] == reason and words in said[name][1], (name, said[name])
        stays(box, before)
        box.figures[f"refused: {name}"] = " ".join(said[name])[-160:]
    # The box stands by it when nobody has looked before.
    status, answer = box.install("other")
    assert status != 0 and "not compatible" in answer, answer


def one_changed_byte_is_refused_wherever_it_is(box):
    before, bundle = standing(box), box.bundle(suite.SECOND)
    box.with_stick()
    status, said = box.guest.ask(f"cp /run/holdfast-usb/{suite.SECOND}.raucb /var/tmp/changed.raucb && sync -f /var/tmp", 600)
    assert status == 0, said
    data = bundle.read_bytes()
    for kind, at in offsets(bundle):
        put = "printf '\\\\x{:02x}' | dd of=/var/tmp/changed.raucb bs=1 seek=" + str(at) + " conv=notrunc status=none; sync -f /var/tmp"
        box.guest.ask(put.format(data[at] ^ 0x5A), 60)
        status, said = box.guest.ask("rauc install /var/tmp/changed.raucb 2>&1 | tail -n 3; test ${PIPESTATUS[0]} = 0", 900)
        box.guest.ask(put.format(data[at]), 60)
        assert status != 0, f"byte {at} ({kind}) was changed and taken: {said}"
        stays(box, before)
        box.figures[f"changed byte {at} ({kind})"] = said.strip().split("\n")[-1][-120:]
    box.guest.ask("rm /var/tmp/changed.raucb")


STEPS = [wrong_bundles_are_refused_each_with_its_own_words, one_changed_byte_is_refused_wherever_it_is]
