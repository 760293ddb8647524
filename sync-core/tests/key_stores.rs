//! What key stores of platforms answer becomes what facts carry.

use p256::ecdsa::{Signature, SigningKey, VerifyingKey, signature::hazmat::PrehashSigner as _};
use sha2::Digest as _;
use sync_core::Code;
use sync_core::ledger::fact::{Suite, Verifier as _};
use sync_core::ledger::suites::{SoftVerifier, compress_p256, plain_p256};

const MESSAGE: &[u8] = b"a fact";

fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).expect("a key")
}

fn signature(high: bool) -> Signature {
    let digest = sha2::Sha256::digest(MESSAGE);
    let low: Signature = key().sign_prehash(&digest).expect("signed");
    let low = low.normalize_s();
    let (r, s) = low.split_scalars();
    if high { Signature::from_scalars(r, -*s).expect("the other half") } else { low }
}

#[test]
fn both_forms_and_both_halves_of_a_signature_become_the_one_that_is_accepted() {
    let public = VerifyingKey::from(&key()).to_sec1_point(true).as_bytes().to_vec();
    for high in [false, true] {
        let given = signature(high);
        for bytes in [given.to_bytes().to_vec(), given.to_der().as_bytes().to_vec()] {
            let plain = plain_p256(&bytes).expect("a signature");
            assert_eq!(plain.len(), 64);
            SoftVerifier.verify(Suite::P256, &public, MESSAGE, &plain).expect("accepted");
        }
    }
    let refusal = plain_p256(b"nonsense").expect_err("no signature");
    assert_eq!((refusal.code, refusal.field.as_deref()), (Code::KeyUnavailable, Some("signature")));
}

#[test]
fn both_forms_of_a_public_key_become_the_one_that_is_enrolled() {
    let key = VerifyingKey::from(&key());
    let compressed = key.to_sec1_point(true).as_bytes().to_vec();
    for form in [compressed.clone(), key.to_sec1_point(false).as_bytes().to_vec()] {
        assert_eq!(compress_p256(&form).expect("a key"), compressed);
    }
    assert_eq!(compress_p256(&[9; 33]).expect_err("no point").code, Code::KeyUnavailable);
}
