//! Small pictures: they lie as the original is shown, in its colours, and carry the server's signature.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::{ImageEncoder, Rgb, RgbImage};
use server::thumbnails;
use sync_core::id::Digest;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::refusal::Code;
use sync_core::wire::api::{Session, Uploaded};
use sync_core::wire::thumbnail;

use crate::visit::Visit;
use crate::world::Zone;

const RED: Rgb<u8> = Rgb([230, 20, 20]);
const GREEN: Rgb<u8> = Rgb([20, 200, 20]);
const BLUE: Rgb<u8> = Rgb([20, 20, 230]);
const WHITE: Rgb<u8> = Rgb([250, 250, 250]);
const CORNERS: [Rgb<u8>; 4] = [RED, GREEN, BLUE, WHITE];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
            .join("../fixtures/photos")
            .join(name),
    )
    .unwrap()
}

/// The corners of a picture, top left, top right, bottom left, bottom right, as the nearest of four colours.
fn corners(picture: &RgbImage) -> [Rgb<u8>; 4] {
    let (width, height) = picture.dimensions();
    // Off the diagonal: a line runs along it in the pictures of phones.
    let (left, right, top, bottom) = (width / 8, width * 7 / 8, height / 4, height * 3 / 4);
    [(left, top), (right, top), (left, bottom), (right, bottom)].map(|(x, y)| {
        let Rgb(seen) = picture.get_pixel(x, y);
        let far = |Rgb(of): &Rgb<u8>| -> u32 {
            of.iter().zip(seen).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
        };
        *CORNERS.iter().min_by_key(|of| far(of)).unwrap()
    })
}

/// What the other process makes of a file.
fn small(original: &[u8]) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().unwrap();
    let (pack, place) = (folder.path().join("pack"), folder.path().join("small.jpg"));
    std::fs::write(&pack, original).unwrap();
    thumbnails::work(&pack, &place, 0, original.len() as u64).unwrap();
    std::fs::read(&place)
        .map_err(|_| std::fs::read_to_string(place.with_extension("flaw")).unwrap())
}

fn read(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory(jpeg).unwrap().into_rgb8()
}

type Encode = fn(&RgbImage, Vec<u8>) -> Vec<u8>;

fn encoded(mut encoder: impl ImageEncoder, of: &RgbImage, exif: Vec<u8>) {
    encoder.set_exif_metadata(exif).unwrap();
    let (width, height) = of.dimensions();
    encoder.write_image(of, width, height, image::ExtendedColorType::Rgb8).unwrap();
}

const FORMATS: [Encode; 3] = [
    |of, exif| {
        let mut file = Vec::new();
        encoded(JpegEncoder::new_with_quality(&mut file, 95), of, exif);
        file
    },
    |of, exif| {
        let mut file = Vec::new();
        encoded(PngEncoder::new(&mut file), of, exif);
        file
    },
    |of, exif| {
        let mut file = Vec::new();
        encoded(WebPEncoder::new_lossless(&mut file), of, exif);
        file
    },
];

#[test]
fn small_pictures_lie_as_browsers_show_the_original() {
    let stored = RgbImage::from_fn(800, 600, |x, y| {
        CORNERS[usize::from(x >= 400) + 2 * usize::from(y >= 300)]
    });
    let [a, b, c, d] = CORNERS;
    // Exif 2.32, tag 274: what each orientation makes of the corners.
    let shown = [
        [a, b, c, d],
        [b, a, d, c],
        [d, c, b, a],
        [c, d, a, b],
        [a, c, b, d],
        [c, a, d, b],
        [d, b, c, a],
        [b, d, a, c],
    ];
    for (orientation, wanted) in (1_u8..).zip(shown) {
        let exif = [
            b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
            &[orientation],
            &[0; 6],
        ]
        .concat();
        for (format, encode) in FORMATS.iter().enumerate() {
            let jpeg = small(&encode(&stored, exif.clone())).unwrap();
            let picture = read(&jpeg);
            assert_eq!(corners(&picture), wanted, "orientation {orientation}, format {format}");
            let upright = if orientation >= 5 { (360, 480) } else { (480, 360) };
            assert_eq!(picture.dimensions(), upright);
            assert!(!jpeg.windows(4).any(|it| it == b"Exif"));
        }
    }
}

#[test]
fn pictures_of_phones_have_small_ones_with_their_colours() {
    for name in ["orient2.jpg", "orient3.jpg", "orient6.jpg", "orient8.jpg"] {
        assert_eq!(corners(&read(&small(&fixture(name)).unwrap())), CORNERS, "{name}");
    }
    let plain = read(&small(&fixture("progressive.jpg")).unwrap());
    for name in ["cmyk.jpg", "mpo.jpg", "ultrahdr_like.jpg"] {
        let picture = read(&small(&fixture(name)).unwrap());
        assert_eq!(picture.dimensions(), plain.dimensions(), "{name}");
        assert!(picture.pixels().any(|it| *it != picture[(0, 0)]), "{name} shows something");
    }
    // Ink on a transparent ground is read on white.
    let ink = read(&small(&fixture("transparent_ink.png")).unwrap());
    let bright = ink.pixels().filter(|Rgb(it)| it.iter().all(|channel| *channel > 200)).count();
    let dark = ink.pixels().filter(|Rgb(it)| it.iter().all(|channel| *channel < 128)).count();
    assert!(bright > dark && dark > 0, "{bright} bright, {dark} dark");
}

#[test]
fn what_is_accepted_can_be_decoded_and_what_is_torn_is_called_so() {
    for name in [
        "fifty_megapixels_8160x6144.jpg",
        "fifty_megapixels_8192x6144.jpg",
        "panorama_12288x3072.jpg",
    ] {
        assert!(small(&fixture(name)).is_ok(), "{name}");
    }
    let mut large = Vec::new();
    let grey = image::GrayImage::from_pixel(12_032, 9_024, image::Luma([90]));
    grey.write_with_encoder(JpegEncoder::new_with_quality(&mut large, 50)).unwrap();
    drop(grey);
    assert!(small(&large).is_ok(), "108 megapixels");
    for name in ["trunc_hdr.jpg", "trunc50.jpg"] {
        assert_eq!(small(&fixture(name)), Err("blob_torn".to_owned()), "{name}");
    }
    // Whole by its marks, and nothing in it.
    let nothing = b"\xff\xd8\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\xff\xd9";
    assert_eq!(small(nothing), Err("blob_undecodable".to_owned()));
}

#[tokio::test]
async fn a_small_picture_is_signed_for_its_original_and_a_flaw_is_said_once_and_for_all() {
    let zone = Zone::open().await;
    let (good, torn) = (fixture("orient6.jpg"), fixture("trunc50.jpg"));
    let visit = Visit::with_photos(&zone, &[&good, &torn]).await;
    for bytes in [&good, &torn] {
        let answer = visit.first.put(&zone, Digest::of(bytes), 0, bytes).await;
        assert!(answer.read::<Uploaded>().complete, "evidence is kept as it came");
    }
    let path = |bytes: &[u8]| format!("/sync/v1/blobs/{}/thumbnail", Digest::of(bytes));
    let key = zone.running.app.shared.keys.public_key();
    let open = |of: &[u8], body: &[u8]| {
        thumbnail::open(&SoftVerifier, &key, Digest::of(of), body).map(<[u8]>::to_vec)
    };
    let sealed = zone.get(&path(&good), &visit.first.token).await.body;
    assert_eq!(corners(&read(&open(&good, &sealed).unwrap())), CORNERS);
    assert_eq!(corners(&read(&sealed)), CORNERS, "a plain reader of pictures passes over the end");
    assert!(open(&torn, &sealed).is_err(), "the small picture of something else");
    for at in (0..sealed.len()).step_by(97) {
        let mut damaged = sealed.clone();
        damaged[at] ^= 1;
        assert!(open(&good, &damaged).is_err(), "damaged at {at}");
        assert!(open(&good, &sealed[..at]).is_err(), "cut at {at}");
    }
    for _ in 0..2 {
        let flaw = zone.get(&path(&torn), &visit.first.token).await;
        assert_eq!(flaw.code(), Code::BlobTorn);
    }
    let zone = zone.restart().await;
    assert_eq!(zone.get(&path(&torn), &visit.first.token).await.code(), Code::BlobTorn);
}

/// The program that is shipped, serving a data folder.
struct Shipped {
    program: Child,
    base: String,
}

impl Shipped {
    fn serve(data: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_zhicha"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        let base = lines.find_map(|line| {
            let line = line.unwrap();
            let at = line.find("http://")?;
            Some(line[at..].trim_end_matches('/').to_owned())
        });
        // Whoever does not read what it says in time would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { program, base: base.unwrap() }
    }
}

impl Drop for Shipped {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[tokio::test]
async fn five_hundred_small_pictures_are_made_by_the_program_that_is_shipped() {
    let zone = Zone::open().await;
    let photos: Vec<Vec<u8>> = (0..500_u32)
        .map(|number| {
            let [_, _, high, low] = number.to_be_bytes();
            let picture = RgbImage::from_fn(900, 700, |x, _| {
                Rgb([high * 90, low, u8::try_from(x / 4).unwrap()])
            });
            let mut file = Vec::new();
            encoded(JpegEncoder::new_with_quality(&mut file, 80), &picture, Vec::new());
            file.extend(number.to_be_bytes());
            file
        })
        .collect();
    let all: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let visit = Visit::with_photos(&zone, &all).await;
    for bytes in &photos {
        assert_eq!(visit.first.put(&zone, Digest::of(bytes), 0, bytes).await.status, 200);
    }
    let key = zone.running.app.shared.keys.public_key();
    let password = zone.password("inspector").to_owned();
    zone.running.stop().await;
    let folder = zone.folder;
    let shipped = Shipped::serve(&folder.path().join("data"));
    let client = reqwest::Client::new();
    let sign_in = serde_json::json!({ "username": "inspector", "password": password });
    let session = client.post(format!("{}/api/v1/session", shipped.base)).json(&sign_in);
    let session: Session = session.send().await.unwrap().json().await.unwrap();
    for bytes in &photos {
        let hash = Digest::of(bytes);
        let path = format!("{}/sync/v1/blobs/{hash}/thumbnail", shipped.base);
        let answer = client.get(path).bearer_auth(&session.access_token).send().await.unwrap();
        let (status, body) = (answer.status(), answer.bytes().await.unwrap());
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        assert!(thumbnail::open(&SoftVerifier, &key, hash, &body).is_ok());
    }
}

#[tokio::test]
async fn many_small_pictures_in_turn_are_made_without_a_failure() {
    let zone = Zone::open().await;
    let photos: Vec<Vec<u8>> = (0..40)
        .map(|seed| {
            let mut file = fixture("progressive.jpg");
            // Behind the end of a picture anything may stand.
            file.push(seed);
            file
        })
        .collect();
    let all: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let visit = Visit::with_photos(&zone, &all).await;
    for bytes in &photos {
        let hash = Digest::of(bytes);
        assert_eq!(visit.first.put(&zone, hash, 0, bytes).await.status, 200);
        let small = zone.get(&format!("/sync/v1/blobs/{hash}/thumbnail"), &visit.first.token).await;
        assert_eq!(small.status, 200, "{}", small.text());
    }
}
