"""The real server with the seeded zone, people with devices, pictures, and a network that can be cut."""

import atexit
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import zlib

import zhicha as z

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
SERVER = os.environ["ZHICHA_SERVER_PROGRAM"]
# Rounds before an expectation is given up; each is a real exchange with the server.
ROUNDS = 2000


class Town:
    """A server process of its own on a folder of its own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="zhicha-python-"))
        atexit.register(shutil.rmtree, self.folder, True)
        passwords = self.folder / "passwords.txt"
        data = str(self.folder / "data")
        fixtures = str(REPOSITORY / "fixtures")
        subprocess.run(
            [SERVER, "seed", "--data", data, "--fixtures", fixtures, "--passwords", passwords],
            check=True,
        )
        lines = passwords.read_text("utf-8").splitlines()
        self.passwords = dict(line.split("\t")[:2] for line in lines)
        self.titles = {name: title for name, _, title in (line.split("\t") for line in lines)}
        self.process = subprocess.Popen(
            [SERVER, "serve", "--data", data, "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.stop)
        output = next(line for line in self.process.stderr if "http://" in line)
        self.address = "http://" + output.split("http://")[1].strip().rstrip("/")

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def phone(self, name, **host):
        """A person's device: signed in, enrolled, with what the server has for this person."""
        folder = tempfile.mkdtemp(prefix=name + "-", dir=self.folder)
        network = Network(self.address)
        device = z.open_device(folder, self.address, transport=network, **host)
        device.sign_in(name, self.passwords[name])
        device.enrol(name + "的手机")
        device.sync()
        return Phone(device, network, folder)

    def enterprise_account(self, enterprise):
        """The safety officer of an enterprise, found as the office would: by signing in."""
        for name, title in self.titles.items():
            if "企业安全员" in title:
                folder = tempfile.mkdtemp(prefix="who-", dir=self.folder)
                person = z.open_device(folder, self.address).sign_in(name, self.passwords[name])
                if person.enterprise == enterprise:
                    return name
        raise AssertionError("no account of the enterprise")


class Network(z.HttpTransport):
    """A transport whose connection can be cut."""

    def __init__(self, address):
        super().__init__(address)
        self.away = False
        self.calls = []

    def send(self, call):
        self.calls.append((call.method, call.path))
        if self.away:
            raise OSError("no signal")
        return super().send(call)


class Phone:
    """A device in a hand."""

    def __init__(self, device, network, folder):
        self.device, self.network, self.folder = device, network, folder

    def until(self, shows):
        """Synchronises until the device shows something, and gives it."""
        for _ in range(ROUNDS):
            self.device.sync()
            if found := shows(self.device):
                return found
        raise AssertionError("never shown")

    def deliver(self):
        """Synchronises until nothing of the person's own waits."""
        self.until(lambda device: device.outbox().waiting == 0)


_town = []


def town():
    """The town of this test run."""
    if not _town:
        _town.append(Town())
    return _town[0]


def battery_plant(device):
    """An enterprise with a battery store."""
    return next(it for it in device.catalogue().enterprises if "LB" in it.sectors)


def plan(supervisor, team, place):
    """Plans an unannounced visit and brings it to the server."""
    visit = z.new_inspection_id()
    today = day(supervisor.device)
    supervisor.device.plan(
        z.Plan(
            inspection=visit,
            enterprise=place.id,
            department=supervisor.device.person().department,
            team=[phone.device.person().id for phone in team],
            kind=z.VisitKind.UNANNOUNCED,
            sectors=place.sectors,
            _from=today,
            to=today,
            approval="枣高应急检批〔2026〕18号",
            recheck_of=None,
        )
    )
    supervisor.deliver()
    for phone in team:
        phone.until(lambda device: any(it.plan.inspection == visit for it in device.tasks()))
    return visit


def day(device):
    """Today in China as the device knows it."""
    import datetime

    china = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.fromtimestamp(device.now() / 1000, china).date().isoformat()


def draft(device, description, measure, grade=z.Grade.GENERAL):
    """A hazard as an officer first writes it down."""
    return z.HazardDraft(
        item=None,
        description=description,
        place="一号仓库",
        basis=z.Clause(document="AQF", clause="第三十六条"),
        grade=grade,
        criterion=z.Clause(document="MEM10", clause="第八条(七)"),
        measure=measure,
        found_by=device.person().id,
    )


def rectify(days, unit=z.DayUnit.NATURAL):
    return z.MeasureDraft.RECTIFY(z.Term(days=days, unit=unit))


def picture(path, seed, side=240):
    """Writes a PNG of sensor noise; the same seed gives the same bytes."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(side * 3) for _ in range(side))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1))
    pathlib.Path(path).write_bytes(png + chunk(b"IEND", b""))
    return str(path)


def meta(purpose, hazard, source=z.Source.CAMERA):
    return z.PhotoMeta(purpose=purpose, hazard=hazard, source=source, fix=None)


def shoot(phone, visit, hazard, seed, purpose=z.Purpose.FOUND, side=240):
    """Takes a photo of a hazard and attaches it."""
    path = picture(os.path.join(phone.folder, f"shot-{seed}.png"), seed, side)
    photo = phone.device.capture(z.StreamId.INSPECTION(visit), meta(purpose, hazard), path)
    phone.device.attach_photo(visit, hazard, photo, purpose)
    return photo
