"""What a program meets that holds a device wrongly, is stopped, or brings something broken of its own."""

import dataclasses
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import unittest

import zhicha as z

from town import battery_plant, meta, picture, plan, town


class Silent:
    """A server that takes connections and answers none."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self.socket.close()


class Faults(unittest.TestCase):
    def folder(self):
        return tempfile.mkdtemp(dir=town().folder)

    def test_a_printed_error_says_code_sentence_and_what_to_do(self):
        with z.open_device(self.folder(), town().address) as device:
            with self.assertRaises(z.DeviceError.SignInNeeded) as caught:
                device.person()
        error = caught.exception
        self.assertEqual(str(error), "not_signed_in: 尚未登录或登录已过期。请重新登录")
        self.assertIn("not_signed_in", repr(error))
        last = traceback.format_exception_only(type(error), error)[-1]
        self.assertIn("尚未登录或登录已过期。", last)
        for kind in z.DeviceError.__subclasses__():
            reason = z.reason_of("draft_full", "note", "1048577")
            self.assertEqual(
                str(kind(reason)), "draft_full (note): 草稿内容已达上限。请封存后另建检查 [1048577]"
            )

    def test_a_printed_record_says_what_it_holds(self):
        term = z.Term(days=15, unit=z.DayUnit.NATURAL)
        self.assertIn("days=15", repr(term))
        self.assertEqual(dataclasses.asdict(term), {"days": 15, "unit": z.DayUnit.NATURAL})
        self.assertIn("days=15", repr(z.MeasureDraft.RECTIFY(term)))
        refused = z.ItemState.REFUSED(z.reason_of("not_arrived"))
        self.assertIn("not_arrived", repr(refused))
        self.assertIn("not_arrived", str(dataclasses.asdict(refused)))
        records = [it for it in vars(z).values() if dataclasses.is_dataclass(it)]
        self.assertGreater(len(records), 50)
        self.assertEqual([it for it in records if not dataclasses.fields(it)], [])

    def test_control_c_ends_a_program_while_a_request_is_on_the_network(self):
        with Silent() as silent:
            program = subprocess.Popen(
                [sys.executable, __file__, "interrupted", self.folder(), silent.address],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            self.assertEqual(program.stdout.readline(), "sending\n")
            began = time.monotonic()
            program.send_signal(signal.SIGINT)
            output, failed = program.communicate(timeout=20)
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(output, "")
        self.assertIn("KeyboardInterrupt", failed)
        self.assertNotIn("Exception ignored", failed)

    def test_a_fault_of_the_programs_own_transport_is_told_as_it_is(self):
        for broken, expected in (
            (lambda call: None, TypeError),
            (lambda call: call.nonsense, AttributeError),
            (lambda call: (_ for _ in ()).throw(MemoryError()), MemoryError),
            (lambda call: sys.exit(3), SystemExit),
        ):
            transport = type("Broken", (), {"send": staticmethod(broken)})()
            with z.open_device(self.folder(), town().address, transport=transport) as device:
                with self.assertRaises(expected):
                    device.sign_in("xulang", "secret")

    def test_what_the_transport_says_is_kept(self):
        with z.open_device(self.folder(), "http://no-such-host.invalid") as device:
            with self.assertRaises(z.DeviceError.NetworkLost) as caught:
                device.sign_in("xulang", "secret")
        self.assertTrue(caught.exception.reason.detail.startswith("gaierror: "))
        phone = town().phone("xulang")
        phone.network.away = True
        self.assertEqual(phone.device.sync().waiting.detail, "OSError: no signal")

    def test_a_closed_device_lets_its_folder_go_at_once(self):
        folder = self.folder()
        device = z.open_device(folder, town().address)
        device.close()
        device.close()
        with self.assertRaises(z.DeviceError.Closed) as caught:
            device.outbox()
        self.assertEqual(caught.exception.reason.code, "device_closed")
        try:
            with z.open_device(folder, town().address) as again:
                again.person()
        except z.DeviceError.SignInNeeded as error:
            saved = error
        # The exception holds the frames and so the device; the folder is free nevertheless.
        self.assertIsNotNone(saved.__traceback__)
        z.open_device(folder, town().address).close()

    def test_a_device_in_use_is_told_at_once(self):
        folder = self.folder()
        with z.open_device(folder, town().address):
            began = time.monotonic()
            with self.assertRaises(z.DeviceError.InUse) as caught:
                z.open_device(folder, town().address)
            other = subprocess.run([sys.executable, __file__, "opened", folder], capture_output=True, text=True)
        self.assertLess(time.monotonic() - began, 4)
        self.assertEqual(caught.exception.reason.code, "device_in_use")
        self.assertEqual(other.stdout, "device_in_use\n", other.stderr)

    def test_another_thread_stops_a_synchronisation_while_its_request_is_on_the_network(self):
        phone = town().phone("xulang")
        phone.device.close()
        with Silent() as silent, z.open_device(phone.folder, silent.address) as device:
            stop, ended = threading.Event(), []

            def run():
                device.sync(stop=stop)
                ended.append(time.monotonic())

            thread = threading.Thread(target=run)
            thread.start()
            connection, _ = silent.socket.accept()
            stop.set()
            began = time.monotonic()
            thread.join()
            connection.close()
        self.assertLess(ended[0] - began, 0.2)

    def test_a_change_is_told_whoever_makes_it(self):
        supervisor = town().phone("hetong")
        seen = []
        supervisor.device.on_change(lambda parts: seen.append((parts, supervisor.device.standing())))
        officers = [town().phone("xulang"), town().phone("zhuduyan")]
        plan(supervisor, officers, battery_plant(supervisor.device))
        parts, standing = seen[0]
        self.assertEqual(parts, {z.Changed.OUTBOX, z.Changed.TASKS})
        self.assertEqual(standing.waiting, 1)
        self.assertEqual(seen[-1][1].waiting, 0)
        before = len(seen)
        supervisor.device.outbox()
        supervisor.device.on_change(None)
        self.assertEqual(len(seen), before)

    def test_signing_out_waits_for_what_is_unsent_and_leaves_an_empty_folder(self):
        officer, second = town().phone("xulang"), town().phone("zhuduyan")
        visit = plan(town().phone("hetong"), [officer, second], battery_plant(officer.device))
        officer.device.arrive(
            z.Arrival(inspection=visit, certificate_shown=True, plate=None, fix=None)
        )
        with self.assertRaises(z.DeviceError.Refused) as caught:
            officer.device.sign_out()
        self.assertEqual(caught.exception.reason.code, "work_unsent")
        officer.deliver()
        officer.device.sign_out()
        self.assertEqual(os.listdir(officer.folder), [])
        with z.open_device(officer.folder, town().address) as device:
            device.sign_in("zhuduyan", town().passwords["zhuduyan"])
            device.enrol("徐朗用过的手机")

    def test_small_things_that_an_app_meets(self):
        officer, second = town().phone("xulang"), town().phone("zhuduyan")
        device = officer.device
        visit = plan(town().phone("hetong"), [officer, second], battery_plant(device))
        device.arrive(z.Arrival(inspection=visit, certificate_shown=True, plate=None, fix=None))
        # An app that was ended between the photo and the answer takes the photo again.
        path = pathlib.Path(officer.folder, "shot.png")
        picture(path, 5)
        stream, hazard = z.StreamId.INSPECTION(visit), z.new_hazard_id()
        photo = device.capture(stream, meta(z.Purpose.FOUND, hazard), path)
        self.assertEqual(device.capture(stream, meta(z.Purpose.FOUND, hazard), path), photo)
        with self.assertRaises(z.DeviceError.Refused) as caught:
            device.capture(stream, meta(z.Purpose.FIXED_ON_SPOT, hazard), path)
        self.assertEqual(caught.exception.reason.code, "photo_reused")
        with self.assertRaises(z.DeviceError.Refused) as caught:
            device.answer(visit, z.ItemCode("NO-99"), z.Verdict.PASS, "")
        self.assertEqual(caught.exception.reason.field, "item")
        self.assertIsNone(device.inspection(z.new_inspection_id()))

    def test_everything_stated_is_told_in_its_order(self):
        officer, second = town().phone("xulang"), town().phone("zhuduyan")
        visit = plan(town().phone("hetong"), [officer, second], battery_plant(officer.device))
        officer.device.arrive(
            z.Arrival(inspection=visit, certificate_shown=True, plate=None, fix=None)
        )
        history = officer.device.history(z.StreamId.INSPECTION(visit))
        self.assertEqual([it.title for it in history], ["下达检查任务", "入企登记"])
        self.assertEqual([it.place for it in history], [1, None])
        self.assertEqual(history[1].by, officer.device.person().id)
        self.assertIn('"kind":"arrived"', history[1].statement)


def interrupted(folder, server):
    class Recording(z.HttpTransport):
        def send(self, call):
            print("sending", flush=True)
            return super().send(call)

    device = z.open_device(folder, server, transport=Recording(server))
    device.sign_in("xulang", "secret")
    print("went on")


def opened(folder):
    try:
        z.open_device(folder, "http://127.0.0.1:9")
    except z.DeviceError.InUse as error:
        print(error.reason.code)


if __name__ == "__main__":
    if sys.argv[1:2] == ["interrupted"]:
        interrupted(*sys.argv[2:])
    elif sys.argv[1:2] == ["opened"]:
        opened(*sys.argv[2:])
    else:
        unittest.main()
