#!/usr/bin/env python3
"""de.pengutronix.rauc.Installer as RAUC 1.8 to 1.13 speaks it, without a disk behind it. fake_rauc.py ADDRESS LOG: on the bus at ADDRESS; each call is a line in LOG.
A bundle's name tells what comes of it: good-VERSION.raucb installs, anything else is refused as RAUC refuses a wrong signature."""
import re
import sys

import dbus
import dbus.bus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = INTERFACE = "de.pengutronix.rauc"
INTERFACE += ".Installer"
PROPERTIES = "org.freedesktop.DBus.Properties"


class WrongSignature(dbus.DBusException):
    _dbus_error_name = "org.gtk.GDBus.UnmappedGError.Quark._r_2dbundle_2derror_2dquark.Code3"


class Rauc(dbus.service.Object):
    def __init__(self, bus, log):
        super().__init__(bus, "/")
        self.log = log
        self.properties = {"Operation": "idle", "LastError": "", "BootSlot": "a", "Compatible": "holdfast-x86_64", "Variant": "",
                           "Progress": dbus.Struct((0, "", 0), signature="isi")}
        self.state = {"rootfs.0": "good", "rootfs.1": "good"}
        self.versions = {"rootfs.0": "1.0.0", "rootfs.1": "0.9.0"}

    def told(self, *words):
        with open(self.log, "a", encoding="utf-8") as out:
            out.write(" ".join(words) + "\n")

    @staticmethod
    def version_of(path):
        found = re.fullmatch(r".*/good-([\d.]+)\.raucb", path)
        if not found:
            raise WrongSignature("signature verification failed: Verify error: self-signed certificate")
        return found[1]

    @dbus.service.method(INTERFACE, in_signature="s", out_signature="ss")
    def Info(self, bundle):
        self.told("Info", bundle)
        return "holdfast-x86_64", self.version_of(bundle)

    @dbus.service.method(INTERFACE, in_signature="sa{sv}")
    def InstallBundle(self, source, args):
        self.told("InstallBundle", source, str(len(args)))
        self.properties["Operation"] = "installing"
        self.properties["Progress"] = dbus.Struct((40, "Copying image to rootfs.1", 2), signature="isi")
        GLib.timeout_add(1500, self.finish, source)

    def finish(self, source):
        try:
            self.versions["rootfs.1"] = self.version_of(source)
            self.properties["LastError"], step = "", "Installing done."
        except WrongSignature as wrong:
            self.properties["LastError"], step = str(wrong), "Installing failed."
        self.properties["Operation"] = "idle"
        self.properties["Progress"] = dbus.Struct((100, step, 1), signature="isi")
        self.Completed(0 if not self.properties["LastError"] else 1)
        return False

    @dbus.service.method(INTERFACE, in_signature="ss", out_signature="ss")
    def Mark(self, state, slot):
        self.told("Mark", state, slot)
        self.state["rootfs.0"] = state
        return "rootfs.0", f"marked slot rootfs.0 as {state}"

    @dbus.service.method(INTERFACE, out_signature="a(sa{sv})")
    def GetSlotStatus(self):
        return [(slot, {"class": "rootfs", "device": f"/dev/disk/by-partlabel/root-{boot}", "type": "raw", "bootname": boot, "state": state, "boot-status": self.state[slot],
                        "bundle.version": self.versions[slot], "installed.count": dbus.UInt32(3), "size": dbus.UInt64(1 << 33)})
                for slot, boot, state in (("rootfs.0", "a", "booted"), ("rootfs.1", "b", "inactive"))]

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.properties[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return self.properties

    @dbus.service.signal(INTERFACE, signature="i")
    def Completed(self, result):
        pass


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(sys.argv[1])
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    rauc = Rauc(bus, sys.argv[2])
    rauc.told("ready", name.get_name())
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
