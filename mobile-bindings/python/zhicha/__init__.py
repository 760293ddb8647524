"""Zhicha offline: records, rules, outbox, photos and synchronisation of one person's device.

Everything of ``zhicha_ffi`` is here (see its classes for what each call promises), with what Python
adds: a transport on the standard library, ``open_device`` and a ``Device`` that sends its requests itself.
"""

from .core import zhicha_ffi
from .core.zhicha_ffi import *  # noqa: F403
from .core.zhicha_ffi import (
    CivilDate,
    CreditCode,
    DepartmentId,
    DeviceId,
    Digest,
    EnterpriseId,
    HazardId,
    InspectionId,
    ItemCode,
    NoticeId,
    PersonId,
    SectorCode,
    SeriesId,
    StreetCode,
    Timestamp,
)
from .device import Device, open_device
from .transport import HttpTransport, Transport

__all__ = [
    *zhicha_ffi.__all__,
    "CivilDate",
    "CreditCode",
    "DepartmentId",
    "DeviceId",
    "Digest",
    "EnterpriseId",
    "HazardId",
    "InspectionId",
    "ItemCode",
    "NoticeId",
    "PersonId",
    "SectorCode",
    "SeriesId",
    "StreetCode",
    "Timestamp",
    "Device",
    "HttpTransport",
    "Transport",
    "open_device",
]
