use device::Transport as _;
use e2e::phone::Phone;
use e2e::weather::{Network, Wire};
use server::clock::Clock;
use std::time::{Duration, Instant};

#[test]
fn profile() {
    let Ok(address) = std::env::var("ADDRESS") else { return };
    let user = std::env::var("WHO").unwrap_or("bench9001".into());
    let pass = std::env::var("PASS").unwrap_or("一个足够长的口令".into());
    let folder = tempfile::tempdir().unwrap();
    let network = Network::new(address, 1);
    let mut phone = Phone::open(folder.path(), Clock::System, network.clone()).unwrap();
    phone.device.sign_in(&user, &pass).unwrap();
    phone.device.enrol("x").unwrap();
    let lists = std::env::var("LISTS").is_ok();
    let mut wire = Wire::new(network);
    let began = Instant::now();
    let (mut net, mut steps, mut tell, mut n) = (Duration::ZERO, Duration::ZERO, Duration::ZERO, 0);
    let mut run = phone.device.begin_sync().unwrap();
    let mut longest = Duration::ZERO;
    loop {
        let at = Instant::now();
        let Some(request) = phone.device.next_request(&mut run, &mut |_| {}).unwrap() else {
            steps += at.elapsed();
            break;
        };
        longest = longest.max(at.elapsed());
        steps += at.elapsed();
        let at = Instant::now();
        let heard = wire.send(request);
        net += at.elapsed();
        let size = heard.as_ref().map(|it| it.body.len()).unwrap_or(0);
        let at = Instant::now();
        phone.device.take_answer(&mut run, heard).unwrap();
        steps += at.elapsed();
        n += 1;
        if lists {
            let at = Instant::now();
            phone.device.open_tasks().unwrap();
            phone.device.open_notices().unwrap();
            phone.device.outbox().unwrap();
            tell += at.elapsed();
        }
        println!("  {n} {size} {:?} steps {steps:?}", began.elapsed());
    }
    println!(
        "total {:?} requests {n} net {net:?} steps {steps:?} longest {longest:?} lists {tell:?} {:?}",
        began.elapsed(),
        run.report()
    );
    for _ in 0..2 {
        let at = Instant::now();
        let tasks = phone.device.open_tasks().unwrap().len();
        let t1 = at.elapsed();
        let notices = phone.device.open_notices().unwrap();
        let t2 = at.elapsed();
        let json = serde_json::to_string(&notices).unwrap().len();
        println!(
            "tasks {tasks} {t1:?}, notices {} {:?} json {json} {:?}",
            notices.len(),
            t2 - t1,
            at.elapsed() - t2
        );
    }
    let size = std::fs::metadata(folder.path().join("device.db")).unwrap().len();
    println!("db {size}");
}
