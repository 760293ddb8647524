"""Zhicha offline: records, rules, outbox, photos and synchronisation of one person's device.

Everything of ``zhicha_ffi`` is here (see its classes for what each call promises), with what Python
adds: a transport on the standard library, ``open_device`` and ``sync``.
"""

import os
import typing

from .core import zhicha_ffi
from .transport import HttpTransport
from .core.zhicha_ffi import *  # noqa: F403
from .core.zhicha_ffi import (
    Device,
    DeviceClock,
    KeyVault,
    SyncReport,
    SyncStep,
    Transport,
    key_file,
    process_clock,
)

__all__ = [*zhicha_ffi.__all__, "HttpTransport", "open_device", "sync", "sync_steps"]


def open_device(
    folder: str | os.PathLike[str],
    server: str,
    *,
    vault: KeyVault | None = None,
    clock: DeviceClock | None = None,
    transport: Transport | None = None,
) -> Device:
    """Opens or makes a device in a folder of its own; whatever was saved there before is there.

    Without a vault the key lies in the folder, readable for its owner alone: right for scripts and
    offices, not for phones.
    """
    os.makedirs(folder, exist_ok=True)
    return Device.open(
        os.fspath(folder),
        vault or key_file(os.path.join(folder, "key")),
        clock or process_clock(),
        transport or HttpTransport(server),
    )


def sync_steps(device: Device) -> typing.Iterator[SyncStep]:
    """Synchronises, one request per step. Leaving the loop cancels; the next run goes on from there."""
    run = device.begin_sync()
    while True:
        step = run.step()
        yield step
        if step.done:
            return


def sync(
    device: Device, on_progress: typing.Callable[[SyncStep], None] = lambda step: None
) -> SyncReport:
    """Synchronises until everything is done or the run has to wait; ``report.waiting`` says why."""
    for step in sync_steps(device):
        on_progress(step)
    return step.report
