//! Access tokens and refresh tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use ring::hmac;
use serde::{Deserialize, Serialize};
use sync_core::id::PersonId;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

/// How long an access token works.
pub const ACCESS_MS: i64 = 10 * 60_000;
/// How long a session can be renewed without a password.
pub const SESSION_MS: i64 = 90 * 24 * 3_600_000;
/// How long the token before the current one gives the current one again.
pub const GRACE_MS: i64 = 60_000;

const ISSUER: &str = "zhicha";
const AUDIENCE: &str = "zhicha-api";
const KIND: &str = "at+jwt";

/// The keys of tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    refresh: hmac::Key,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// What an access token says (RFC 9068).
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: PersonId,
    /// The family of refresh tokens that it belongs to.
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

fn not_signed_in() -> Refusal {
    Refusal::new(Code::NotSignedIn)
}

impl Tokens {
    /// Derives the keys from the server's secret.
    #[must_use]
    pub fn derive(secret: &[u8; 32]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let access = hmac::sign(&root, b"zhicha access token v1");
        let refresh = hmac::sign(&root, b"zhicha refresh token v1");
        Self {
            encoding: EncodingKey::from_secret(access.as_ref()),
            decoding: DecodingKey::from_secret(access.as_ref()),
            refresh: hmac::Key::new(hmac::HMAC_SHA256, refresh.as_ref()),
        }
    }

    /// An access token and when it ends.
    pub fn access(
        &self,
        person: PersonId,
        family: [u8; 16],
        now: Timestamp,
    ) -> Result<(String, Timestamp), Refusal> {
        let until = now.plus_millis(ACCESS_MS);
        let seconds = now.as_millis() / 1000;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: person,
            sid: URL_SAFE_NO_PAD.encode(family),
            iat: seconds,
            nbf: seconds,
            exp: until.as_millis() / 1000,
        };
        let mut header = Header::new(jsonwebtoken::Algorithm::HS256);
        header.typ = Some(KIND.to_owned());
        let token = jsonwebtoken::encode(&header, &claims, &self.encoding)
            .map_err(|_| Refusal::new(Code::KeyUnavailable))?;
        Ok((token, until))
    }

    /// Whose access token it is, and of which family. The server's own clock judges its time.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<(PersonId, [u8; 16]), Refusal> {
        let mut validation = Validation::new(jsonwebtoken::Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let read = jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation)
            .map_err(|_| not_signed_in())?;
        let seconds = now.as_millis() / 1000;
        let in_time = read.claims.nbf <= seconds && seconds < read.claims.exp;
        if in_time && read.header.typ.as_deref() == Some(KIND) {
            let family = URL_SAFE_NO_PAD.decode(&read.claims.sid).map_err(|_| not_signed_in())?;
            return Ok((read.claims.sub, family.try_into().map_err(|_| not_signed_in())?));
        }
        Err(not_signed_in())
    }

    /// The successor of a refresh token. It follows from the token, so that it can be given again
    /// without being stored.
    #[must_use]
    pub fn successor(&self, secret: &[u8]) -> Vec<u8> {
        hmac::sign(&self.refresh, secret).as_ref().to_vec()
    }
}

/// A refresh token as text: the family's name and a secret.
#[must_use]
pub fn refresh_text(family: [u8; 16], secret: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode([family.as_slice(), secret].concat())
}

/// Family and secret of a refresh token.
pub fn read_refresh(text: &str) -> Result<([u8; 16], Vec<u8>), Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| not_signed_in())?;
    let (family, secret) = bytes.split_at_checked(16).ok_or_else(not_signed_in)?;
    Ok((family.try_into().map_err(|_| not_signed_in())?, secret.to_vec()))
}
