"""What goes wrong arrives as a typed error with a stable code, and nothing that was saved is lost."""

import os
import subprocess
import sys
import tempfile
import unittest

import zhicha as z

from town import REPOSITORY, battery_plant, draft, meta, picture, plan, rectify, shoot, town

SMALL_DISK = REPOSITORY / "mobile-bindings" / "small_disk.sh"


class Vault(z.KeyVault):
    """A key store that a person can lock."""

    def __init__(self, path):
        self.key, self.locked = z.key_file(path), False

    def public_key(self):
        return self.key.public_key()

    def sign(self, message):
        if self.locked:
            raise z.VaultError.Locked()
        return self.key.sign(message)


class Errors(unittest.TestCase):
    def officer(self, **host):
        supervisor, officer, second = (
            town().phone("hetong"),
            town().phone("xulang", **host),
            town().phone("zhuduyan"),
        )
        visit = plan(supervisor, [officer, second], battery_plant(supervisor.device))
        return officer, visit

    def arrival(self, visit):
        return z.Arrival(inspection=visit, certificate_shown=True, plate=None, fix=None)

    def test_a_refusal_names_its_code_field_and_what_to_do(self):
        officer, visit = self.officer()
        with self.assertRaises(z.DeviceError.Refused) as caught:
            officer.device.seal(visit, [])
        reason = caught.exception.reason
        self.assertEqual((reason.code, reason.sentence), ("not_arrived", "还没有入企登记。"))
        self.assertEqual(reason.action, "请先登记到达")
        self.assertIsInstance(caught.exception, z.DeviceError)
        officer.device.arrive(self.arrival(visit))
        hazard = z.new_hazard_id()
        sheet = draft(officer.device, "疏散通道堆放货物", rectify(15))
        officer.device.add_hazard(visit, hazard, sheet)
        with self.assertRaises(z.DeviceError.Refused) as caught:
            officer.device.withdraw(visit, hazard, " ")
        self.assertEqual(caught.exception.reason.field, "reason")

    def test_a_locked_device_signs_nothing_and_reads_everything(self):
        with tempfile.TemporaryDirectory() as folder:
            vault = Vault(os.path.join(folder, "key"))
            officer, visit = self.officer(vault=vault)
            vault.locked = True
            with self.assertRaises(z.DeviceError.Locked) as caught:
                officer.device.arrive(self.arrival(visit))
            self.assertEqual(caught.exception.reason.code, "device_locked")
            self.assertEqual(officer.device.inspection(visit).state, z.InspectionState.PLANNED)
            vault.locked = False
            officer.device.arrive(self.arrival(visit))
            self.assertEqual(officer.device.inspection(visit).state, z.InspectionState.UNDERWAY)

    def test_a_key_store_that_fails_otherwise_is_told_as_unavailable(self):
        class Broken(Vault):
            def sign(self, message):
                if self.locked:
                    raise RuntimeError("the chip does not answer")
                return super().sign(message)

        with tempfile.TemporaryDirectory() as folder:
            vault = Broken(os.path.join(folder, "key"))
            officer, visit = self.officer(vault=vault)
            vault.locked = True
            with self.assertRaises(z.DeviceError.Refused) as caught:
                officer.device.arrive(self.arrival(visit))
            self.assertEqual(caught.exception.reason.code, "key_unavailable")

    def test_a_text_that_is_no_id_is_told_as_such(self):
        officer, visit = self.officer()
        for bad in ("", "nonsense", visit[:-1], visit + "0"):
            with self.assertRaises(z.DeviceError.BadId) as caught:
                officer.device.inspection(bad)
            self.assertEqual(caught.exception.reason.field, "InspectionId")
        with self.assertRaises(z.DeviceError.BadId):
            officer.device.attach_photo(visit, z.new_hazard_id(), "sha256:12", z.Purpose.FOUND)
        with self.assertRaises(z.DeviceError.Refused) as caught:
            z.RuleBook.read("{")
        self.assertEqual(caught.exception.reason.code, "malformed")

    def test_a_lost_network_stops_the_call_and_nothing_else(self):
        officer, visit = self.officer()
        officer.network.away = True
        with self.assertRaises(z.DeviceError.NetworkLost) as caught:
            officer.device.enrol("again")
        self.assertEqual(caught.exception.reason.code, "network_lost")
        officer.device.arrive(self.arrival(visit))
        self.assertEqual(officer.device.sync().waiting.code, "network_lost")
        nobody = z.open_device(tempfile.mkdtemp(dir=town().folder), "http://127.0.0.1:9")
        with self.assertRaises(z.DeviceError.NetworkLost):
            nobody.sign_in("xulang", "secret")
        with self.assertRaises(z.DeviceError.SignInNeeded):
            nobody.person()

    def test_a_page_of_somebody_between_is_no_answer_of_the_server(self):
        officer, visit = self.officer()
        officer.device.arrive(self.arrival(visit))
        page = z.HttpAnswer(status=200, body=b"<html>\xe8\xaf\xb7\xe8\xbf\x9e\xe6\x8e\xa5</html>")
        device = officer.device
        device._transport = type("Portal", (), {"send": staticmethod(lambda call: page)})()
        with self.assertRaises(z.DeviceError.NetworkLost) as caught:
            device.enrol("again")
        self.assertEqual(caught.exception.reason.code, "network_foreign")
        self.assertEqual(device.sync().waiting.code, "network_foreign")
        self.assertGreater(device.outbox().waiting, 0)

    def test_a_wrong_password_is_told_by_the_server(self):
        stranger = z.open_device(tempfile.mkdtemp(dir=town().folder), town().address)
        with self.assertRaises(z.DeviceError.Refused) as caught:
            stranger.sign_in("lilan", "secret")
        self.assertEqual(caught.exception.reason.code, "wrong_password")

    def test_a_full_disk_is_told_and_what_was_saved_stays(self):
        officer, visit = self.officer()
        officer.device.arrive(self.arrival(visit))
        hazard = z.new_hazard_id()
        sheet = draft(officer.device, "疏散通道堆放货物", rectify(15))
        officer.device.add_hazard(visit, hazard, sheet)
        saved = shoot(officer, visit, hazard, 1)
        large = picture(os.path.join(town().folder, "large.png"), 2, side=1200)
        folder = officer.folder
        del officer
        output = subprocess.run(
            [SMALL_DISK, folder, sys.executable, __file__, "full", folder, visit, hazard, large],
            stdout=subprocess.PIPE,
            text=True,
        )
        if output.returncode == 3:
            self.skipTest("no disk may be mounted")
        photo, answer, note_length = output.stdout.split()
        self.assertEqual((photo, answer), ("device_full", "device_full"))
        again = z.open_device(folder, town().address)
        seen = again.inspection(visit)
        self.assertEqual([it.photo for it in seen.hazards[0].photos], [saved])
        self.assertEqual([len(it.note) for it in seen.answers], [int(note_length)])
        stream = z.StreamId.INSPECTION(visit)
        again.capture(stream, meta(z.Purpose.FOUND, hazard), large)
        while again.outbox().waiting:
            again.sync()


def fill(folder, visit, hazard, large):
    """On a disk that is nearly full: a photo is too much for it, then so is an answer."""
    device = z.open_device(folder, "http://127.0.0.1:9")
    item = device.catalogue().checklists[0].items[0].code
    try:
        stream = z.StreamId.INSPECTION(visit)
        device.capture(stream, meta(z.Purpose.FOUND, hazard), large)
    except z.DeviceError.DiskFull as error:
        print(error.reason.code)
    # Each note is a letter longer, so that its length says which was the last.
    for letters in range(1000, 2000):
        try:
            device.answer(visit, item, z.Verdict.FAIL, "满" * letters)
        except z.DeviceError.DiskFull as error:
            print(error.reason.code, letters - 1)
            return


if __name__ == "__main__":
    if sys.argv[1:2] == ["full"]:
        fill(*sys.argv[2:])
    else:
        unittest.main()
