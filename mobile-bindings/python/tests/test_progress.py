"""Forty photos on their way: counted, cancelled, killed, and carried on with."""

import os
import signal
import subprocess
import sys
import unittest

import zhicha as z

from town import battery_plant, draft, plan, rectify, shoot, town

PHOTOS = 40


class Progress(unittest.TestCase):
    def loaded(self, seed):
        """A phone with forty photos that no server has seen."""
        supervisor, officer, second = map(town().phone, ["hetong", "xulang", "zhuduyan"])
        visit = plan(supervisor, [officer, second], battery_plant(supervisor.device))
        officer.device.arrive(
            z.Arrival(inspection=visit, certificate_shown=True, plate=None, fix=None)
        )
        for n in range(PHOTOS):
            if n % 10 == 0:
                hazard = z.new_hazard_id()
                sheet = draft(officer.device, "疏散通道堆放货物", rectify(15))
                officer.device.add_hazard(visit, hazard, sheet)
            shoot(officer, visit, hazard, seed + n, side=80)
        return officer

    def waiting(self, device):
        return [file for file in device.outbox().files if file.state.is_only_here()]

    def test_an_upload_of_forty_photos_reports_items_and_bytes(self):
        officer = self.loaded(1000)
        size = sum(file.bytes for file in officer.device.outbox().files)
        steps = list(officer.device.sync_steps())
        done = [(step.files.files_done, step.files.bytes_done) for step in steps]
        self.assertEqual(done, sorted(done), "it never goes back")
        self.assertEqual({count for count, _ in done}, set(range(PHOTOS + 1)), "each photo is told")
        self.assertEqual({(step.files.files, step.files.bytes) for step in steps}, {(PHOTOS, size)})
        self.assertEqual(done[-1], (PHOTOS, size))
        self.assertTrue(steps[-1].done)
        self.assertEqual(self.waiting(officer.device), [])

    def test_cancelling_leaves_a_state_from_which_the_next_run_goes_on(self):
        officer = self.loaded(2000)
        for step in officer.device.sync_steps():
            if step.files.files_done == 15:
                break
        left = len(self.waiting(officer.device))
        self.assertLessEqual(left, PHOTOS - 15)
        sent = len([path for method, path in officer.network.calls if method == "PUT"])
        officer.device.sync()
        self.assertEqual(self.waiting(officer.device), [])
        puts = [path for method, path in officer.network.calls if method == "PUT"]
        self.assertLessEqual(len(puts) - sent, left + 1, "nothing is sent twice but the one under way")

    def test_a_device_is_used_while_a_request_is_on_the_network(self):
        officer = self.loaded(3000)
        seen = []
        send = officer.network.send

        def meanwhile(call):
            seen.append(officer.device.outbox().waiting)
            return send(call)

        officer.network.send = meanwhile
        officer.device.sync()
        self.assertGreater(len(seen), PHOTOS)
        before = len(seen)
        officer.device.sign_in("xulang", town().passwords["xulang"])
        self.assertEqual(len(seen), before + 1)

    def test_a_process_killed_in_between_goes_on_where_it_was(self):
        officer = self.loaded(4000)
        folder = officer.folder
        del officer
        killed = subprocess.run([sys.executable, __file__, "killed", folder, town().address])
        self.assertEqual(killed.returncode, -signal.SIGKILL)
        device = z.open_device(folder, town().address)
        left = len(self.waiting(device))
        self.assertTrue(0 < left <= PHOTOS - 10, left)
        steps = list(device.sync_steps())
        self.assertEqual(steps[-1].files.files, left)
        self.assertEqual(self.waiting(device), [])


def synchronise_until_killed(folder, address):
    """A process of its own that dies like an app that the system ends: without a word."""
    for step in z.open_device(folder, address).sync_steps():
        if step.files.files_done == 12:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1:2] == ["killed"]:
        synchronise_until_killed(*sys.argv[2:])
    else:
        unittest.main()
