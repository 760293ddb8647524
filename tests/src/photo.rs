//! Pictures of phone size: 12 megapixels, JPEG, with the grain of a real sensor.

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use sync_core::id::HazardId;

/// Width of a phone photo in pixels.
pub const WIDTH: u32 = 4000;
/// Height of a phone photo in pixels.
pub const HEIGHT: u32 = 3000;

/// What a picture shows.
#[derive(Clone, Copy, Debug)]
pub enum Scene {
    /// A passage full of boxes.
    Blocked,
    /// The same passage, clear.
    Clear,
    /// A row of extinguishers, one lying on the floor.
    Extinguishers,
    /// The same row in order.
    ExtinguishersInOrder,
    /// A signature on white.
    Signature,
}

/// Draws a scene of phone size as JPEG. The same scene and seed give the same bytes.
#[must_use]
pub fn take(scene: Scene, seed: u64) -> Vec<u8> {
    draw(scene, seed, WIDTH, HEIGHT, 82)
}

/// Draws a scene of another size and JPEG quality (1 to 100).
#[must_use]
pub fn draw(scene: Scene, seed: u64, width: u32, height: u32, quality: u8) -> Vec<u8> {
    let mut grain = Grain(seed.wrapping_mul(2) + 1);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let at = (x * 1000 / width, y * 1000 / height);
        let Rgb(base) = colour(scene, at);
        let noise = if matches!(scene, Scene::Signature) { 0 } else { grain.next() };
        Rgb(base.map(|channel| channel.saturating_add_signed(noise)))
    });
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
    // Writing to memory fails only for sizes that JPEG does not have; the limits exclude them.
    picture.write_with_encoder(encoder).map_or_else(|_| Vec::new(), |()| jpeg)
}

/// A small picture of a hazard, another one for each.
#[must_use]
pub fn of_hazard(hazard: HazardId) -> Vec<u8> {
    let [.., wide, high] = *hazard.as_bytes();
    draw(Scene::Signature, 1, 320 + u32::from(wide), 240 + u32::from(high), 80)
}

/// Colour of a point; both coordinates run from 0 to 999.
fn colour(scene: Scene, (x, y): (u32, u32)) -> Rgb<u8> {
    let inside = |left: u32, top: u32, w: u32, h: u32| {
        (left..left + w).contains(&x) && (top..top + h).contains(&y)
    };
    if matches!(scene, Scene::Signature) {
        let stroke = 500 + (x * 7 % 160).abs_diff(80) + x / 9;
        let ink = (250..750).contains(&x) && y.abs_diff(stroke) < 12;
        return if ink { Rgb([20, 24, 60]) } else { Rgb([252, 252, 250]) };
    }
    let boxes = matches!(scene, Scene::Blocked)
        && (inside(300, 520, 260, 330) || inside(520, 430, 220, 420) || inside(360, 330, 180, 190));
    if boxes {
        let seam = x % 130 < 4 || y % 105 < 4;
        return if seam { Rgb([120, 84, 44]) } else { Rgb([176, 130, 78]) };
    }
    let cylinders = matches!(scene, Scene::Extinguishers | Scene::ExtinguishersInOrder);
    if cylinders && y > 480 && y < 780 && x > 180 && x < 820 && x % 160 < 70 {
        let fallen = matches!(scene, Scene::Extinguishers) && (480..640).contains(&x);
        if !fallen {
            return if y < 520 { Rgb([30, 30, 30]) } else { Rgb([196, 28, 30]) };
        }
    }
    if matches!(scene, Scene::Extinguishers) && inside(430, 860, 260, 62) {
        return Rgb([182, 24, 28]);
    }
    if inside(60, 90, 120, 300) || inside(820, 90, 120, 300) {
        return Rgb([205, 220, 232]);
    }
    if y > 800 {
        let line = x.abs_diff(500) > 330 && x.abs_diff(500) < 350;
        return if line { Rgb([226, 190, 40]) } else { Rgb([112, 116, 112]) };
    }
    let shade = u8::try_from(y / 20).unwrap_or(0);
    Rgb([214 - shade, 216 - shade, 206 - shade])
}

/// Sensor grain from a small linear generator (Knuth's constants).
struct Grain(u64);

impl Grain {
    fn next(&mut self) -> i8 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The top four bits as -8 to 7.
        i8::try_from(self.0 >> 60).unwrap_or(0) - 8
    }
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT, Scene, WIDTH, take};

    #[test]
    fn a_picture_has_the_size_of_a_phone_photo() {
        let jpeg = take(Scene::Blocked, 1);
        let picture = image::load_from_memory(&jpeg).expect("a JPEG");
        assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
        assert!(jpeg.len() > 1_000_000, "{} bytes", jpeg.len());
    }
}
