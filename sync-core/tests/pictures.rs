//! What is known of a picture at the shutter, from the pictures that phones and people really give.

use std::path::PathBuf;

use sync_core::picture::{self, Picture};
use sync_core::{Code, limits};

fn fixture(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../fixtures/photos");
    std::fs::read(folder.join(name)).expect("a fixture")
}

fn code(bytes: &[u8]) -> Option<Code> {
    picture::read(bytes).err().map(|refusal| refusal.code)
}

#[test]
fn pictures_of_phones_are_read_with_the_size_in_which_they_are_shown() {
    for (name, width, height) in [
        ("orient2.jpg", 640, 480),
        ("orient3.jpg", 640, 480),
        // Stored upright, shown on their side.
        ("orient6.jpg", 640, 480),
        ("orient8.jpg", 640, 480),
        ("cmyk.jpg", 640, 480),
        ("progressive.jpg", 640, 480),
        ("mpo.jpg", 640, 480),
        ("ultrahdr_like.jpg", 640, 480),
        ("transparent_ink.png", 640, 480),
        ("fifty_megapixels_8160x6144.jpg", 8160, 6144),
        ("fifty_megapixels_8192x6144.jpg", 8192, 6144),
        ("panorama_12288x3072.jpg", 12288, 3072),
    ] {
        assert_eq!(picture::read(&fixture(name)), Ok(Picture { width, height }), "{name}");
    }
}

#[test]
fn what_is_no_picture_and_what_ends_too_early_is_told_apart() {
    for (name, wanted) in [
        ("zero.jpg", Code::BlobEmpty),
        ("heic_named.jpg", Code::BlobNotImage),
        ("leadnl.jpg", Code::BlobNotImage),
        ("trunc_hdr.jpg", Code::BlobTorn),
        ("trunc50.jpg", Code::BlobTorn),
    ] {
        assert_eq!(code(&fixture(name)), Some(wanted), "{name}");
    }
    let torn = sync_core::Refusal::new(Code::BlobTorn);
    assert_eq!((torn.code.sentence(), torn.code.action()), ("照片不完整。", "请重拍"));
}

/// A WebP file with one chunk of a lossless picture of so many pixels: enough for whoever does not decode.
fn webp(width: u32, height: u32, exif: &[u8]) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).expect("short").to_le_bytes();
        let pad = vec![0; content.len() % 2];
        [kind.as_slice(), &length, content, &pad].concat()
    };
    let bits = (width - 1) | (height - 1) << 14;
    let pixels = [&[0x2f], bits.to_le_bytes().as_slice(), &[0; 2_000]].concat();
    let body = [b"WEBP".to_vec(), chunk(b"VP8L", &pixels), chunk(b"EXIF", exif)].concat();
    chunk(b"RIFF", &body)
}

/// An Exif block with an orientation and nothing else.
fn exif(orientation: u16, little: bool) -> Vec<u8> {
    let two = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let four = |n: u32| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let head: &[u8] = if little { b"II*\0" } else { b"MM\0*" };
    let entry = [&two(0x0112)[..], &two(3), &four(1), &two(orientation), &two(0)].concat();
    [head, &four(8), &two(1), &entry, &four(0)].concat()
}

#[test]
fn every_prefix_in_sixteenths_is_torn_whatever_the_format() {
    let pictures = [
        fixture("progressive.jpg"),
        fixture("cmyk.jpg"),
        fixture("orient6.jpg"),
        fixture("panorama_12288x3072.jpg"),
        fixture("transparent_ink.png"),
        webp(640, 480, &exif(1, true)),
    ];
    for whole in pictures {
        assert!(picture::read(&whole).is_ok());
        for sixteenth in 1..16 {
            let cut = &whole[..whole.len() * sixteenth / 16];
            assert_eq!(
                code(cut),
                Some(Code::BlobTorn),
                "{sixteenth} sixteenths of {}",
                whole.len()
            );
            // A card that was full leaves zeros where the rest should be.
            let mut filled = cut.to_vec();
            filled.resize(whole.len(), 0);
            assert_eq!(code(&filled), Some(Code::BlobTorn), "{sixteenth} sixteenths, then zeros");
        }
        assert_eq!(code(&whole[..whole.len() - 2]), Some(Code::BlobTorn));
    }
}

#[test]
fn a_damaged_png_is_torn() {
    let mut png = fixture("transparent_ink.png");
    let middle = png.len() / 2;
    png[middle] ^= 1;
    assert_eq!(code(&png), Some(Code::BlobTorn));
}

#[test]
fn the_size_follows_the_orientation_in_each_format_that_says_one() {
    let plain = fixture("progressive.jpg");
    let png = fixture("transparent_ink.png");
    for orientation in 1..=8 {
        let turned = orientation >= 5;
        let wanted = if turned {
            Picture { width: 480, height: 640 }
        } else {
            Picture { width: 640, height: 480 }
        };
        for little in [true, false] {
            let exif = exif(orientation, little);
            let segment = [b"Exif\0\0", exif.as_slice()].concat();
            let length = u16::try_from(segment.len() + 2).expect("short").to_be_bytes();
            let jpeg = [&plain[..2], &[0xff, 0xe1], &length, &segment, &plain[2..]].concat();
            let named = [b"eXIf", exif.as_slice()].concat();
            let length = u32::try_from(exif.len()).expect("short").to_be_bytes();
            let sum = crc32fast::hash(&named).to_be_bytes();
            let png = [&png[..33], &length, &named, &sum, &png[33..]].concat();
            for file in [jpeg, png, webp(640, 480, &exif)] {
                assert_eq!(picture::read(&file), Ok(wanted), "{orientation}");
            }
        }
    }
}

#[test]
fn no_bytes_whatever_stop_the_reader() {
    let mut random = 7_u64;
    for name in ["orient6.jpg", "progressive.jpg", "transparent_ink.png"] {
        let whole = fixture(name);
        for _ in 0..3_000 {
            let mut damaged = whole.clone();
            for _ in 0..3 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = usize::try_from(random >> 33).expect("small") % damaged.len();
                damaged[at] = random.to_le_bytes()[5];
            }
            let _ = picture::read(&damaged);
        }
    }
}

#[test]
fn the_sizes_that_phones_write_are_within_bounds() {
    // Sensors called 12, 16, 48, 50, 64 and 108 megapixels, and panoramas.
    for (width, height) in [
        (4000, 3000),
        (4032, 3024),
        (4080, 3072),
        (4608, 3456),
        (8000, 6000),
        (8064, 6048),
        (8160, 6120),
        (8160, 6144),
        (8192, 6144),
        (8688, 5792),
        (9216, 6912),
        (9248, 6936),
        (9280, 6944),
        (12000, 9000),
        (12032, 9024),
        (12288, 3072),
        (16000, 3840),
        (16382, 3628),
        (19968, 2624),
        (20736, 2304),
    ] {
        let pixels = u64::from(width) * u64::from(height);
        assert!(pixels <= limits::PHOTO_PIXELS, "{width} × {height}");
        assert!(u32::max(width, height) <= limits::PHOTO_SIDE, "{width} × {height}");
    }
}
