#!/usr/bin/env python3
"""All that the box promises, in QEMU, one guest at a time: hours. Run by hand before a release; its figures go into the release's note.
full_test.py [--only NAME] [--from NAME] [--images FOLDER]    HOLDFAST_CUTS=30: how many power cuts of each kind"""
import sys

import bundles
import full_comebacks
import full_console
import full_cuts
import full_figures
import full_machine
import full_refusals
import full_seals
import full_sources
import suite


class Full(suite.Box):
    BUILDS = [(suite.FIRST, "lab", ["--lab"]), (suite.SECOND, "lab", ["--lab"]), *((version, "lab", ["--bad", kind]) for kind, version in full_comebacks.BAD.items())]
    STEPS = [*full_figures.STEPS[:1], *full_sources.STEPS, *full_figures.STEPS[1:], *full_refusals.STEPS, *full_comebacks.STEPS, *full_seals.STEPS, *full_console.STEPS, *full_machine.STEPS, *full_cuts.STEPS]

    def on_the_stick(self):
        names = {version: self.bundle(version) for version in (suite.FIRST, suite.SECOND, *full_comebacks.BAD.values())}
        wrong = bundles.make(self.image(suite.SECOND), suite.SECOND, self.images / "wrong")
        return {f"{name}.raucb": path for name, path in {**names, **wrong}.items()}


if __name__ == "__main__":
    sys.exit(suite.main(Full, "image-full", __doc__))
