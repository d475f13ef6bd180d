#!/usr/bin/env python3
"""The sealed box on a 64-bit ARM machine, in QEMU: its files, a first start, an update, a hung kernel. Debian's kernel drives no TPM that QEMU has for such a machine.
arm64_test.py [--only NAME] [--from NAME] [--images FOLDER]    as image_test.py, whose steps these are but for one"""
import sys

import image_test
import suite

Box = image_test.Suite


class Arm64(Box):
    ARCH = "arm64"
    BUILDS = [build for build in Box.BUILDS if build[0] != image_test.BROKEN]

    def on_the_stick(self):
        return {name: path for name, path in super().on_the_stick().items() if name != "broken.raucb"}

    def only_what_we_signed_starts_and_the_data_is_told_to_be_weaker(self):
        _, said = self.on().ask("bootctl status --no-pager 2>/dev/null | head -n 8; uname -m", 120)
        assert "Secure Boot: enabled (user)" in said and said.endswith("aarch64"), said
        assert self.guest.ask("cat /run/holdfast-data/protection")[1] == "key-file"
        self.guest.until("grep 'WEAK: there is no TPM' /var/lib/holdfast/health.json", 400)

    STEPS = [Box.files_are_as_they_should_be, Box.keys_in_a_token_sign_as_those_in_files_do, Box.first_start_brings_the_page, only_what_we_signed_starts_and_the_data_is_told_to_be_weaker,
             Box.nothing_listens_that_should_not, Box.nothing_failed_at_the_start, Box.a_changed_byte_is_refused, Box.an_update_is_brought_and_found_good, Box.a_hung_kernel_is_reset_by_the_watchdog]


if __name__ == "__main__":
    sys.exit(suite.main(Arm64, "image-test-arm64", __doc__))
