"""What a newcomer writes first, with types: it is checked as strictly as a type checker can."""

import threading

import zhicha as z


def record(officer: z.Device, visit: z.InspectionId, picture: str) -> str:
    hazard = z.new_hazard_id()
    draft = z.HazardDraft(
        item=None,
        description="疏散通道堆放货物",
        place="一号仓库",
        basis=z.Clause(document="AQF", clause="第三十六条"),
        grade=z.Grade.GENERAL,
        criterion=None,
        measure=z.MeasureDraft.RECTIFY(z.Term(days=15, unit=z.DayUnit.NATURAL)),
        found_by=officer.person().id,
    )
    try:
        officer.add_hazard(visit, hazard, draft)
        meta = z.PhotoMeta(purpose=z.Purpose.FOUND, hazard=hazard, source=z.Source.CAMERA, fix=None)
        photo = officer.capture(z.StreamId.INSPECTION(visit), meta, picture)
        officer.attach_photo(visit, hazard, photo, z.Purpose.FOUND)
    except z.DeviceError.Refused as refused:
        return refused.reason.sentence + refused.reason.action
    except z.DeviceError as error:
        return error.reason.code
    stop = threading.Event()
    report = officer.sync(lambda step: print(step.files.bytes_done), stop)
    return "" if report.waiting is None else report.waiting.code


def main() -> None:
    with z.open_device("phone", "https://zhicha.example.cn") as officer:
        officer.on_change(lambda parts: print(z.Changed.OUTBOX in parts))
        for task in officer.open_tasks():
            print(record(officer, task.plan.inspection, "picture.jpg"))
