"""One person's device with what Python adds: requests, progress, files by their path, ``with``."""

from __future__ import annotations

import os
import threading
import types
import typing

from . import readable as _readable  # noqa: F401 - errors and records say what they hold
from .core import zhicha_ffi as core
from .transport import HttpTransport, Stoppable, Transport

OnChange = typing.Callable[[frozenset[core.Changed]], None]


class _Observer(core.Observer):
    def __init__(self, on_change: OnChange) -> None:
        self._on_change = on_change

    def changed(self, parts: list[core.Changed]) -> None:
        self._on_change(frozenset(parts))


class Device(core.Device):
    """One person's device. Everything that it says is done is on disk. Made by :func:`open_device`."""

    _transport: Transport
    _own_key: str | None = None

    def close(self) -> None:
        """Closes the folder at once, even while other references to this object exist. Closing again does nothing."""
        self.shut()

    def __enter__(self) -> Device:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self.close()

    def on_change(self, call: OnChange | None) -> None:
        """Calls back with what changed, after each call that changed something, on the thread of that call."""
        self.observe(None if call is None else _Observer(call))

    def sign_in(self, username: str, password: str) -> core.Person:
        """Signs a person in, who stays signed in on this device. Needs the network."""
        self._carry(self.begin_sign_in(username, password))
        return self.person()

    def enrol(self, label: str) -> core.DeviceId:
        """Enrols this device with proof that it holds its key. Needed once, after the first sign-in."""
        self._carry(self.begin_enrol(label))
        return self.id()

    def fetch_photo(self, photo: core.Digest) -> str | None:
        """Fetches the small picture of a photo that no synchronisation brings; gives its file."""
        self._carry(self.begin_fetch_photo(photo))
        return self.photo(photo)

    def office(self, path: str, body: str | None = None) -> str:
        """Asks the server for what no device holds: JSON in, JSON out; with a body it is a ``POST``."""
        requests = self.begin_office(path, body)
        self._carry(requests)
        return requests.answer()

    def capture(
        self, stream: core.StreamId, meta: core.PhotoMeta, path: str | os.PathLike[str]
    ) -> core.Digest:
        """Keeps a photo that lies in a file: the bytes unchanged, digest and circumstances signed."""
        return super().capture(stream, meta, os.fspath(path))

    def sync_steps(self, stop: threading.Event | None = None) -> typing.Iterator[core.SyncStep]:
        """Synchronises, one request per step. Leaving the loop cancels; the next run goes on from there.

        ``stop`` ends it from another thread, also while a request waits for its answer.
        """
        requests = self.begin_sync()
        sender = None if stop is None else Stoppable(self._transport, stop)
        try:
            while (stop is None or not stop.is_set()) and self._send_next(requests, sender):
                yield requests.step()
            yield requests.step()
        finally:
            if sender is not None:
                sender.close()

    def sync(
        self,
        on_progress: typing.Callable[[core.SyncStep], None] = lambda step: None,
        stop: threading.Event | None = None,
    ) -> core.SyncReport:
        """Synchronises until everything is done or the run has to wait; ``report.waiting`` says why."""
        for step in self.sync_steps(stop):
            on_progress(step)
        return step.report

    def sign_out(self) -> None:
        """Removes everything of this person and closes the device; refused while something is unsent."""
        super().sign_out()
        if self._own_key is not None:
            os.unlink(self._own_key)

    def _carry(self, requests: core.Requests) -> None:
        while self._send_next(requests, None):
            pass

    def _send_next(self, requests: core.Requests, sender: Stoppable | None) -> bool:
        call = requests.next_request()
        if call is None:
            return False
        try:
            answer = (sender or self._transport).send(call)
        except OSError as error:
            requests.no_answer(f"{type(error).__name__}: {error}")
            return True
        if answer is None and sender is not None:
            return True
        if not isinstance(answer, core.HttpAnswer):
            raise TypeError(f"a transport answers with HttpAnswer, not {type(answer).__name__}")
        requests.take_answer(answer)
        return True


def open_device(
    folder: str | os.PathLike[str],
    server: str,
    *,
    vault: core.KeyVault | None = None,
    clock: core.DeviceClock | None = None,
    transport: Transport | None = None,
) -> Device:
    """Opens or makes a device in a folder of its own; whatever was saved there before is there.

    Without a vault the key lies in the folder, readable for its owner alone: right for scripts and
    offices, not for phones.
    """
    transport = transport or HttpTransport(server)
    os.makedirs(folder, exist_ok=True)
    key = os.path.join(folder, "key")
    device = Device.open(
        os.fspath(folder), vault or core.key_file(key), clock or core.process_clock()
    )
    assert isinstance(device, Device)
    device._transport = transport
    device._own_key = None if vault else key
    return device
