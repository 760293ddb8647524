"""Makes a device with a visit for measuring (`prepare`), or measures calls across the border (`measure`)."""

import shutil
import sys
import time

import zhicha as z


def prepare(folder):
    from town import battery_plant, draft, plan, rectify, shoot, town

    supervisor, officer, second = map(town().phone, ["hetong", "xulang", "zhuduyan"])
    place = battery_plant(supervisor.device)
    visit = plan(supervisor, [officer, second], place)
    device = officer.device
    device.arrive(z.Arrival(inspection=visit, certificate_shown=True, plate=None, fix=None))
    lists = device.catalogue().checklists
    items = [it.code for one in lists if one.sector in place.sectors for it in one.items][:40]
    for item in items:
        device.answer(visit, item, z.Verdict.PASS, "")
    for n in range(5):
        hazard = z.new_hazard_id()
        device.add_hazard(visit, hazard, draft(device, "疏散通道堆放货物", rectify(15)))
        shoot(officer, visit, hazard, n, side=60)
    device.sync()
    del device
    officer.device = None
    shutil.copytree(officer.folder, folder)
    print(visit, items[0])


def resident_kb():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def measure(folder, visit, item):
    device, book = z.open_device(folder, "http://127.0.0.1:9"), z.RuleBook.read("{}")

    def run(name, calls, call):
        for n in range(calls // 10):
            call(n)
        before, began = resident_kb(), time.perf_counter()
        for n in range(calls):
            call(n)
        micros = (time.perf_counter() - began) * 1e6 / calls
        print(f"{name}\t{micros:.1f}\t{max(0, resident_kb() - before)}")

    question = '{"merge_policy": {"field": "hazard.grade"}}'
    run("rule", 20_000, lambda n: book.ask(question))
    run("read", 200, lambda n: device.inspection(visit))
    run("write", 200, lambda n: device.answer(visit, item, z.Verdict.PASS, str(n)))
    print(f"process\t0\t{resident_kb()}")


{"prepare": prepare, "measure": measure}[sys.argv[1]](*sys.argv[2:])
