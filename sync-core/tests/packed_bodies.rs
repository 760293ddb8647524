//! Bodies of the exchange: what was packed comes out, what was cut or is too large is refused.

use minicbor::bytes::ByteVec;
use sync_core::wire::codec::{pack, unpack};
use sync_core::{Code, limits};

#[test]
fn what_was_packed_comes_out_and_no_part_of_it_passes_for_the_whole() {
    let noise = |n: usize| u8::try_from(((n * 2_654_435_761) >> 13) & 0xff).expect("a byte");
    for length in [0, 1, 500, 16 * 1024, 16 * 1024 + 1, 300_000] {
        let plain = ByteVec::from((0..length).map(noise).collect::<Vec<u8>>());
        let packed = pack(&plain);
        assert_eq!(unpack(&packed), Ok(sync_core::cbor::to_vec(&plain)), "{length}");
        let step = (packed.len() / 50).max(1);
        for cut in (3..packed.len()).step_by(step) {
            let refusal = unpack(&packed[..cut]).expect_err("a part");
            assert_eq!(refusal.code, Code::Malformed, "{cut} of {}", packed.len());
        }
    }
}

#[test]
fn what_inflates_beyond_its_bound_is_refused_before_it_is_held() {
    let of = |length: usize| pack(&ByteVec::from(vec![0; length]));
    // A byte string of this length has five bytes before it.
    let most = limits::EXCHANGE_INFLATED_BYTES - 5;
    assert_eq!(unpack(&of(most)).map(|it| it.len()), Ok(limits::EXCHANGE_INFLATED_BYTES));
    assert_eq!(unpack(&of(most + 1)).map_err(|it| it.code), Err(Code::TooLarge));
    assert_eq!(unpack(&of(4 * most)).map_err(|it| it.code), Err(Code::TooLarge));
}

#[test]
fn noise_and_foreign_versions_are_told_apart() {
    assert_eq!(unpack(b"zc\x01 no stream").map_err(|it| it.code), Err(Code::Malformed));
    assert_eq!(unpack(b"zc\x02").map_err(|it| it.code), Err(Code::VersionUnsupported));
    assert_eq!(unpack(b"<html>").map_err(|it| it.code), Err(Code::VersionUnsupported));
}
