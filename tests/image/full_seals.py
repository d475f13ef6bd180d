"""What somebody with the disk in hands tries: each on a copy of the machine, so that the machine itself goes on as it was."""
import json
import shutil
import subprocess

import machine
import page
import suite


def copy_of(box, name):
    """Another machine with this one's disk, firmware variables and TPM, switched off."""
    box.guest.cut_power()
    twin = machine.Machine(box.guest.image, box.images / name)
    shutil.rmtree(twin.folder, ignore_errors=True)
    shutil.copytree(box.guest.folder, twin.folder, ignore=shutil.ignore_patterns("*.sock", "*.log"))
    return twin


def esp(twin, *commands):
    """mtools' commands on the boot partition of a machine that is off; {} stands for it."""
    raw, disk = twin.folder / "disk.raw", twin.folder / "disk.qcow2"
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(disk), str(raw)], check=True)
    for command in commands:
        subprocess.run([word.format(f"{raw}@@1M") for word in command], check=True)
    subprocess.run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(disk)], check=True)
    raw.unlink()


def what_starts(box):
    """Slot and version of what this machine starts, read from its disk: a start only to be told costs minutes."""
    box.guest.cut_power()
    kernels = {name: data for name, data in box.guest.kernels().items() if "+0" not in name}
    for version in (suite.SECOND, suite.FIRST):  # the boot loader takes the newest
        signed = (box.image(version) / "holdfast.efi").read_bytes()
        for name, data in kernels.items():
            if data == signed:
                return name[len("holdfast-")], version
    raise machine.Missing(f"none of our versions lies there: {list(kernels)}")


def does_not_start(twin, words, seconds=120):
    """The firmware or the loader says `words`, and no kernel of ours begins."""
    twin.start()
    try:
        twin.wait(words, seconds)
        assert "holdfast-initrd: root" not in twin.text, twin.text[-500:]
    finally:
        twin.cut_power()


def a_changed_root_does_not_start(box):
    slot, _ = what_starts(box)
    twin = copy_of(box, "machine-changed")
    # GPT: ESP at 1 MiB of 256, then root and hash tree of A (512 and 16), then those of B. The first block of a squashfs is read at each start.
    start = (1 + 256 + (0 if slot == "a" else 528)) << 20
    subprocess.run(["qemu-io", "-c", f"write -P 0x5a {start + 64} 1", str(twin.folder / "disk.qcow2")], check=True, stdout=subprocess.DEVNULL)
    twin.start()
    try:
        twin.wait("FAILED: the root|verity: .* corrupted|dm-verity.*corrupt|Kernel panic", 400)
        assert "Welcome to Holdfast" not in twin.text, twin.text[-500:]
    finally:
        twin.forget()


def strip_signature(path):
    subprocess.run([str(suite.ROOT / "images/enter"), "sbattach", "--remove", f"/project/{path.relative_to(suite.ROOT)}"], check=True)


def an_unsigned_kernel_is_refused(box):
    slot, version = what_starts(box)
    twin = copy_of(box, "machine-unsigned")
    unsigned = box.images / "unsigned.efi"
    # The signature is the last thing in the file; without it the same bytes are nobody's.
    shutil.copy(box.image(version) / "holdfast.efi", unsigned)
    strip_signature(unsigned)
    esp(twin, ["mdel", "-i", "{}", f"::/EFI/Linux/holdfast-{slot}.efi"], ["mcopy", "-i", "{}", str(unsigned), f"::/EFI/Linux/holdfast-{slot}.efi"])
    does_not_start(twin, "(?i)security violation|access denied|error loading|not authenticated")
    twin.forget()


def an_unsigned_loader_is_refused(box):
    twin = copy_of(box, "machine-loader")
    unsigned = box.images / "loader.efi"
    loader = subprocess.run([str(suite.ROOT / "images/enter"), "cat", "/usr/lib/systemd/boot/efi/systemd-bootx64.efi"], check=True, capture_output=True).stdout
    unsigned.write_bytes(loader)
    esp(twin, ["mdel", "-i", "{}", "::/EFI/BOOT/BOOTX64.EFI"], ["mcopy", "-i", "{}", str(unsigned), "::/EFI/BOOT/BOOTX64.EFI"])
    does_not_start(twin, "(?i)security violation|access denied")
    twin.forget()


def asks_for_the_recovery_key(twin):
    twin.start()
    twin.wait("holdfast-initrd: root", 400)
    twin.wait("recovery key: ", 600)  # the prompt: what is typed before it is lost


def another_tpm_does_not_open_the_data_but_the_recovery_key_does(box):
    key = json.loads((box.images / "secrets.json").read_text())["recovery key"]
    twin = copy_of(box, "machine-moved")
    shutil.rmtree(twin.folder / "tpm")
    try:
        asks_for_the_recovery_key(twin)
        twin.console.sendall(key.encode() + b"\r")
        twin.wait_for_page(600)
        assert twin.ask("cat /run/holdfast-data/protection")[1] == "tpm2"
        # From now on it is this machine's.
        twin.cut_power()
        twin.start()
        twin.wait_for_page(600)
        assert "type the recovery key" not in twin.text, twin.text[-500:]
        # Power went between the old seal and the new one: asked for again, not given up.
        status, said = twin.ask("systemd-cryptenroll --wipe-slot=tpm2 /dev/disk/by-partlabel/data && sync", 120)
        assert status == 0, said
        twin.cut_power()
        asks_for_the_recovery_key(twin)
    finally:
        twin.forget()


def volume_key(guest):
    """What tells one volume key from another. The partition's id does not: it comes from the machine's, which a virtual machine has from its hypervisor, and so is the same again."""
    return json.loads(guest.ask("cryptsetup luksDump --dump-json-metadata /dev/disk/by-partlabel/data", 120)[1])["digests"]["0"]["digest"]


def a_box_whose_keys_were_erased_begins_anew(box):
    """The last of the factory resets, asked for at the console: header and key slots become random, then a new start."""
    old = json.loads((box.images / "secrets.json").read_text())["recovery key"]
    box.on()
    box.admin()  # there is a user from here on
    twin = copy_of(box, "machine-erased")
    twin.start()
    try:
        twin.wait_for_page(600)
        before = volume_key(twin)
        twin.until("systemctl is-active holdfast-console", 120)
        twin.press("f", "3", *(f"shift-{letter}" for letter in "erase"))
        twin.wait("making the data partition", 400)
        new = twin.wait(r"recovery key, shown once[^:]*: ([a-z-]{71})", 900)[1]
        code = twin.wait(r"set-up code +((?:[0-9A-Z]{5}-){3}[0-9A-Z]{5})", 600)[1]
        twin.wait_for_page(600)
        assert new != old, "the recovery key is the old one"
        assert volume_key(twin) != before, "the data's own key is the old one"
        status, _ = twin.ask(f"printf %s {old} | cryptsetup open --test-passphrase --key-file=- /dev/disk/by-partlabel/data", 120)
        assert status != 0, "the old recovery key opens the new data"
        visitor = page.Page(twin)
        assert visitor.ask("POST", "/api/v1/login", {"user": page.USER, "password": page.PASSWORD}, seconds=120)[0] == 401, "a user outlived the reset"
        visitor.set_up(code)
    finally:
        twin.forget()


def a_machine_in_setup_mode_takes_our_keys(box):
    """Firmware without anybody's keys, as a hypervisor gives a new machine: the boot loader lays in ours and starts anew."""
    box.guest.cut_power()
    fresh = machine.Machine(box.image(suite.FIRST), box.images / "machine-in-setup-mode")
    fresh.forget()
    fresh.folder.mkdir(parents=True)
    shutil.copy("/usr/share/OVMF/OVMF_VARS_4M.fd", fresh.folder / "vars.fd")
    fresh.start()
    try:
        fresh.wait_for_page(900)
        _, said = fresh.ask("bootctl status --no-pager 2>/dev/null | head -n 8", 120)
        assert "Secure Boot: enabled (user)" in said, said
        assert fresh.ask("cat /run/holdfast-data/protection")[1] == "tpm2"
    finally:
        fresh.forget()


STEPS = [a_changed_root_does_not_start, an_unsigned_kernel_is_refused, an_unsigned_loader_is_refused, another_tpm_does_not_open_the_data_but_the_recovery_key_does,
         a_box_whose_keys_were_erased_begins_anew, a_machine_in_setup_mode_takes_our_keys]
