//! Time and memory of calls without a border, beside which `mobile-bindings/cost` sets the same calls from
//! other languages. Words: a folder of a device, an inspection, a check item.

use std::time::Instant;

use sync_core::domain::inspection::Verdict;
use zhicha_ffi::{Device, RuleBook};

fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|text| text.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

fn measure(name: &str, calls: u32, mut call: impl FnMut(u32)) {
    (0..calls / 10).for_each(&mut call);
    let (before, began) = (resident_kb(), Instant::now());
    (0..calls).for_each(call);
    let micros = began.elapsed().as_secs_f64() * 1e6 / f64::from(calls);
    println!("{name}\t{micros:.1}\t{}", resident_kb().saturating_sub(before));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, inspection, item] = words.as_slice() else { return Ok(()) };
    let (inspection, item) = (inspection.parse()?, item.parse::<sync_core::id::ItemCode>()?);
    let book = RuleBook::read("{}".to_owned())?;
    let vault = zhicha_ffi::key_file(format!("{folder}/key"))?;
    let clock = zhicha_ffi::process_clock();
    let device = Device::open(folder.clone(), vault, clock)?;
    let question = r#"{"merge_policy": {"field": "hazard.grade"}}"#;
    measure("rule", 20_000, |_| drop(book.ask(question.to_owned())));
    measure("read", 200, |_| drop(device.inspection(inspection)));
    measure("write", 200, |n| {
        drop(device.answer(inspection, item.clone(), Verdict::Pass, n.to_string()));
    });
    println!("process\t0\t{}", resident_kb());
    Ok(())
}
